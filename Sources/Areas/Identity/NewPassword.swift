import Forms
import Passwords
import Web

/// A password that somebody chooses, typed twice on pages.
package struct NewPassword: Sendable {
    package let text: String

    /// - Parameter twice: pages ask again; programs need not.
    package init(_ form: inout FormReader, twice: Bool) {
        text = form.password("password")
        guard twice || form.has("password_confirm") else { return }
        let again = form.password("password_confirm")
        if !form.hasProblem("password"), !form.hasProblem("password_confirm"), again != text {
            form.fail("password_confirm", .mismatch)
        }
    }

    /// - Parameter own: name, address, company: what the password must not hold.
    /// - Throws: `FormErrors` on `password`, with what was typed.
    package func check(own: [String], _ values: FormValues) throws {
        guard let problem = PasswordRules().problem(of: text, own: own) else { return }
        throw FormErrors([FieldProblem("password", problem.code)], values: values)
    }
}

extension PasswordRules.Problem {
    fileprivate var code: FieldProblem.Code {
        switch self {
        case .tooShort(let min): .tooShort(min: min)
        case .tooLong(let max): .tooLong(max: max)
        case .common: .passwordCommon
        case .ownWords: .passwordOwnWords
        }
    }
}
