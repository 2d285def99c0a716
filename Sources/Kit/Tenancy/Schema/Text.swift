extension Schema where Value == String {
    /// One line of text, `length` in characters.
    public static func text(_ length: ClosedRange<Int> = 1...200) -> Schema {
        Schema(
            json: { _ in
                .object([
                    "type": .string("string"), "minLength": .integer(length.lowerBound), "maxLength": .integer(length.upperBound)
                ])
            },
            print: { .string($0) }
        ) { node, reading in
            guard let text = reading.text(node) else { return nil }
            guard length.contains(text.unicodeScalars.count) else {
                reading.refuse(
                    "must have \(length.lowerBound) to \(length.upperBound) characters, has \(text.unicodeScalars.count)",
                    at: node.position)
                return nil
            }
            return text
        }
    }

    /// Text of a known form, e.g. `.formatted(.key)`.
    public static func formatted(_ format: TextFormat) -> Schema {
        Schema(
            json: { _ in .object(["type": .string("string"), "pattern": .string(format.pattern)]) }, print: { .string($0) }
        ) { node, reading in
            guard let text = reading.text(node) else { return nil }
            if format.matches(text) { return text }
            reading.refuse("\(quoted(text)) is not \(format.description)", at: node.position)
            return nil
        }
    }

    /// One word of a closed list.
    public static func choice(_ allowed: [String]) -> Schema { choice { _ in allowed } }

    /// A key of this tenant's `roles:`.
    public static var role: Schema {
        Schema(json: { _ in .object(["type": .string("string"), "pattern": .string(TextFormat.key.pattern)]) }) { node, reading in
            guard let text = reading.text(node) else { return nil }
            if reading.roles.contains(text) { return text }
            reading.refuse(text, notIn: reading.roles, "is not one of this tenant's roles", at: node.position)
            return nil
        }
    }

    /// One of the server's permissions.
    public static var permission: Schema { choice(\.permissions) }

    static func choice(_ allowed: @escaping @Sendable (Vocabulary) -> [String]) -> Schema {
        Schema(json: { .object(["enum": .strings(allowed($0))]) }, print: { .string($0) }) { node, reading in
            guard let text = reading.text(node) else { return nil }
            let words = allowed(reading.vocabulary)
            if words.contains(text) { return text }
            reading.refuse(text, notIn: words, at: node.position)
            return nil
        }
    }
}

extension Schema where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One case of an enum, by its raw value.
    public static func choice(of type: Value.Type = Value.self) -> Schema {
        let words = type.allCases.map(\.rawValue)
        return Schema(json: { _ in .object(["enum": .strings(words)]) }, print: { .string($0.rawValue) }) { node, reading in
            guard let text = Schema<String>.choice(words).read(node, &reading) else { return nil }
            return Value(rawValue: text)
        }
    }
}

extension Reading {
    /// The scalar as text. A plain scalar that other YAML readers take for a number, a switch or nothing must be quoted: then
    /// the file means the same to an editor, to YAML 1.1 and to us.
    mutating func text(_ node: YAMLNode) -> String? {
        guard case .scalar(let text, let plain) = node.content else {
            refuse("must be text, not \(node.kind)", at: node.position)
            return nil
        }
        if plain, text.isEmpty {
            refuse("has no value", at: node.position)
        } else if plain, isAmbiguous(text) {
            refuse(
                "must be text, and \(printable(text)) can be read as something else: write \"\(printable(text))\" in quotes",
                at: node.position)
        } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            refuse("must be one line without control characters", at: node.position)
        } else if text.hasPrefix(" ") || text.hasSuffix(" ") {
            refuse("must not begin or end with a space", at: node.position)
        } else {
            return text
        }
        return nil
    }
}

private let ambiguousWords: Set<String> = [
    "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", "+.inf", ".nan"
]

func isAmbiguous(_ text: String) -> Bool {
    if ambiguousWords.contains(text.lowercased()) { return true }
    guard let first = text.utf8.first, isDigit(first) || [0x2B, 0x2D, 0x2E].contains(first) else { return false }
    let bare = text.filter { $0 != "_" }
    return Double(bare) != nil || bare.hasPrefix("0o") || bare.hasPrefix("0b")
}
