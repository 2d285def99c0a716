/// Reads one JSON text; nothing may follow it but white space.
struct JSONParser {
    private let bytes: [UInt8]
    private let limits: FormLimits
    private var place = 0
    private var values = 0

    init(bytes: [UInt8], limits: FormLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func text() throws(BodyError) -> JSONValue {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw .malformed("The JSON text begins with a byte order mark.") }
        let value = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw broken("Something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(BodyError) -> JSONValue {
        values += 1
        guard values <= limits.jsonValues else { throw .tooLarge("The JSON text has more than \(limits.jsonValues) values.") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(BodyError) -> JSONValue {
        try enter(depth)
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        if try closes(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw broken("A name is expected") }
            let name = try string()
            guard names.insert(name).inserted else { throw broken("A name is given twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw broken("A colon is expected") }
            members.append(.init(name: name, value: try value(depth: depth)))
        } while try continues(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func array(depth: Int) throws(BodyError) -> JSONValue {
        try enter(depth)
        var items: [JSONValue] = []
        if try closes(UInt8(ascii: "]")) { return .array([]) }
        repeat { items.append(try value(depth: depth)) } while try continues(UInt8(ascii: "]"))
        return .array(items)
    }

    private mutating func enter(_ depth: Int) throws(BodyError) {
        guard depth <= limits.jsonDepth else { throw .malformed("The JSON text has more than \(limits.jsonDepth) levels.") }
        place += 1
    }

    private mutating func closes(_ bracket: UInt8) throws(BodyError) -> Bool {
        skipSpace()
        return take(bracket)
    }

    private mutating func continues(_ bracket: UInt8) throws(BodyError) -> Bool {
        skipSpace()
        if take(UInt8(ascii: ",")) { return true }
        guard take(bracket) else { throw broken("A comma or the end is expected") }
        return false
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(BodyError) -> JSONValue {
        let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[place...].starts(with: wanted) else { throw broken("A value is expected") }
        place += wanted.count
        return value
    }

    /// RFC 8259, section 6: no plus sign, no leading zero, no lone dot.
    private mutating func number() throws(BodyError) -> String {
        let start = place
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        guard place - start <= 64 else { throw broken("A number has more than 64 digits") }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() throws(BodyError) {
        let start = place
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { place += 1 }
        guard place > start else { throw broken("A value is expected") }
    }

    private mutating func string() throws(BodyError) -> String {
        place += 1
        var out: [UInt8] = []
        while true {
            let start = place
            while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
            out.append(contentsOf: bytes[start..<place])
            if take(UInt8(ascii: "\"")) { break }
            guard take(UInt8(ascii: "\\")) else { throw broken("A string does not end") }
            try escape(into: &out)
        }
        guard let text = String(validating: out, as: UTF8.self) else { throw broken("A string is not valid UTF-8") }
        guard !out.contains(0) else { throw broken("A string has a NUL character") }
        return text
    }

    private mutating func escape(into out: inout [UInt8]) throws(BodyError) {
        guard let byte = current else { throw broken("A string does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"): out.append(contentsOf: String(try scalar()).utf8)
        default: throw broken("An escape is not known")
        }
    }

    /// After `\u`. Surrogates come in pairs; one alone is no character.
    private mutating func scalar() throws(BodyError) -> Character {
        let first = try fourDigits()
        var code = UInt32(first)
        if (0xD800...0xDBFF).contains(first) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw broken("A surrogate stands alone") }
            let second = try fourDigits()
            guard (0xDC00...0xDFFF).contains(second) else { throw broken("A surrogate stands alone") }
            code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw broken("A surrogate stands alone") }
        return Character(scalar)
    }

    private mutating func fourDigits() throws(BodyError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = current.flatMap(hexDigit) else { throw broken("An escape is not known") }
            code = code << 4 | UInt16(digit)
            place += 1
        }
        return code
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private func broken(_ what: String) -> BodyError {
        .malformed("The JSON text is broken at byte \(place): \(what).")
    }
}
