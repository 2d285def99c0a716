/// A header value with parameters: `form-data; name="photo"; filename*=UTF-8''k%C3%BCche.jpg`.
struct HeaderParameters {
    /// Lower case.
    let value: String
    /// Names in lower case.
    private(set) var parameters: [String: String] = [:]

    /// Nil when the value is not well-formed or a parameter is given twice.
    init?(_ text: some StringProtocol) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let value = scanner.upToSemicolon(), !value.isEmpty else { return nil }
        self.value = value.lowercased()
        while scanner.skipSemicolon() {
            guard let name = scanner.token()?.lowercased() else {
                if scanner.isAtEnd { break }  // a semicolon at the end says nothing
                return nil
            }
            guard scanner.skipEquals(), let value = scanner.quotedOrToken(), parameters[name] == nil else { return nil }
            parameters[name] = value
        }
        guard scanner.isAtEnd else { return nil }
    }

    /// A parameter that may be given in the extended notation of RFC 8187, which wins.
    func extended(_ name: String) -> String? {
        if let encoded = parameters[name + "*"], let decoded = Self.decodeExtended(encoded) { return decoded }
        return parameters[name]
    }

    private static func decodeExtended(_ text: String) -> String? {
        let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let encoding = pieces.first, encoding.lowercased() == "utf-8", let last = pieces.last else {
            return nil
        }
        return percentDecoded(last)
    }

    static func percentDecoded(_ text: some StringProtocol) -> String? {
        var out: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else { return nil }
            out.append(high << 4 | low)
        }
        return String(validating: out, as: UTF8.self)
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place >= bytes.count }
    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func upToSemicolon() -> String? {
        skipBlanks()
        let start = place
        while let byte = current, byte != UInt8(ascii: ";") { place += byte == 0 ? bytes.count : 1 }
        var end = min(place, bytes.count)
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return String(validating: bytes[start..<end], as: UTF8.self)
    }

    mutating func skipSemicolon() -> Bool { skip(UInt8(ascii: ";")) }
    mutating func skipEquals() -> Bool { skip(UInt8(ascii: "=")) }

    mutating func token() -> String? {
        skipBlanks()
        let start = place
        while let byte = current, Self.isToken(byte) { place += 1 }
        return place > start ? String(decoding: bytes[start..<place], as: UTF8.self) : nil
    }

    mutating func quotedOrToken() -> String? {
        skipBlanks()
        guard current == UInt8(ascii: "\"") else { return token() }
        place += 1
        var out: [UInt8] = []
        while let byte = current {
            place += 1
            if byte == UInt8(ascii: "\"") {
                skipBlanks()
                return String(validating: out, as: UTF8.self)
            }
            // Browsers write %22 for a quote; other programs escape it with a backslash. A lone backslash is itself.
            if byte == UInt8(ascii: "\\"), let next = current, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                out.append(next)
                place += 1
            } else {
                out.append(byte)
            }
        }
        return nil
    }

    private mutating func skip(_ wanted: UInt8) -> Bool {
        skipBlanks()
        guard current == wanted else { return false }
        place += 1
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 { place += 1 }
    }

    /// RFC 9110: tchar.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
