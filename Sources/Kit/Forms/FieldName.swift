/// Names in one form: `unitId` → `unit_id`, `lines[0][unitPrice]` → `lines.0.unit_price`, `tags[]` → `tags`.
enum FieldName {
    /// - Throws: ``BodyError`` when the name is empty, too long, too deep or has brackets out of order.
    static func canonical(_ raw: some StringProtocol, _ limits: FormLimits) throws(BodyError) -> String {
        guard raw.utf8.count <= limits.key else { throw .tooLarge("A field name is longer than \(limits.key) bytes.") }
        var out: [UInt8] = []
        out.reserveCapacity(raw.utf8.count + 4)
        var inBrackets = false
        for byte in raw.utf8 {
            switch byte {
            case UInt8(ascii: "["):
                guard !inBrackets, !out.isEmpty else { throw .malformed("A field name has brackets out of order.") }
                inBrackets = true
                out.append(UInt8(ascii: "."))
            case UInt8(ascii: "]"):
                guard inBrackets else { throw .malformed("A field name has brackets out of order.") }
                inBrackets = false
                if out.last == UInt8(ascii: ".") { out.removeLast() }
            case 0..<0x20, 0x7F:
                throw .malformed("A field name has a control character.")
            default:
                appendSnake(byte, to: &out)
            }
        }
        guard !inBrackets, !out.isEmpty else { throw .malformed("A field name is empty or has brackets out of order.") }
        let depth = out.count { $0 == UInt8(ascii: ".") } + 1
        guard depth <= limits.keyDepth else { throw .malformed("A field name has more than \(limits.keyDepth) levels.") }
        return String(decoding: out, as: UTF8.self)
    }

    /// `tooLong` → `too_long`.
    static func snake(_ name: String) -> String {
        var out: [UInt8] = []
        for byte in name.utf8 { appendSnake(byte, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// `unit_id` → `unitId`, for answers to programs.
    static func camel(_ name: String) -> String {
        var out = ""
        var upper = false
        for character in name {
            if character == "_", !out.isEmpty {
                upper = true
            } else {
                out += upper ? character.uppercased() : String(character)
                upper = false
            }
        }
        return out
    }

    private static func appendSnake(_ byte: UInt8, to out: inout [UInt8]) {
        guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else { return out.append(byte) }
        if let last = out.last, last != UInt8(ascii: "."), last != UInt8(ascii: "_") { out.append(UInt8(ascii: "_")) }
        out.append(byte | 0x20)
    }
}
