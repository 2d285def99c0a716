/// One value of a YAML file that passed `YAMLReader`: no anchors, no tags, no duplicate keys, at most 32 levels.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// `plain` is false for quoted and block scalars, which are always text.
        case scalar(String, plain: Bool)
        case list([YAMLNode])
        case mapping([YAMLEntry])
    }

    let position: Position
    /// Behind its last character; for editing the text in place.
    let end: Position
    let content: Content
    /// Written as `{a: b}` or `[a, b]`, not line by line.
    var isFlow = false

    var entries: [YAMLEntry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

    /// What a person would call this kind of value in an error message.
    var kind: String {
        switch content {
        case .scalar(let text, _): text.isEmpty ? "nothing" : quoted(text)
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension YAMLNode.Content {
    /// Where the last value in it ends.
    var lastEnd: Position? {
        switch self {
        case .scalar: nil
        case .list(let items): items.last?.end
        case .mapping(let entries): entries.last?.value.end
        }
    }
}

struct YAMLEntry: Sendable {
    let key: String
    let position: Position
    let value: YAMLNode
}
