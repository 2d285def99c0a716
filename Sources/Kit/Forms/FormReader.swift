/// Strings in, a typed draft out, every problem collected.
///
/// Readers that need a value give a placeholder when they record a problem; ``Submission/read(strict:_:)`` throws the draft
/// away then. So nothing may be looked up with a value before ``isValid`` says that it is one.
///
/// A name that no reader asks for is never read: `role` or `tenant_id` added to a form changes nothing (``extraNames``).
public struct FormReader {
    let submission: Submission
    /// `lines.0.` inside a row.
    let prefix: String
    public internal(set) var problems: [FieldProblem] = []
    private(set) var asked: Set<String> = []
    private(set) var secrets: Set<String> = []
    /// Set while a reader is only asked for what it would read (``shapes(_:)``).
    let probe: Probe?

    public init(_ submission: Submission) {
        self.init(submission, prefix: "")
    }

    init(_ submission: Submission, prefix: String) {
        self.submission = submission
        self.prefix = prefix
        probe = nil
    }

    init(_ probe: Probe) {
        submission = Submission()
        prefix = ""
        self.probe = probe
    }

    public var isValid: Bool { problems.isEmpty && probe == nil }

    /// Everything typed, passwords excluded.
    public var values: FormValues { FormValues(submission, without: secrets) }

    /// Names that were given and that no reader has asked for, in the order given.
    public var extraNames: [String] {
        submission.names.filter { !asked.contains($0) }
    }

    /// Records a problem of the whole form's rules: `form.fail("ends_on", .own("ends_before_start"))`.
    public mutating func fail(_ name: String, _ code: FieldProblem.Code) {
        problems.append(FieldProblem(prefix + name, code))
    }

    /// Whether a problem with that field was recorded so far.
    public func hasProblem(_ name: String) -> Bool {
        problems.contains { $0.field == prefix + name }
    }

    /// Whether the field was given at all, also empty or null: for changes of single fields (PATCH).
    public mutating func has(_ name: String) -> Bool {
        if let probe { return probe.isGiven(name) }
        asked.insert(prefix + name)
        return submission.has(prefix + name)
    }

    /// Whether JSON said `null`, or HTML left the field empty: the value is to be removed.
    public mutating func isNull(_ name: String) -> Bool {
        guard let field = submission.all(prefix + name).first else { return false }
        return field.kind == .null || (field.kind == .text && field.value.isEmpty)
    }

    /// Rows of a table: `lines.0.amount`, `lines[0][amount]` or a JSON list of objects, in the order of their numbers.
    public mutating func rows<Row>(_ name: String, min: Int = 0, max: Int, _ read: (inout FormReader) -> Row) -> [Row] {
        if let probe {
            probe.note(name, .rows(FormReader.shapes { _ = read(&$0) }), required: min > 0, count: min...max)
            return []
        }
        let start = prefix + name + "."
        var numbers: Set<Int> = []
        for given in submission.names where given.hasPrefix(start) {
            guard let number = Int(given.dropFirst(start.count).prefix { $0 != "." }), number >= 0 else { continue }
            numbers.insert(number)
        }
        guard check(numbers.count, min: min, max: max, name) else { return [] }
        return numbers.sorted().map { number in
            var row = FormReader(submission, prefix: "\(start)\(number).")
            let value = read(&row)
            problems += row.problems
            asked.formUnion(row.asked)
            secrets.formUnion(row.secrets)
            return value
        }
    }

    mutating func keepSecret(_ name: String) {
        secrets.insert(prefix + name)
    }

    mutating func check(_ count: Int, min: Int, max: Int, _ name: String) -> Bool {
        if count > max {
            fail(name, .tooMany(max: max))
        } else if count < min {
            fail(name, count == 0 && min == 1 ? .required : .tooFew(min: min))
        }
        return count >= min && count <= max
    }

    /// The field's one value; nil when it is absent, null or (after trimming) empty, and when a problem was recorded.
    mutating func one(_ name: String, _ kinds: Submission.Kind...) -> String? {
        asked.insert(prefix + name)
        let found = submission.all(prefix + name)
        guard found.count <= 1 else {
            fail(name, .repeated)
            return nil
        }
        guard let field = found.first, field.kind != .null else { return nil }
        guard kinds.contains(field.kind) else {
            fail(name, .wrongType)
            return nil
        }
        return field.value
    }

    mutating func many(_ name: String) -> [Submission.Field] {
        asked.insert(prefix + name)
        return submission.all(prefix + name).filter { $0.kind != .null }
    }

    /// Reads with `body`; when it gives nothing and recorded nothing, the field is missing.
    mutating func required<Value>(_ name: String, or placeholder: Value, _ body: (inout FormReader) -> Value?) -> Value {
        let before = problems.count
        if let value = body(&self) { return value }
        if problems.count == before { fail(name, .required) }
        return placeholder
    }
}

extension Submission {
    /// Reads the form into a draft.
    /// - Parameter strict: also refuse names that the form does not know.
    /// - Throws: ``FormErrors`` with every problem, or what `body` throws.
    public func read<Draft>(strict: Bool = false, _ body: (inout FormReader) throws -> Draft) throws -> Draft {
        var form = FormReader(self)
        let draft = try body(&form)
        if isReturning { throw FormErrors([], values: form.values) }
        if strict { for name in form.extraNames { form.fail(name, .unknownField) } }
        guard form.isValid else { throw FormErrors(form.problems, values: form.values) }
        return draft
    }
}
