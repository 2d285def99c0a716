import Forms
import Foundation
import HTML
import QR
import UI
import Web

/// `/login/mfa`.
package struct SecondStepPage: Sendable {
    var action: WebPath
    var lead: String
    var errors: [FieldError]
    /// Nil for members who have passkeys only.
    var passkey: PasskeyPrompt?
    /// Nil for members without an authenticator.
    var code: Field?
    var recovery: Field
    /// Where to go afterwards; empty for the start page.
    var next: String
    var back: WebPath
}

extension SecondStepPage {
    init(
        _ language: Language, next: String?, hasAuthenticator: Bool = true, passkey: PasskeyPrompt? = nil,
        _ problems: [FieldProblem], triesLeft: Int = 0
    ) {
        let t = IdentityMessages(language).secondStep
        let errors = ProblemText.errors(problems.map(\.ofPasskey), language) { code in
            switch code {
            case "rate_limited": t.tooOften
            case "passkey_invalid": t.wrongPasskey(count: triesLeft)
            default: t.wrong(count: triesLeft)
            }
        }
        self.init(
            action: "/login/mfa", lead: hasAuthenticator ? passkey == nil ? t.lead : t.leadEither : t.leadPasskey, errors: errors,
            passkey: passkey,
            code: hasAuthenticator
                ? Field(
                    "code", label: t.code, hint: t.codeHint, error: errors.message(for: "code"), required: true, maxLength: 40,
                    autocomplete: "one-time-code", focused: true) : nil,
            recovery: Field(
                "recovery_code", label: t.recovery, hint: t.recoveryHint, error: errors.message(for: "recovery_code"),
                required: true, maxLength: 40, autocomplete: "off"),
            next: next.flatMap { WebPath($0) }?.string ?? "", back: "/login")
    }
}

/// `/account/security`.
package struct SecurityPage: Sendable {
    var crumbs: [Crumb]
    /// What it takes to sign in now.
    var authenticatorText: String
    /// Nil without one.
    var authenticator: AuthenticatorCard?
    /// Where one is set up, or another app takes its place.
    var setUp: WebPath
    var passkeys: [PasskeyListRow]
    var addPasskey: WebPath = "/account/security/passkeys"
    /// Nil while the password alone signs in.
    var codes: RecoveryCard?
    /// The member's role demands a second factor, and there is none yet.
    var isRequired: Bool
    /// Nil where nobody signs in with a provider.
    var identities: IdentitiesCard?
}

package struct AuthenticatorCard: Sendable {
    var facts: [Fact]
    var removal: WebPath
}

package struct RecoveryCard: Sendable {
    var facts: [Fact]
    /// Says what to do when few or none are left.
    var warning: String?
    /// POST.
    var newCodes: WebPath
}

extension SecurityPage {
    init(_ state: FactorState, _ passkeys: [PasskeyLine], _ identities: IdentitiesCard?, _ context: MemberContext) {
        let t = IdentityMessages(context.language).security
        let since = state.authenticatorSince
        let hasFactor = since != nil || !passkeys.isEmpty
        self.init(
            crumbs: Crumb.security(context.language).dropLast() + [Crumb(t.title)],
            authenticatorText: since != nil ? t.on : hasFactor ? t.offBesidePasskey : t.off,
            authenticator: since.map {
                AuthenticatorCard(facts: [Fact(t.since, context.format.date($0))], removal: "/account/security/removal")
            },
            setUp: FirstSteps.enrolment, passkeys: passkeys.map { PasskeyListRow($0, context) },
            codes: hasFactor
                ? RecoveryCard(
                    facts: [Fact(t.codesLeft, t.codesLeftOf(count: state.codesLeft))],
                    warning: state.codesLeft > 2 ? nil : t.fewCodes, newCodes: "/account/security/recovery-codes") : nil,
            isRequired: !hasFactor && context.tenant.requiresFactor(context.session.roles), identities: identities)
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
    /// The other way, for those who have to take one.
    var passkey: WebPath?
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
            back: isDue ? nil : "/account/security", passkey: isDue ? "/account/security/passkeys" : nil)
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
