enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// RFC 3986's unreserved characters stay; every other byte becomes `%XX`.
    static func encode(_ value: some StringProtocol) -> String {
        encode(value) { isUnreserved($0) }
    }

    /// For text that is already an address: its delimiters and escapes stay, what must not stand in one is encoded.
    static func encodeIllegal(_ value: some StringProtocol) -> String {
        encode(value) { isUnreserved($0) || isDelimiter($0) }
    }

    private static func encode(_ value: some StringProtocol, keeping keep: (UInt8) -> Bool) -> String {
        if value.utf8.allSatisfy(keep) { return String(value) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count + 32)
        for byte in value.utf8 {
            if keep(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// What gives an address its shape, and `%`: `/?#&=%:@!$'()*+,;[]`.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    /// Whether every `%` begins a complete escape and none of them hides a control character (`%0d%0a`, `%00`).
    static func escapesAreHarmless(_ value: some StringProtocol) -> Bool {
        var bytes = value.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else { continue }
            guard let high = bytes.next().flatMap(hexValue), let low = bytes.next().flatMap(hexValue) else { return false }
            let decoded = high << 4 | low
            if decoded < 0x20 || decoded == 0x7F { return false }
        }
        return true
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
