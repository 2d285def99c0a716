import Forms
import HTML
import UI

/// What a field's problem is, in words.
public enum ProblemText {
    /// A sentence for the code; an area's own code prints as itself unless the area has words for it.
    public static func text(for code: FieldProblem.Code, _ language: Language) -> String {
        let t = WebMessages(language).problems
        return switch code {
        case .required: t.required
        case .tooShort(let min): t.tooShort(min: min)
        case .tooLong(let max): t.tooLong(max: max)
        case .invalidCharacters: t.invalidCharacters
        case .notANumber: t.notANumber
        case .tooSmall(let min): t.tooSmall(min: min)
        case .tooBig(let max): t.tooBig(max: max)
        case .tooManyDecimals(let max): t.tooManyDecimals(max: max)
        case .invalidDate: t.invalidDate
        case .invalidID: t.invalidID
        case .invalidEmail: t.invalidEmail
        case .notAllowed: t.notAllowed
        case .repeated: t.repeated
        case .wrongType: t.wrongType
        case .tooMany(let max): t.tooMany(max: max)
        case .tooFew(let min): t.tooFew(min: min)
        case .fileTooLarge(let max): t.fileTooLarge(megabytes: max >> 20)
        case .fileNotAnImage: t.fileNotAnImage
        case .fileDamaged: t.fileDamaged
        case .imageTooLarge: t.imageTooLarge
        case .passwordCommon: t.passwordCommon
        case .passwordOwnWords: t.passwordOwnWords
        case .mismatch: t.mismatch
        case .taken: t.taken
        case .notFound: t.notFound
        case .unknownField: t.unknownField
        case .own(let name): name
        }
    }

    /// The problems of a form for its page.
    ///
    /// - Parameter own: an area's words for its own codes.
    public static func errors(
        _ problems: [FieldProblem], _ language: Language, own: (String) -> String? = { _ in nil }
    ) -> [FieldError] {
        problems.map { problem in
            var text = self.text(for: problem.code, language)
            if case .own(let name) = problem.code, let words = own(name) { text = words }
            return FieldError(field: problem.field, code: problem.code.name, message: text)
        }
    }
}
