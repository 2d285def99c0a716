/// One SQL statement with its bind values.
///
///     let sql: SQL = "select title from app.fault where tenant_id = \(tenant) and id = \(id)"
///
/// `\(value)` always becomes a bind (`$1`, `$2`, …), `\(SQL)` embeds a fragment together with its binds. The text itself can only
/// come from literals in the source: literals are `StaticString`, so a `String` made at run time does not compile here.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The statement as Postgres sees it, with `$n` for the n-th bind.
    public internal(set) var text: String
    var binds: Binds

    public init(stringLiteral value: StaticString) {
        text = value.description
        binds = Binds()
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        binds = stringInterpolation.binds
    }

    init(text: String, binds: Binds = Binds()) {
        self.text = text
        self.binds = binds
    }

    /// A fragment that adds nothing.
    public static let empty: SQL = ""

    /// Whether the fragment adds nothing.
    public var isEmpty: Bool { text.isEmpty }

    /// How many values are bound.
    public var bindCount: Int { binds.count }

    public struct StringInterpolation: StringInterpolationProtocol {
        public typealias StringLiteralType = StaticString
        var text = ""
        var binds = Binds()

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            binds.reserve(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text.append(contentsOf: String(decoding: $0, as: UTF8.self)) }
        }

        /// Binds a value.
        public mutating func appendInterpolation<V: SQLBindable>(_ value: V) { bind(value) }

        /// Binds a value, or NULL for nil.
        public mutating func appendInterpolation<V: SQLBindable>(_ value: V?) { bind(value) }

        private mutating func bind(_ value: some SQLBindable) {
            binds.append(value)
            text.append("$")
            text.append(binds.count < Self.digits.count ? Self.digits[binds.count] : String(binds.count))
        }

        /// Embeds a fragment; its binds are numbered on.
        public mutating func appendInterpolation(_ fragment: SQL) {
            text.append(fragment.renumbered(from: binds.count))
            binds.append(contentsOf: fragment.binds)
        }

        private static let digits = (0...64).map(String.init)
    }
}

extension SQL {
    public static func + (left: SQL, right: SQL) -> SQL { "\(left)\(right)" }

    /// The text with every `$n` raised by `offset`. Only interpolation writes placeholders, but a literal may hold a dollar sign
    /// inside quotes, so quoted text is passed over.
    func renumbered(from offset: Int) -> String {
        guard offset > 0, !binds.isEmpty else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + binds.count)
        var number: Int?
        var quote: UInt8?
        func flush() {
            if let open = number { result.append(contentsOf: String(open + offset).utf8) }
            number = nil
        }
        for byte in text.utf8 {
            if let open = number, byte >= 0x30, byte <= 0x39 {
                number = open * 10 + Int(byte - 0x30)
                continue
            }
            flush()
            result.append(byte)
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "$") {
                number = 0
            }
        }
        flush()
        return String(decoding: result, as: UTF8.self)
    }
}

extension Sequence where Element == SQL {
    /// The fragments in order with a separator between them: `filters.joined(separator: " and ")`.
    public func joined(separator: SQL = "") -> SQL {
        var result = SQL.empty
        for (index, fragment) in enumerated() {
            result = index == 0 ? fragment : "\(result)\(separator)\(fragment)"
        }
        return result
    }
}
