/// Changes single values in the text of a `tenant.yaml` and leaves everything else as somebody wrote it: order, comments, blank
/// lines. The text stays the only truth; after every change it is read anew.
public struct YAMLEditor: Sendable {
    /// The file cannot be changed at that place without writing it anew; people do that better than we.
    public struct TooIntricate: Error {
        public let path: [String]
    }

    public private(set) var text: String
    private var source: YAMLSource

    /// - Throws: the first mistake of the file.
    public init(_ text: String, file: String = TenantFile.name) throws(TenantProblem) {
        self.text = text
        source = try YAMLSource(text, file: file)
    }

    // MARK: reading

    /// The text of a single value; nil when there is none.
    public func scalar(_ path: String...) -> String? {
        guard case .scalar(let text, _)? = source.node(path)?.content else { return nil }
        return text
    }

    public func keys(_ path: String...) -> [String] { source.node(path)?.entries.map(\.key) ?? [] }

    /// The texts of a list; nil when there is no list.
    public func items(_ path: String...) -> [String]? {
        guard case .list(let nodes)? = source.node(path)?.content else { return nil }
        return nodes.map { node -> String in
            if case .scalar(let text, _) = node.content { return text }
            return ""
        }
    }

    public func has(_ path: String...) -> Bool { source.node(path) != nil }

    // MARK: changing

    /// Sets a value; keys that are missing are added behind their neighbours.
    public mutating func set(_ path: [String], _ value: YAMLValue) throws {
        var (parent, rest) = (source.root, path[...])
        while let key = rest.first, let found = parent[key] {
            (parent, rest) = (found, rest.dropFirst())
        }
        guard let key = rest.first else { return try replace(parent, value) }
        let inner = rest.dropFirst().reversed().reduce(value) { YAMLValue.keyed([($1, $0)]) }
        try add(key, inner, to: parent, path)
    }

    /// Takes a key and its value away; the comments around it stay.
    public mutating func remove(_ path: [String]) throws {
        guard let key = path.last, let parent = source.node(Array(path.dropLast())),
            let index = parent.entries.firstIndex(where: { $0.key == key })
        else { return }
        let entries = parent.entries
        if entries.count == 1 { return try replace(parent, .mapping([])) }
        let entry = entries[index]
        if parent.isFlow {
            let from = index == 0 ? source.offset(entry.position) : source.end(entries[index - 1].value)
            let to = index == 0 ? source.offset(entries[1].position) : source.end(entry.value)
            return try splice(from, to, "")
        }
        guard let start = source.lineStart(entry.position) else { throw TooIntricate(path: path) }
        try splice(start, source.lineEnd(source.end(entry.value)) + 1, "")
    }

    /// Makes a list have exactly these texts: those that stay keep their line and its comment, new ones come last.
    public mutating func setItems(_ path: [String], _ items: [String]) throws {
        guard let node = source.node(path), case .list(let nodes) = node.content, !node.isFlow else {
            if source.node(path) != nil, let now = source.texts(path), Set(now) == Set(items) { return }
            let kept = (source.texts(path) ?? []).filter(items.contains)
            return try set(path, .texts(kept + items.filter { !kept.contains($0) }))
        }
        let now = source.texts(path) ?? []
        guard now.count == nodes.count, now.contains(where: items.contains) else { return try set(path, .texts(items)) }
        for (text, item) in zip(now, nodes).reversed() where !items.contains(text) {
            // "- " stands before the value, alone on its line.
            guard let start = source.lineStart(item.position, past: "-") else { throw TooIntricate(path: path) }
            try splice(start, source.lineEnd(source.end(item)) + 1, "")
        }
        for text in items where !now.contains(text) { try append(text, to: path) }
    }

    private mutating func append(_ text: String, to path: [String]) throws {
        guard case .list(let nodes)? = source.node(path)?.content, let last = nodes.last, last.position.column > 2 else {
            throw TooIntricate(path: path)
        }
        let margin = String(repeating: " ", count: last.position.column - 3)
        let end = source.lineEnd(source.end(last))
        try splice(end, end, "\n\(margin)- \(YAMLValue.quotedWhereNeeded(text))")
    }

    private mutating func replace(_ node: YAMLNode, _ value: YAMLValue) throws {
        let (start, end) = (source.offset(node.position), source.end(node))
        try splice(start, max(start, end), (start >= end ? " " : "") + value.flow)
    }

    private mutating func add(_ key: String, _ value: YAMLValue, to parent: YAMLNode, _ path: [String]) throws {
        guard let last = parent.entries.last, let first = parent.entries.first else {
            return try replace(parent, .keyed([(key, value)]))
        }
        let end = source.end(last.value)
        let name = YAMLValue.quotedWhereNeeded(key)
        if parent.isFlow { return try splice(end, end, ", \(name): \(value.flow)") }
        let indent = first.position.column - 1
        let line = source.lineEnd(end)
        try splice(line, line, "\n" + String(repeating: " ", count: indent) + name + ":" + value.block(indent: indent + 2))
    }

    private mutating func splice(_ from: Int, _ to: Int, _ new: String) throws {
        let changed = source.replacing(from, to, with: new)
        source = try YAMLSource(changed, file: source.file)
        text = changed
    }
}
