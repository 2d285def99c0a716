/// One key of a mapping: its name, what may stand there, whether it must, and what it is for.
public struct Setting<Value: Sendable>: Sendable {
    let name: String
    let isRequired: Bool
    let json: @Sendable (Vocabulary) -> JSON
    /// Nil after a problem. The second argument is the place of the mapping, for keys that are missing.
    let read: @Sendable (YAMLNode, inout Reading) -> Value?

    /// The key must be there.
    public static func required(_ name: String, _ schema: Schema<Value>, _ description: String? = nil) -> Setting {
        Setting(name: name, isRequired: true, json: described(schema.json, description)) { mapping, reading in
            reading.at(name) { reading in
                if let node = mapping[name] { return schema.read(node, &reading) }
                reading.refuse("is missing", at: mapping.position)
                return nil
            }
        }
    }

    /// Nil when the key is not there.
    public static func optional<Inner: Sendable>(
        _ name: String, _ schema: Schema<Inner>, _ description: String? = nil
    ) -> Setting where Value == Inner? {
        Setting(name: name, isRequired: false, json: described(schema.json, description)) { mapping, reading in
            guard let node = mapping[name] else { return .some(nil) }
            guard let value = reading.at(name, { schema.read(node, &$0) }) else { return nil }
            return .some(value)
        }
    }

    /// `value` when the key is not there; printed as the schema's default where it is short.
    public static func optional(
        _ name: String, _ schema: Schema<Value>, default value: Value, _ description: String? = nil
    ) -> Setting {
        let json = described(schema.json, description)
        return Setting(name: name, isRequired: false, json: { json($0).adding("default", schema.print(value)) }) {
            mapping, reading in
            guard let node = mapping[name] else { return value }
            return reading.at(name) { schema.read(node, &$0) }
        }
    }

    private static func described(
        _ json: @escaping @Sendable (Vocabulary) -> JSON, _ description: String?
    ) -> @Sendable (Vocabulary) -> JSON {
        { json($0).adding("description", description.map { .string($0) }) }
    }
}
