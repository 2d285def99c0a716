import Foundation

/// What a JSON value looks like: what programs are told of an answer, read off the type that it is made from.
public indirect enum JSONShape: Sendable, Equatable {
    case text
    /// RFC 3339, UTC.
    case instant
    case choice([String])
    case integer, number, bool
    /// A value of any kind.
    case any
    case list(JSONShape)
    /// Values of one kind under names that are data.
    case map(JSONShape)
    case nullable(JSONShape)
    case object(Object)

    public struct Object: Sendable, Equatable {
        /// Under which the document keeps it; nil when it stands where it is used.
        public var name: String?
        public var fields: [Field]

        public init(_ name: String?, _ fields: [Field]) {
            self.name = name
            self.fields = fields
        }
    }

    public struct Field: Sendable, Equatable {
        public var name: String
        public var shape: JSONShape
        /// Otherwise it is left out when there is nothing to say.
        public var isAlways: Bool

        public init(_ name: String, _ shape: JSONShape, always: Bool = true) {
            self.name = name
            self.shape = shape
            self.isAlways = always
        }
    }
}

/// A type whose JSON is not what its stored properties say.
public protocol SelfDescribing {
    static var shape: JSONShape { get }
}

extension JSONShape {
    /// The shape of an answer's type. A type is asked by being decoded from nothing: the compiler's own `init(from:)` names each key
    /// and its type, and knows which may be missing. That is why answers are `Codable` although nobody reads them.
    ///
    /// - Throws: when the type cannot be decoded from nothing, such as an enum that is not `CaseIterable`.
    public static func of<Value: Decodable>(_ type: Value.Type) throws -> JSONShape {
        try look(at: type).shape
    }

    /// The shape, and a value for the decoder to go on with.
    static func look<Value: Decodable>(at type: Value.Type) throws -> (value: Value?, shape: JSONShape) {
        if let known = known(type) { return (known.value as? Value, known.shape) }
        if let described = type as? any SelfDescribing.Type { return (nil, described.shape) }
        if let choice = type as? any (CaseIterable & RawRepresentable).Type, let found = choices(choice) {
            return (found.first as? Value, .choice(found.names))
        }
        if let optional = type as? any Omissible.Type {
            return (optional.empty as? Value, .nullable(try optional.wrappedShape()))
        }
        if let map = type as? any NamedValues.Type { return (map.empty as? Value, .map(try map.valueShape())) }
        let decoder = ShapeDecoder(name(of: type))
        let value = try Value(from: decoder)
        return (value, decoder.shape)
    }

    private static func known(_ type: Any.Type) -> (value: Any, shape: JSONShape)? {
        switch type {
        case is String.Type: ("", .text)
        case is Bool.Type: (false, .bool)
        case is Double.Type: (0.0, .number)
        case is Date.Type: (Date(timeIntervalSince1970: 0), .instant)
        case is UUID.Type: (UUID(), .text)
        case let number as any FixedWidthInteger.Type: (zero(number), .integer)
        default: nil
        }
    }

    private static func zero<Number: FixedWidthInteger>(_ type: Number.Type) -> Any { Number.zero }

    private static func choices<Choice: CaseIterable & RawRepresentable>(_ type: Choice.Type) -> (first: Any, names: [String])? {
        let names = Choice.allCases.compactMap { $0.rawValue as? String }
        guard let first = Choice.allCases.first, !names.isEmpty else { return nil }
        return (first, names)
    }

    /// `FaultPhoto` for `Faults.FaultJSON.Photo`; nil for generic types, which have no name of their own.
    private static func name(of type: Any.Type) -> String? {
        let full = String(reflecting: type)
        guard !full.contains("<") else { return nil }
        let words = full.split(separator: ".").dropFirst().filter { !$0.contains("(") && !$0.contains(" ") && !$0.contains(")") }
        let name = words.filter { !$0.hasSuffix("Routes") }.map { $0.hasSuffix("JSON") ? String($0.dropLast(4)) : String($0) }
        return name.joined()
    }
}

private protocol Omissible {
    static var empty: Any { get }
    static func wrappedShape() throws -> JSONShape
}

extension Optional: Omissible where Wrapped: Decodable {
    static var empty: Any { Self.none as Any }
    static func wrappedShape() throws -> JSONShape { try JSONShape.of(Wrapped.self) }
}

/// Dictionaries with text as keys.
private protocol NamedValues {
    static var empty: Any { get }
    static func valueShape() throws -> JSONShape
}

extension Dictionary: NamedValues where Key == String, Value: Decodable {
    static var empty: Any { [String: Value]() }
    static func valueShape() throws -> JSONShape { try JSONShape.of(Value.self) }
}
