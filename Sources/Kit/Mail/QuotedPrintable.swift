import Foundation

/// Text as lines of at most 76 ASCII characters (RFC 2045 §6.7).
enum QuotedPrintable {
    static func encode(_ text: String) -> String {
        let unified = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return unified.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\r\n")
    }

    private static func line(_ text: Substring) -> String {
        var out = ""
        var width = 0
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isSpace = byte == 0x20 || byte == 0x09
            let isPlain = (byte >= 0x21 && byte <= 0x7E && byte != UInt8(ascii: "=")) || (isSpace && !isLast)
            let piece = isPlain ? String(UnicodeScalar(byte)) : "=" + hex(byte)
            if width + piece.utf8.count > 75 {
                out += "=\r\n"
                width = 0
            }
            out += piece
            width += piece.utf8.count
        }
        return out
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }

    /// What `encode` made, back as text; for the page that shows mails during development.
    static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
