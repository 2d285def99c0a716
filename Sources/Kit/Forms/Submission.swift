import Synchronization

/// What somebody submitted, in one shape for all encodings: named values in the order they were given, and files.
///
/// Names are brought into one form, snake_case with dots (`unitId`, `unit_id`; `lines[0][amount]`, `lines.0.amount`; `tags[]`,
/// `tags`), so that pages and programs reach the same reader.
public struct Submission: Sendable {
    /// How the value was written. HTML knows text only; JSON keeps its types, so that `{"title": 5}` is not a title.
    public enum Kind: Sendable, Equatable {
        case text, number, bool, null
    }

    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
        public let kind: Kind

        init(name: String, value: String, kind: Kind = .text) {
            self.name = name
            self.value = value
            self.kind = kind
        }
    }

    public internal(set) var fields: [Field] = []
    public internal(set) var files: [Upload] = []
    /// Whether a program speaks; errors are then phrased for programs.
    public internal(set) var isJSON = false
    /// Bytes of the body as it came.
    public internal(set) var size = 0
    /// Shown again, not sent: reading it gives no draft, but everything that was typed.
    var isReturning = false
    /// Notes which names anybody asks for; set where it shall be held against what is documented.
    public var asked: AskedNames?
    /// Positions in `fields` by name.
    private var places: [String: [Int]] = [:]

    public init() {}

    /// Text fields as they are; for tests and for forms filled by the program itself.
    public init(_ pairs: [(String, String)]) {
        for (name, value) in pairs { add(Field(name: name, value: value)) }
    }

    /// A form that was put aside and comes back to be looked at: no handler gets a draft of it, all get what was typed.
    public init(returning pairs: [(String, String)]) {
        self.init(pairs)
        isReturning = true
    }

    /// The one value of that name; nil when it is absent or was given more than once.
    public func single(_ name: String) -> String? {
        asked?.note(name)
        guard let found = places[name], found.count == 1, let place = found.first, fields[place].kind != .null else { return nil }
        return fields[place].value
    }

    /// Every value of that name, in order.
    public func all(_ name: String) -> [Field] {
        asked?.note(name)
        return (places[name] ?? []).map { fields[$0] }
    }

    public func has(_ name: String) -> Bool {
        asked?.note(name)
        return places[name] != nil
    }

    /// The names, each once, in the order of their first value; those of files after them.
    public var names: [String] {
        var seen: Set<String> = []
        return (fields.map(\.name) + files.map(\.name)).filter { seen.insert($0).inserted }
    }

    mutating func add(_ field: Field) {
        places[field.name, default: []].append(fields.count)
        fields.append(field)
    }
}

/// Names that were asked for, whoever asked and however often.
public final class AskedNames: Sendable, CustomStringConvertible {
    private let names = Mutex<Set<String>>([])

    public init() {}

    func note(_ name: String) {
        names.withLock { _ = $0.insert(name) }
    }

    /// In the order of the alphabet, those that a header can hold.
    public var description: String {
        names.withLock { $0.sorted() }.filter { name in
            name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2E }
        }.joined(separator: " ")
    }
}
