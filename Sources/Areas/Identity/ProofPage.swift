import Forms
import Foundation
import HTML
import UI
import Web

/// A form that asks for password, code or both.
package struct ProofPage: Sendable {
    var title: String
    var lead: String
    var crumbs: [Crumb]
    var action: WebPath
    var errors: [FieldError]
    var password: Field
    /// False for members who have none that opens anything.
    var takesPassword = true
    /// Nil for members without a second factor.
    var code: Field?
    /// Nil for members without a passkey.
    var passkey: PasskeyPrompt?
    /// Where they are linked with.
    var providers: [ProviderLink] = []
    var next: String = ""
    var submit: String
    var isDangerous = false
    var back: WebPath?
}

/// What somebody can prove with who they are, besides a code.
struct ProofWays: Sendable {
    let hasPassword: Bool
    let passkeys: [PasskeyDescriptor]
    let providers: [Provider]
}

extension ProofPage {
    /// `/account/prove`.
    init(_ context: MemberContext, _ ways: ProofWays, next: String?, _ problems: [FieldProblem]) {
        let (t, account) = (IdentityMessages(context.language).proof, IdentityMessages(context.language).account)
        let errors = Self.errors(problems.map(\.ofPasskey), context)
        let (hasFactor, next) = (context.session.hasFactor, next.flatMap { WebPath($0) })
        self.init(
            title: t.title, lead: ways.hasPassword ? hasFactor ? t.leadEither : t.lead : t.leadOther,
            crumbs: [Crumb(account.title, "/account"), Crumb(t.title)], action: "/account/prove", errors: errors,
            password: Self.password(errors, context, required: !hasFactor, focused: true), takesPassword: ways.hasPassword,
            code: hasFactor ? Self.code(errors, context, required: false) : nil,
            passkey: PasskeyPrompt(
                ways.passkeys, PasskeyChallenge(.prove, context), at: "/account/prove", context.outer),
            providers: ways.providers.map { provider in
                ProviderLink(
                    title: provider.title(context.language.rawValue),
                    path: ("/account/prove/\(provider.key)" as WebPath).adding(query: next.map { [("next", $0.string)] } ?? []))
            }, next: next?.string ?? "", submit: t.submit)
        self.errors = errors.inOrder(of: (takesPassword ? [password] : []) + (code.map { [$0] } ?? []))
    }

    /// `/account/security/removal`.
    init(removalIn context: MemberContext, _ problems: [FieldProblem]) {
        let t = IdentityMessages(context.language).security
        let errors = Self.errors(problems, context)
        let (password, code) = (Self.password(errors, context), Self.code(errors, context, required: true))
        self.init(
            title: t.remove, lead: context.tenant.requiresFactor(context.session.roles) ? t.removeRequired : t.removeLead,
            crumbs: Crumb.security(context.language) + [Crumb(t.remove)], action: "/account/security/removal",
            errors: errors.inOrder(of: [password, code]), password: password, code: code, submit: t.remove, isDangerous: true,
            back: "/account/security")
    }

    private static func errors(_ problems: [FieldProblem], _ context: MemberContext) -> [FieldError] {
        let t = IdentityMessages(context.language)
        return ProblemText.errors(problems, context.language) { code in
            switch code {
            case "rate_limited": t.secondStep.tooOften
            case "wrong_password": t.proof.wrongPassword
            case "passkey_invalid": t.passkeys.wrong
            default: t.proof.wrongCode
            }
        }
    }

    private static func password(
        _ errors: [FieldError], _ context: MemberContext, required: Bool = true, focused: Bool = false
    ) -> Field {
        let t = IdentityMessages(context.language).signIn
        return Field(
            "password", label: t.password, error: errors.message(for: "password"), required: required,
            autocomplete: "current-password", focused: focused)
    }

    private static func code(_ errors: [FieldError], _ context: MemberContext, required: Bool) -> Field {
        let t = IdentityMessages(context.language).proof
        return Field(
            "code", label: t.code, hint: t.codeHint, error: errors.message(for: "code"), required: required, maxLength: 40,
            autocomplete: "one-time-code")
    }
}
