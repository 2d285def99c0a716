/// One field that a form asks for, as its reader asks: what programs are told, so that nobody writes it down twice.
public struct FieldShape: Sendable, Equatable {
    public indirect enum Kind: Sendable, Equatable {
        /// Lengths in code points.
        case text(min: Int, max: Int, lines: Bool)
        case email, password, flag, uuid, date, instant
        case choice([String])
        /// One of a list that each company has of its own.
        case listed
        case int(ClosedRange<Int>)
        /// At most so many decimals; the range in their unit.
        case decimal(digits: Int, ClosedRange<Int64>)
        case number(ClosedRange<Double>)
        /// Bytes.
        case file(max: Int)
        case rows([FieldShape])
    }

    /// In snake_case, as in HTML; dots lead into objects.
    public let name: String
    /// More than one when the same field may be written in several ways, such as a day or an instant.
    public var kinds: [Kind]
    public var isRequired: Bool
    /// How often it may be given; nil for once.
    public var count: ClosedRange<Int>?
    /// What its name does not say.
    public var note: String?

    public init(
        _ name: String, _ kind: Kind, required: Bool = false, count: ClosedRange<Int>? = nil, note: String? = nil
    ) {
        self.name = name
        self.kinds = [kind]
        self.isRequired = required
        self.count = count
        self.note = note
    }

    /// In camelCase, as in JSON.
    public var jsonName: String { FieldName.camel(name) }
}

extension FieldShape {
    public static func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) -> FieldShape
    where Choice.RawValue == String {
        FieldShape(name, .choice(type.allCases.map(\.rawValue)))
    }

    public static func text(_ name: String, max: Int = 200, required: Bool = false, _ note: String? = nil) -> FieldShape {
        FieldShape(name, .text(min: 0, max: max, lines: false), required: required, note: note)
    }

    public static func uuid(_ name: String, _ note: String? = nil) -> FieldShape { FieldShape(name, .uuid, note: note) }
}

extension FormReader {
    /// The fields that a reader asks for. It runs several times without a form, each time pretending another one, so that also what is
    /// asked only in some cases is found; required is what is always asked for and always needed.
    public static func shapes(_ body: (inout FormReader) throws -> Void) -> [FieldShape] {
        let first = [Pretence(given: { _ in true }), Pretence(given: { _ in false })].map { run($0, body) }
        let longer = [8, 16].map { run(Pretence(given: { _ in true }, text: $0), body) }
        let found = first + longer
        var alone: [[FieldShape]] = []
        for name in Set(found.flatMap(\.asked)).sorted() {
            alone.append(run(Pretence(given: { $0 == name }), body).fields)
        }
        for field in found.flatMap(\.fields) {
            guard case .choice(let values)? = field.kinds.first, values.count <= 12 else { continue }
            for value in values.dropFirst() {
                alone.append(run(Pretence(given: { _ in true }, chosen: (field.name, value)), body).fields)
            }
        }
        return united(found.map(\.fields) + alone)
    }

    private static func run(_ pretence: Pretence, _ body: (inout FormReader) throws -> Void) -> Probe {
        let probe = Probe(pretence)
        var form = FormReader(probe)
        // A draft that refuses is no harm: what it asked is on record.
        try? body(&form)
        return probe
    }

    private static func united(_ runs: [[FieldShape]]) -> [FieldShape] {
        var all: [FieldShape] = []
        for field in runs.joined() {
            guard let place = all.firstIndex(where: { $0.name == field.name }) else {
                all.append(field)
                continue
            }
            for kind in field.kinds where !all[place].kinds.contains(kind) { all[place].kinds.append(kind) }
        }
        return all.map { field in
            var field = field
            field.isRequired = runs.allSatisfy { run in run.contains { $0.name == field.name && $0.isRequired } }
            // A text that is looked at more closely is what it is looked at as.
            let closer = field.kinds.filter { if case .text = $0 { false } else { true } }
            if !closer.isEmpty { field.kinds = closer }
            return field
        }
    }
}
