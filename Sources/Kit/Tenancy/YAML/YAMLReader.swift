/// Builds the tree of one file from its events and refuses, with the place, everything of YAML that configuration does not
/// need: anchors, aliases, merge keys, tags, directives, further documents, duplicate or structured keys, deep nesting.
///
/// Aliases are refused when they are read, so nothing ever expands; memory stays in proportion to the file (≤ 256 KiB).
struct YAMLReader {
    static let maximumDepth = 32
    static let tooDeep = "nested deeper than \(maximumDepth) levels"

    private let file: String
    private let events: YAMLEvents
    private var path: [String] = []
    private var depth = 0
    /// Of the event that was read last.
    private var lastEnd = Position.start

    /// The file's root. Throws the first `TenantProblem`: after a structural fault the rest of the file has no sure meaning.
    static func read(_ text: String, file: String) throws(TenantProblem) -> YAMLNode {
        var reader = YAMLReader(file: file, events: YAMLEvents(text))
        return try reader.document()
    }

    private init(file: String, events: YAMLEvents) {
        self.file = file
        self.events = events
    }

    private mutating func document() throws(TenantProblem) -> YAMLNode {
        _ = try next()
        let start = try next()
        guard case .documentStart(let directives) = start.kind else { throw problem("the file is empty", start.position) }
        if directives { throw problem("directives (%YAML, %TAG) are not allowed", start.position) }
        let root = try node(next())
        _ = try next()
        let end = try next()
        guard case .streamEnd = end.kind else { throw problem("only one document per file: remove \"---\"", end.position) }
        return root
    }

    private mutating func next() throws(TenantProblem) -> YAMLEvents.Event {
        do {
            let event = try events.next()
            lastEnd = event.end
            return event
        } catch {
            throw problem(error.message, error.position)
        }
    }

    private mutating func node(_ event: YAMLEvents.Event) throws(TenantProblem) -> YAMLNode {
        try refuseDecoration(event)
        switch event.kind {
        case .scalar(let text, let plain):
            if Secrets.isSecret(text) { throw problem(Secrets.refusal, event.position) }
            return YAMLNode(position: event.position, end: event.end, content: .scalar(text, plain: plain))
        case .listStart(let flow): return try nested(event, flow) { reader throws(TenantProblem) in try reader.list() }
        case .mappingStart(let flow): return try nested(event, flow) { reader throws(TenantProblem) in try reader.mapping() }
        default: throw problem("not valid YAML: a value is missing", event.position)
        }
    }

    private func refuseDecoration(_ event: YAMLEvents.Event) throws(TenantProblem) {
        if case .alias(let name) = event.kind {
            throw problem("aliases (*\(printable(name))) are not allowed: write the value again", event.position)
        }
        if let anchor = event.anchor {
            throw problem(
                "anchors (&\(printable(anchor))) are not allowed: write the value again where it is needed", event.position)
        }
        if let tag = event.tag {
            throw problem("tags (\(printable(tag))) are not allowed: the key decides what a value is", event.position)
        }
    }

    private mutating func nested(
        _ event: YAMLEvents.Event, _ isFlow: Bool, _ read: (inout YAMLReader) throws(TenantProblem) -> YAMLNode.Content
    ) throws(TenantProblem) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw problem(Self.tooDeep, event.position) }
        let content = try read(&self)
        // What is written line by line ends with its last value; the blank lines and comments behind it are nobody's.
        let inner = isFlow ? nil : content.lastEnd
        return YAMLNode(position: event.position, end: inner ?? lastEnd, content: content, isFlow: isFlow)
    }

    private mutating func list() throws(TenantProblem) -> YAMLNode.Content {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .listEnd = event.kind { return .list(items) }
            path.append(String(items.count + 1))
            items.append(try node(event))
            path.removeLast()
        }
    }

    private mutating func mapping() throws(TenantProblem) -> YAMLNode.Content {
        var entries: [YAMLEntry] = []
        var seen: [String: Position] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return .mapping(entries) }
            let key = try key(event)
            path.append(key)
            if let first = seen.updateValue(event.position, forKey: key) {
                throw problem("the key stands here twice (first in line \(first.line)): remove one", event.position)
            }
            entries.append(YAMLEntry(key: key, position: event.position, value: try node(next())))
            path.removeLast()
        }
    }

    private func key(_ event: YAMLEvents.Event) throws(TenantProblem) -> String {
        try refuseDecoration(event)
        guard case .scalar(let key, let plain) = event.kind else {
            throw problem("a key must be a single word, not a list or mapping", event.position)
        }
        if plain, key == "<<" { throw problem("merge keys (<<) are not allowed: write the keys again", event.position) }
        if key.isEmpty { throw problem("a key is missing before \":\"", event.position) }
        return key
    }

    private func problem(_ message: String, _ position: Position) -> TenantProblem {
        TenantProblem(file: file, position: position, path: path, message: message)
    }
}
