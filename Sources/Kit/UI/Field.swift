import HTML

/// One form field as it is printed: the same value serves the first visit and the 422 page.
public struct Field: Sendable, Hashable {
    /// Name in the submitted form, snake_case.
    public var name: String
    public var label: String
    public var hint: String?
    public var error: String?
    /// What the person typed, or the stored value.
    public var value: String
    public var required: Bool
    public var maxLength: Int?
    /// An HTML autofill token such as "email" or "current-password".
    public var autocomplete: String?
    /// Takes the focus when the page opens; at most one field of a page.
    public var focused: Bool
    /// Tells two fields of one name on a page apart, such as the reasons of two forms; errors then name this.
    public var key: String?

    public init(
        _ name: String, label: String, value: String = "", hint: String? = nil, error: String? = nil,
        required: Bool = false, maxLength: Int? = nil, autocomplete: String? = nil, focused: Bool = false,
        key: String? = nil
    ) {
        self.name = name
        self.label = label
        self.value = value
        self.hint = hint
        self.error = error
        self.required = required
        self.maxLength = maxLength
        self.autocomplete = autocomplete
        self.focused = focused
        self.key = key
    }

    /// Id of the input; the error summary links to it.
    public var id: String { "f-\(key ?? name)" }

    /// Ids of hint and error for `aria-describedby`; nil when there is neither.
    public var describedBy: String? {
        let parts = [hint == nil ? nil : "\(id)-hint", error == nil ? nil : "\(id)-error"].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// One entry of a select, a radio group or a list of ticks.
public struct Choice: Sendable, Hashable {
    public var value: String
    public var label: String
    public var hint: String?

    public init(_ value: String, _ label: String, hint: String? = nil) {
        self.value = value
        self.label = label
        self.hint = hint
    }
}

/// Choices under a common heading, for example the units of one building.
public struct ChoiceGroup: Sendable, Hashable {
    public var label: String
    public var choices: [Choice]

    public init(_ label: String, _ choices: [Choice]) {
        self.label = label
        self.choices = choices
    }
}

/// Why one field was refused. `field` is the field's key or else its name; `code` is stable for programs, `message` says what to do.
public struct FieldError: Sendable, Hashable, Codable {
    public var field: String
    public var code: String
    public var message: String
    /// The field's label, for the summary, where "Fill this in" alone would not say what. Nil when the message says it itself.
    public var label: String?

    public init(field: String, code: String, message: String, label: String? = nil) {
        self.field = field
        self.code = code
        self.message = message
        self.label = label
    }

    /// The field on the same page; nil when it is about no field.
    var anchor: SafeURL? { field.isEmpty ? nil : SafeURL("#f-\(field)") }
}

extension Sequence where Element == FieldError {
    /// The first message for a field, for `Field.error`.
    public func message(for field: String) -> String? {
        first { $0.field == field }?.message
    }

    /// For the summary: each with the label of its field, and as a reader meets the fields, whatever order they were checked in.
    public func inOrder(of fields: [Field]) -> [FieldError] {
        let places = Dictionary(fields.enumerated().map { ($1.key ?? $1.name, $0) }) { first, _ in first }
        let named = map { error in
            var error = error
            error.label = error.label ?? places[error.field].map { fields[$0].label }
            return error
        }
        let place = { (error: FieldError) in places[error.field] ?? fields.count }
        return named.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }.map(\.element)
    }
}
