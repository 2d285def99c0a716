extension Schema {
    /// A mapping with exactly these keys. Keys that are not listed are refused, with the near miss.
    ///
    /// `make` gets the values in the order of the settings; a memberwise initialiser fits:
    /// `.object(.required("title", .text()), .optional("hours", .integer(1...72)), make: Deadline.init)`.
    public static func object<each Part: Sendable>(
        _ settings: repeat Setting<each Part>, make: @escaping @Sendable (repeat each Part) -> Value
    ) -> Schema {
        let shape = Shape(repeat each settings, make: make)
        return Schema(json: { shape.json($0) }) { node, reading in
            guard let entries = reading.mapping(node) else { return nil }
            reading.refuseUnknown(entries, known: shape.names)
            return shape.read(node, &reading)
        }
    }

    /// A mapping whose key `tag` says which other keys there are: `{rule: member, email: …}` or `{rule: manual}`.
    public static func variant(_ tag: String, _ cases: VariantCase<Value>...) -> Schema {
        let words = cases.map(\.word)
        return Schema(json: { vocabulary in .object(["oneOf": .array(cases.map { $0.json(tag, vocabulary) })]) }) {
            node, reading in
            guard let entries = reading.mapping(node) else { return nil }
            guard let choice = reading.at(tag, { tagged(node, tag, words, &$0) }),
                let match = cases.first(where: { $0.word == choice })
            else { return nil }
            reading.refuseUnknown(entries, known: [tag] + match.shape.names)
            return match.shape.read(node, &reading)
        }
    }
}

/// One case of `.variant`, usually one case of an enum.
public struct VariantCase<Value: Sendable>: Sendable {
    let word: String
    let shape: Shape<Value>

    /// When the tag says `word`, these settings stand beside it.
    public static func when<each Part: Sendable>(
        _ word: String, _ settings: repeat Setting<each Part>, make: @escaping @Sendable (repeat each Part) -> Value
    ) -> VariantCase {
        VariantCase(word: word, shape: Shape(repeat each settings, make: make))
    }

    func json(_ tag: String, _ vocabulary: Vocabulary) -> JSON {
        shape.json(vocabulary, tag: JSON.Member(key: tag, value: .object(["const": .string(word)])))
    }
}

/// The keys of one mapping, without the question what else may stand there.
struct Shape<Value: Sendable>: Sendable {
    let names: [String]
    let required: [String]
    let properties: @Sendable (Vocabulary) -> [JSON.Member]
    let read: @Sendable (YAMLNode, inout Reading) -> Value?

    init<each Part: Sendable>(
        _ settings: repeat Setting<each Part>, make: @escaping @Sendable (repeat each Part) -> Value
    ) {
        var names: [String] = []
        var required: [String] = []
        for setting in repeat each settings {
            names.append(setting.name)
            if setting.isRequired { required.append(setting.name) }
        }
        self.names = names
        self.required = required
        properties = { vocabulary in
            var members: [JSON.Member] = []
            for setting in repeat each settings { members.append(.init(key: setting.name, value: setting.json(vocabulary))) }
            return members
        }
        read = { node, reading in
            let values = (repeat (each settings).read(node, &reading))  // all are read before any decides
            return try? make(repeat given(each values))
        }
    }

    func json(_ vocabulary: Vocabulary, tag: JSON.Member? = nil) -> JSON {
        let members = (tag.map { [$0] } ?? []) + properties(vocabulary)
        let needed = (tag.map { [$0.key] } ?? []) + required
        return .object([
            "type": .string("object"), "properties": .object(members), "required": needed.isEmpty ? nil : .strings(needed),
            "additionalProperties": .bool(false)
        ])
    }
}

extension Reading {
    mutating func refuseUnknown(_ entries: [YAMLEntry], known: [String]) {
        for entry in entries where !known.contains(entry.key) {
            at(entry.key) { reading in
                if Secrets.namesSecret(entry.key) {
                    reading.refuse(Secrets.refusal, at: entry.position)
                } else {
                    reading.refuse(entry.key, notIn: known, "is not a known key", at: entry.position)
                }
            }
        }
    }
}

private struct Refused: Error {}

private func given<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Refused() }
    return value
}

private func tagged(_ node: YAMLNode, _ tag: String, _ words: [String], _ reading: inout Reading) -> String? {
    if let value = node[tag] { return Schema<String>.choice(words).read(value, &reading) }
    reading.refuse("is missing. Allowed: \(words.joined(separator: ", "))", at: node.position)
    return nil
}
