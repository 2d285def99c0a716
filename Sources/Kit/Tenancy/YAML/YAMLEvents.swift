internal import CYaml

/// libyaml's events, one at a time, so that a file can be refused before anything is built from it.
///
/// Yams itself only hands out finished trees, in which an alias already stands for its target; the bomb of SECURITY.md §1.13
/// and the position of a second key are visible in the events alone. `CYaml` is the libyaml that Yams carries.
final class YAMLEvents {
    enum Kind {
        case documentStart(directives: Bool)
        case documentEnd
        case alias(String)
        case scalar(String, plain: Bool)
        /// `flow`: written as `[a, b]`, not line by line; the same for mappings.
        case listStart(flow: Bool)
        case listEnd
        case mappingStart(flow: Bool)
        case mappingEnd
        case streamStart
        case streamEnd
    }

    struct Event {
        let kind: Kind
        let position: Position
        /// Behind its last character; of a list or mapping that is written line by line, where the next thing begins.
        let end: Position
        var anchor: String?
        var tag: String?
    }

    struct Failure: Error {
        let message: String
        let position: Position
    }

    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ text: String) {
        let bytes = Array(text.utf8)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(Failure) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return read(event)
    }

    private func failure() -> Failure {
        let mark = parser.pointee.problem_mark
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read"
        // libyaml looks up to 1,024 characters ahead for a key and meets its own limit of 1,000 levels before we meet ours.
        let isDeep = problem.hasPrefix("Maximum nesting level")
        return Failure(message: isDeep ? YAMLReader.tooDeep : "not valid YAML: \(problem)", position: position(mark))
    }

    private func position(_ mark: yaml_mark_t) -> Position {
        Position(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
    }

    private func read(_ event: yaml_event_t) -> Event {
        let (place, end) = (position(event.start_mark), position(event.end_mark))
        switch event.type {
        case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, position: place, end: end)
        case YAML_DOCUMENT_START_EVENT:
            let document = event.data.document_start
            let directives = document.version_directive != nil || document.tag_directives.start != document.tag_directives.end
            return Event(kind: .documentStart(directives: directives), position: place, end: end)
        case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, position: place, end: end)
        case YAML_ALIAS_EVENT: return Event(kind: .alias(text(event.data.alias.anchor) ?? ""), position: place, end: end)
        case YAML_SCALAR_EVENT: return scalar(event.data.scalar, place, end)
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            return Event(
                kind: .listStart(flow: list.style == YAML_FLOW_SEQUENCE_STYLE), position: place, end: end,
                anchor: text(list.anchor), tag: text(list.tag))
        case YAML_SEQUENCE_END_EVENT: return Event(kind: .listEnd, position: place, end: end)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            return Event(
                kind: .mappingStart(flow: mapping.style == YAML_FLOW_MAPPING_STYLE), position: place, end: end,
                anchor: text(mapping.anchor), tag: text(mapping.tag))
        case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, position: place, end: end)
        default: return Event(kind: .streamEnd, position: place, end: end)
        }
    }

    private typealias Scalar = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

    private func scalar(_ scalar: Scalar, _ place: Position, _ end: Position) -> Event {
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
        return Event(
            kind: .scalar(String(decoding: bytes, as: UTF8.self), plain: plain), position: place, end: end,
            anchor: text(scalar.anchor), tag: text(scalar.tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
