/// Names in one form: `unitId` → `unit_id`, `lines[0][unitPrice]` → `lines.0.unit_price`, `tags[]` → `tags`.
enum FieldName {
    /// - Throws: ``BodyError`` when the name is empty, too long, too deep or has brackets out of order.
    static func canonical(_ raw: some StringProtocol, _ limits: FormLimits) throws(BodyError) -> String {
        guard raw.utf8.count <= limits.key else { throw .malformed("A field name is longer than \(limits.key) bytes.") }
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
                out.append(byte)
            }
        }
        guard !inBrackets, !out.isEmpty else { throw .malformed("A field name is empty or has brackets out of order.") }
        let depth = out.count { $0 == UInt8(ascii: ".") } + 1
        guard depth <= limits.keyDepth else { throw .malformed("A field name has more than \(limits.keyDepth) levels.") }
        return String(decoding: snake(out), as: UTF8.self)
    }

    /// `tooLong` → `too_long`.
    static func snake(_ name: String) -> String {
        String(decoding: snake(Array(name.utf8)), as: UTF8.self)
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

    /// A capital begins a word after a small letter and before one: `notANumber`, `buildingID`, `IBANNumber`.
    private static func snake(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: isCapital) else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 8)
        for (place, byte) in bytes.enumerated() {
            guard isCapital(byte) else {
                out.append(byte)
                continue
            }
            let before = place > 0 ? bytes[place - 1] : 0
            let after = place + 1 < bytes.count ? bytes[place + 1] : 0
            if isSmall(before) || (isCapital(before) && isSmall(after)) { out.append(UInt8(ascii: "_")) }
            out.append(byte | 0x20)
        }
        return out
    }

    private static func isCapital(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }

    private static func isSmall(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
}
