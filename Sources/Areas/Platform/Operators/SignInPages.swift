import Forms
import HTML
import Identity
import QR
import UI
import Web

/// `/sign-in` of the platform.
package struct OperatorSignInPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var email: Field
    var password: Field
    var code: Field
}

extension OperatorSignInPage {
    init(_ language: Language, email: String, _ problems: [FieldProblem]) {
        let t = PlatformMessages(language).signIn
        let errors = ProblemText.errors(problems, language) { $0 == "rate_limited" ? t.tooOften : t.wrong }
        self.init(
            action: "/sign-in", errors: errors,
            email: Field(
                "email", label: t.email, value: email, error: errors.message(for: "email"), required: true, maxLength: 254,
                autocomplete: "username", focused: true),
            password: Field(
                "password", label: t.password, error: errors.message(for: "password"), required: true,
                autocomplete: "current-password"),
            code: Field(
                "code", label: t.code, hint: t.codeHint, error: errors.message(for: "code"), required: true, maxLength: 40,
                autocomplete: "one-time-code"))
        // What sign-in itself has to say names all three already.
        if !problems.contains(where: \.isOwn) { self.errors = errors.inOrder(of: [self.email, password, code]) }
    }
}

/// `/set-up/{token}`: a new operator's password and authenticator.
package struct OperatorSetUpPage: Sendable {
    var name: String
    var action: WebPath
    var errors: [FieldError]
    var code: QRCode?
    /// In groups of four.
    var secret: String
    var password: Field
    var again: Field
    var field: Field
}

extension OperatorSetUpPage {
    init(_ person: Operator, _ link: SessionToken, _ secret: [UInt8], _ language: Language, _ problems: [FieldProblem]) {
        let t = PlatformMessages(language).setUp
        let offer = AuthenticatorOffer(secret, company: "Portico", address: person.email)
        let errors = ProblemText.errors(problems, language) { _ in t.wrongCode }
        self.init(
            name: person.name, action: "/set-up/\(link.text)", errors: errors, code: QRCode(offer.otpauthURL),
            secret: offer.grouped,
            password: Field(
                "password", label: t.password, hint: t.passwordHint, error: errors.message(for: "password"), required: true,
                autocomplete: "new-password"),
            again: Field(
                "password_confirm", label: t.again, error: errors.message(for: "password_confirm"), required: true,
                autocomplete: "new-password"),
            field: Field(
                "code", label: t.code, hint: t.codeHint, error: errors.message(for: "code"), required: true, maxLength: 40,
                autocomplete: "one-time-code"))
        self.errors = errors.inOrder(of: [password, again, field])
    }
}
