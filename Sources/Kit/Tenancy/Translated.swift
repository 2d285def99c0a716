/// A text in each of the tenant's locales.
public struct Translated: Sendable, Hashable {
    private let texts: [String: String]
    private let fallback: String

    init(texts: [String: String], first locale: String) {
        self.texts = texts
        fallback = texts[locale] ?? texts.min { $0.key < $1.key }?.value ?? ""
    }

    /// The text in `language`, or in the tenant's first locale where it does not exist.
    public subscript(language: String) -> String { texts[language] ?? fallback }
}

extension Schema where Value == Translated {
    /// A mapping of language to text with one entry for each of the tenant's locales: `{en: Plumbing, de: Sanitär}`.
    public static func translated(_ length: ClosedRange<Int> = 1...200) -> Schema {
        let text = Schema<String>.text(length)
        return Schema(json: { vocabulary in
            let properties = vocabulary.languages.map { JSON.Member(key: $0, value: text.json(vocabulary)) }
            return .object([
                "type": .string("object"), "properties": .object(properties), "minProperties": .integer(1),
                "additionalProperties": .bool(false), "$comment": .string("one entry for each of the tenant's locales")
            ])
        }) { node, reading in
            guard let entries = reading.mapping(node) else { return nil }
            reading.refuseUnknown(entries, known: reading.vocabulary.languages)
            for locale in reading.locales where node[locale] == nil {
                reading.at(locale) { $0.refuse("is missing: locales lists \(quoted(locale))", at: node.position) }
            }
            var texts: [String: String] = [:]
            for entry in entries {
                reading.at(entry.key) { texts[entry.key] = text.read(entry.value, &$0) }
            }
            return Translated(texts: texts, first: reading.locales.first ?? "")
        }
    }
}
