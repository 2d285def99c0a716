/// Notes what a type decodes, and hands out empty values (`JSONShape.of`).
final class ShapeDecoder: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let name: String?
    private var fields: [JSONShape.Field]?
    private var whole: JSONShape = .any
    private var mayBeMissing = false

    init(_ name: String?) {
        self.name = name
    }

    var shape: JSONShape { fields.map { .object(.init(name, $0)) } ?? whole }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        fields = fields ?? []
        return KeyedDecodingContainer(Keyed(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Listed(decoder: self) }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

    /// A value of the type to go on with.
    private func value<Value: Decodable>(_ type: Value.Type, _ note: (JSONShape) -> Void) throws -> Value {
        let (value, shape) = try JSONShape.look(at: type)
        note(shape)
        guard let value else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\(type) describes itself"))
        }
        return value
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: ShapeDecoder
        let codingPath: [any CodingKey] = []
        let allKeys: [Key] = []

        /// Asked before what may be missing is decoded, and only then.
        func contains(_ key: Key) -> Bool {
            decoder.mayBeMissing = true
            return true
        }
        func decodeNil(forKey key: Key) -> Bool { false }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            let isAlways = !decoder.mayBeMissing
            decoder.mayBeMissing = false
            return try decoder.value(type) { decoder.fields?.append(.init(key.stringValue, $0, always: isAlways)) }
        }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
            -> KeyedDecodingContainer<Nested>
        { throw Self.unexpected }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Self.unexpected }
        func superDecoder() throws -> any Decoder { throw Self.unexpected }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw Self.unexpected }

        private static var unexpected: DecodingError {
            .dataCorrupted(.init(codingPath: [], debugDescription: "Answers are made by the compiler's own coding"))
        }
    }

    /// One element, so that its shape is seen.
    private struct Listed: UnkeyedDecodingContainer {
        let decoder: ShapeDecoder
        let codingPath: [any CodingKey] = []
        let count: Int? = 1
        private(set) var currentIndex = 0
        var isAtEnd: Bool { currentIndex > 0 }

        init(decoder: ShapeDecoder) {
            self.decoder = decoder
        }

        mutating func decodeNil() -> Bool { false }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            currentIndex += 1
            return try decoder.value(type) { decoder.whole = .list($0) }
        }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
            decoder.container(keyedBy: type)
        }
        mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { Listed(decoder: decoder) }
        mutating func superDecoder() -> any Decoder { decoder }
    }

    private struct Single: SingleValueDecodingContainer {
        let decoder: ShapeDecoder
        let codingPath: [any CodingKey] = []

        func decodeNil() -> Bool { false }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try decoder.value(type) { decoder.whole = $0 }
        }
    }
}
