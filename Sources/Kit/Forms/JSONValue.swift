/// A JSON text (RFC 8259), read strictly. Numbers stay text until somebody asks for them, so that 1e400 or 2^63 is an error of
/// the field and never a trap or a silent infinity. Objects keep their order and never have a name twice.
public indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: JSONValue
    }

    /// - Throws: ``BodyError/malformed(_:)`` with the byte where reading stopped, or ``BodyError/tooLarge(_:)``.
    public init(parsing bytes: [UInt8], limits: FormLimits = FormLimits()) throws(BodyError) {
        guard bytes.count <= limits.json else { throw .tooLarge("The JSON text is larger than \(limits.json) bytes.") }
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.text()
    }

    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number when it is whole and fits, as in `5`; not `5.0`, not `1e3`.
    public var int: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }
}
