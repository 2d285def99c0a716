import Foundation

/// Text in the header of a mail: one line whatever it held, and ASCII (RFC 2047).
enum HeaderText {
    /// Without controls: CR, LF and NUL never reach a header (T32). At most 250 characters.
    static func line(_ text: String) -> String {
        var line = ""
        var lastWasSpace = true
        for scalar in text.unicodeScalars.prefix(1_000) {
            let isSpace =
                scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .lineSeparator
            if isSpace, lastWasSpace { continue }
            line.unicodeScalars.append(isSpace ? " " : scalar)
            lastWasSpace = isSpace
        }
        return String(line.trimmingCharacters(in: .whitespaces).prefix(250))
    }

    /// A subject: as it is when it is short ASCII, otherwise in encoded words.
    static func unstructured(_ text: String) -> String {
        let line = line(text)
        let isPlain = line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && line.utf8.count <= 65 && !line.contains("=?")
        return isPlain ? line : encodedWords(line)
    }

    /// `"Lindenhof, Verwaltung" <notices@example.com>`; the address must have passed `MailAddress`.
    static func mailbox(_ name: String, _ address: MailAddress) -> String {
        let line = line(name)
        guard !line.isEmpty else { return address.text }
        let isPlain = line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && line.utf8.count <= 60 && !line.contains("=?")
        let quoted = "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        return (isPlain ? quoted : encodedWords(line)) + "\r\n <\(address.text)>"
    }

    /// `=?UTF-8?B?…?=`, each at most 75 characters and of whole characters, folded.
    private static func encodedWords(_ line: String) -> String {
        var words: [String] = []
        var chunk: [UInt8] = []
        func flush() {
            if !chunk.isEmpty { words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=") }
            chunk = []
        }
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunk.count + bytes.count > 42 { flush() }
            chunk += bytes
        }
        flush()
        return words.joined(separator: "\r\n ")
    }
}

/// An address that may stand in a header and in SMTP's envelope.
public struct MailAddress: Sendable, Hashable {
    public let text: String

    /// nil for anything that could be more than one address: white space, controls, brackets, separators, and what is not ASCII.
    public init?(_ text: String) {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard (3...254).contains(text.utf8.count), halves.count == 2, halves.allSatisfy({ !$0.isEmpty }), !text.hasPrefix("-"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.separators.contains($0) })
        else { return nil }
        self.text = text
    }

    private static let separators = Set("<>()[],;:\\\"".utf8)
}
