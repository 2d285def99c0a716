import NIOCore

extension ByteBuffer {
    /// Writes text so that it means itself in element text and in quoted attribute values: `& < > " '` as references,
    /// control characters (which HTML forbids and which hide things in logs and terminals) as U+FFFD.
    mutating func writeEscaped(_ value: some StringProtocol) {
        let written: Void? = value.utf8.withContiguousStorageIfAvailable { writeEscaped($0) }
        if written == nil { writeEscaped(contiguous: String(value)) }
    }

    private mutating func writeEscaped(contiguous value: String) {
        var value = value
        value.withUTF8 { writeEscaped($0) }
    }

    /// Copies the runs between special bytes whole; most values hold none and are one copy.
    private mutating func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var copied = 0
        var index = 0
        while index < bytes.count {
            guard Escaping.mayNeedEscape(bytes[index]) else {
                index &+= 1
                continue
            }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            guard let escape = Escaping.escape(bytes[index], next) else {
                index &+= 1
                continue
            }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[copied..<index]))
            writeStaticString(escape.text)
            index += escape.length
            copied = index
        }
        writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[copied...]))
    }

    mutating func writeDecimal(_ value: Int64) {
        guard value < 0 || value > 9 else {
            writeInteger(UInt8(truncatingIfNeeded: 48 &+ value))
            return
        }
        writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
            var rest = value.magnitude
            var length = value < 0 ? 1 : 0
            repeat {
                length += 1
                rest /= 10
            } while rest > 0
            rest = value.magnitude
            var index = length
            repeat {
                index -= 1
                target[index] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 { target[0] = UInt8(ascii: "-") }
            return length
        }
    }
}

enum Escaping {
    /// One bit per byte below 64 that may need an escape: control characters except tab, line feed, form feed and carriage
    /// return; `"` 34, `&` 38, `'` 39, `<` 60, `>` 62.
    private static let special: UInt64 =
        0xFFFF_FFFF & ~(1 << 9 | 1 << 10 | 1 << 12 | 1 << 13) | 1 << 34 | 1 << 38 | 1 << 39 | 1 << 60 | 1 << 62

    @inline(__always)
    static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 64 ? (special >> UInt64(byte)) & 1 != 0 : byte == 0x7F || byte == 0xC2
    }

    /// What stands for these bytes, and how many of them it replaces; nil when they stand for themselves.
    static func escape(_ byte: UInt8, _ next: UInt8) -> (text: StaticString, length: Int)? {
        switch byte {
        case UInt8(ascii: "&"): ("&amp;", 1)
        case UInt8(ascii: "<"): ("&lt;", 1)
        case UInt8(ascii: ">"): ("&gt;", 1)
        case UInt8(ascii: "\""): ("&#34;", 1)
        case UInt8(ascii: "'"): ("&#39;", 1)
        // U+0080…U+009F are two bytes that begin with C2; the rest of that block (° § « …) is ordinary text.
        case 0xC2: (0x80...0x9F).contains(next) ? ("\u{FFFD}", 2) : nil
        default: ("\u{FFFD}", 1)
        }
    }
}
