/// What a form shows in its fields: what was typed (again, after a refusal) or what a record holds (for editing).
/// Passwords are never in it.
public struct FormValues: Sendable, Equatable {
    private var values: [String: [String]] = [:]

    public init() {}

    public init(_ values: KeyValuePairs<String, String>) {
        for (name, value) in values { self.values[name, default: []].append(value) }
    }

    init(_ submission: Submission, without secrets: Set<String>) {
        for field in submission.fields where !secrets.contains(field.name) && !field.name.contains("password") {
            values[field.name, default: []].append(field.value)
        }
    }

    /// The first value; empty when there is none.
    public subscript(_ name: String) -> String {
        get { values[name]?.first ?? "" }
        set { values[name] = [newValue] }
    }

    /// One more value of that name, as a list of ticks has them.
    public mutating func add(_ name: String, _ value: String) { values[name, default: []].append(value) }

    public func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether that choice of that field was made: for checkboxes, radio buttons and options.
    public func has(_ name: String, _ value: String) -> Bool { all(name).contains(value) }

    public var isEmpty: Bool { values.isEmpty }
}
