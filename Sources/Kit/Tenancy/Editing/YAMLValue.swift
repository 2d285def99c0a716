/// A value as a form writes it into a company's file.
public indirect enum YAMLValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    /// In plain digits, as `0.12`.
    case number(String)
    case toggle(Bool)
    case list([YAMLValue])
    case mapping([Entry])

    public struct Entry: Sendable, Equatable {
        let key: String
        let value: YAMLValue
    }

    public static func texts(_ texts: [String]) -> YAMLValue { .list(texts.map { .text($0) }) }

    /// In the order that is given; what is nil is left out.
    public static func keyed(_ pairs: KeyValuePairs<String, YAMLValue?>) -> YAMLValue {
        .mapping(pairs.compactMap { pair in pair.value.map { Entry(key: pair.key, value: $0) } })
    }

    public static func keyed(_ pairs: [(String, YAMLValue)]) -> YAMLValue {
        .mapping(pairs.map { Entry(key: $0.0, value: $0.1) })
    }

    /// On one line: `{de: Sanitär, en: Plumbing}`.
    var flow: String {
        switch self {
        case .text(let text): Self.quotedWhereNeeded(text)
        case .integer(let value): String(value)
        case .number(let digits): digits
        case .toggle(let isOn): isOn ? "true" : "false"
        case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let entries): "{" + entries.map(\.line).joined(separator: ", ") + "}"
        }
    }

    /// What follows `key:`, as the files are written by hand: a mapping with structure inside gets lines of its own.
    func block(indent: Int) -> String {
        guard case .mapping(let entries) = self, entries.contains(where: \.value.isStructured) else { return " " + flow }
        let margin = String(repeating: " ", count: indent)
        return entries.map { "\n" + margin + Self.quotedWhereNeeded($0.key) + ":" + $0.value.block(indent: indent + 2) }.joined()
    }

    private var isStructured: Bool {
        switch self {
        case .mapping, .list: true
        default: false
        }
    }

    /// Quotes are for what YAML, or another reader of it, would take for something else.
    static func quotedWhereNeeded(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.first.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) } == true
            && text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "0123456789 _-.+/@:%".unicodeScalars.contains($0) }
            && !text.contains(": ") && !text.hasSuffix(":") && !text.hasSuffix(" ") && !isAmbiguous(text)
        if isPlain { return text }
        return "\""
            + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            .replacing("\t", with: "\\t") + "\""
    }
}

extension YAMLValue.Entry {
    fileprivate var line: String { YAMLValue.quotedWhereNeeded(key) + ": " + value.flow }
}
