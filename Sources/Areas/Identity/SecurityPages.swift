import Forms
import Foundation
import HTML
import QR
import UI
import Web

/// `/login/mfa`.
package struct SecondStepPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var code: Field
    var recovery: Field
    /// Where to go afterwards; empty for the start page.
    var next: String
    var back: WebPath
}

extension SecondStepPage {
    init(_ language: Language, next: String?, _ problems: [FieldProblem], triesLeft: Int = 0) {
        let t = IdentityMessages(language).secondStep
        let errors = ProblemText.errors(problems, language) { $0 == "rate_limited" ? t.tooOften : t.wrong(count: triesLeft) }
        self.init(
            action: "/login/mfa", errors: errors,
            code: Field(
                "code", label: t.code, hint: t.codeHint, error: errors.message(for: "code"), required: true, maxLength: 40,
                autocomplete: "one-time-code", focused: true),
            recovery: Field(
                "recovery_code", label: t.recovery, hint: t.recoveryHint, error: errors.message(for: "recovery_code"),
                required: true, maxLength: 40, autocomplete: "off"),
            next: next.flatMap { WebPath($0) }?.string ?? "", back: "/login")
    }
}

/// `/account/security`.
package struct SecurityPage: Sendable {
    var crumbs: [Crumb]
    /// Nil without one.
    var authenticator: AuthenticatorCard?
    /// Where one is set up, or another app takes its place.
    var setUp: WebPath
    /// The member's role demands a second factor.
    var isRequired: Bool
    /// Nil where nobody signs in with a provider.
    var identities: IdentitiesCard?
}

package struct AuthenticatorCard: Sendable {
    var facts: [Fact]
    /// Says what to do when few or no recovery codes are left.
    var warning: String?
    /// POST.
    var newCodes: WebPath
    var removal: WebPath
}

extension SecurityPage {
    init(_ state: FactorState, _ identities: IdentitiesCard?, _ context: MemberContext) {
        let t = IdentityMessages(context.language).security
        self.init(
            crumbs: Crumb.security(context.language).dropLast() + [Crumb(t.title)],
            authenticator: state.authenticatorSince.map { since in
                AuthenticatorCard(
                    facts: [
                        Fact(t.since, context.format.date(since)), Fact(t.codesLeft, t.codesLeftOf(count: state.codesLeft))
                    ],
                    warning: state.codesLeft > 2 ? nil : t.fewCodes, newCodes: "/account/security/recovery-codes",
                    removal: "/account/security/removal")
            },
            setUp: FirstSteps.enrolment, isRequired: context.tenant.requiresFactor(context.session.roles), identities: identities)
    }
}

extension Crumb {
    /// Settings › Security ›
    static func security(_ language: Language) -> [Crumb] {
        let t = IdentityMessages(language)
        return [Crumb(t.account.title, "/account"), Crumb(t.security.title, "/account/security")]
    }
}

/// `/account/security/authenticator`: the secret as picture and text, and a field for the first code.
package struct AuthenticatorPage: Sendable {
    var crumbs: [Crumb]
    var lead: String
    var action: WebPath
    var errors: [FieldError]
    var code: QRCode?
    /// In groups of four.
    var secret: String
    var field: Field
    /// Nil while there is nowhere else to go.
    var back: WebPath?
}

extension AuthenticatorPage {
    init(_ offer: AuthenticatorOffer, _ context: MemberContext, _ problems: [FieldProblem]) {
        let t = IdentityMessages(context.language).security
        let errors = ProblemText.errors(problems, context.language) { _ in t.wrongFirstCode }
        let isDue = FirstSteps.due(context) != nil
        self.init(
            crumbs: Crumb.security(context.language) + [Crumb(t.authenticator)],
            lead: isDue ? t.required : t.authenticatorLead, action: FirstSteps.enrolment, errors: errors,
            code: QRCode(offer.otpauthURL), secret: offer.secret.inFours,
            field: Field(
                "code", label: t.firstCode, hint: t.firstCodeHint, error: errors.message(for: "code"), required: true,
                maxLength: 40, autocomplete: "one-time-code", focused: !problems.isEmpty),
            back: isDue ? nil : "/account/security")
    }
}

extension String {
    fileprivate var inFours: String {
        stride(from: 0, to: count, by: 4).map { String(dropFirst($0).prefix(4)) }.joined(separator: " ")
    }
}

/// The answer that shows recovery codes, once.
package struct RecoveryCodesPage: Sendable {
    var crumbs: [Crumb]
    var title: String
    var lead: String
    var codes: [String]
    var back: WebPath
}

extension RecoveryCodesPage {
    init(_ codes: [String], isNew: Bool, _ context: MemberContext) {
        let t = IdentityMessages(context.language).security
        self.init(
            crumbs: Crumb.security(context.language) + [Crumb(t.codes)], title: isNew ? t.done : t.codes,
            lead: isNew ? t.doneLead : t.codesLead, codes: codes, back: "/account/security")
    }
}
