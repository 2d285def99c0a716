/// What is wrong with one field, as a code and its arguments; the words come from the page's language.
public struct FieldProblem: Error, Hashable, Sendable {
    /// In snake_case, as in HTML.
    public let field: String
    public let code: Code

    public init(_ field: String, _ code: Code) {
        self.field = field
        self.code = code
    }

    /// In camelCase, as in JSON.
    public var jsonField: String { FieldName.camel(field) }

    /// Whether an area has words of its own for it.
    public var isOwn: Bool {
        if case .own = code { true } else { false }
    }

    public enum Code: Error, Hashable, Sendable {
        case required
        /// Characters.
        case tooShort(min: Int), tooLong(max: Int)
        case invalidCharacters
        case notANumber
        /// The bound as it is written: `0`, `99.50`.
        case tooSmall(min: String), tooBig(max: String)
        case tooManyDecimals(max: Int)
        case invalidDate, invalidID, invalidEmail
        case notAllowed
        /// Given more than once where one value belongs.
        case repeated
        /// JSON with another type than the field's: a number where text belongs.
        case wrongType
        /// Files, rows or choices.
        case tooMany(max: Int), tooFew(min: Int)
        /// Bytes.
        case fileTooLarge(max: Int)
        case fileNotAnImage, fileDamaged, imageTooLarge
        case passwordCommon, passwordOwnWords
        case mismatch, taken, notFound, unknownField
        /// An area's own code, in snake_case; its page has the words.
        case own(String)
    }
}

extension FieldProblem.Code {
    /// Stable, in snake_case, for programs.
    public var name: String {
        switch self {
        case .own(let name): name
        default: FieldName.snake(label)
        }
    }

    /// What the words need, in order: `("max", "140")`.
    public var arguments: [(name: String, value: String)] {
        switch self {
        case .tooShort(let min), .tooFew(let min): [("min", String(min))]
        case .tooLong(let max), .tooMany(let max), .fileTooLarge(let max), .tooManyDecimals(let max): [("max", String(max))]
        case .tooSmall(let min): [("min", min)]
        case .tooBig(let max): [("max", max)]
        default: []
        }
    }

    /// The case's own name, without its arguments.
    private var label: String {
        let text = String(describing: self)
        return String(text.prefix { $0 != "(" })
    }
}

/// The form cannot be taken: what is wrong, and everything that was typed, to show it again.
public struct FormErrors: Error, Sendable {
    public var problems: [FieldProblem]
    public var values: FormValues

    public init(_ problems: [FieldProblem], values: FormValues = FormValues()) {
        self.problems = problems
        self.values = values
    }
}
