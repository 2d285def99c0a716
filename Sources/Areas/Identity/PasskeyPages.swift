import Forms
import Foundation
import HTML
import Tokens
import UI
import Web

/// A form that the browser's own dialog fills in. Hidden until `passkey.js` knows that the browser can: every page is whole without it.
package struct PasskeyPrompt: Sendable {
    var action: WebPath
    /// JSON, for the browser.
    var options: String
    var label: String
}

extension PasskeyPrompt {
    /// Nil for members without a passkey on this host.
    init?(_ passkeys: [PasskeyDescriptor], _ challenge: PasskeyChallenge, at action: WebPath, _ context: TenantContext) {
        guard !passkeys.isEmpty else { return nil }
        let t = IdentityMessages(context.language).passkeys
        self.init(PasskeyRequestOptions(challenge, allow: passkeys, context), at: action, t.use)
    }

    /// For whoever comes; nil where the browser brought no visit.
    init?(signInTo context: TenantContext) {
        guard let holder = context.visitHolder else { return nil }
        let t = IdentityMessages(context.language).passkeys
        self.init(
            PasskeyRequestOptions(PasskeyChallenge(.signIn, holder: holder, context), context), at: "/login", t.signIn)
    }

    init?(_ options: some Encodable, at action: WebPath, _ label: String) {
        guard let json = try? JSON.encode(options) else { return nil }
        self.init(action: action, options: String(decoding: json, as: UTF8.self), label: label)
    }
}

extension FieldProblem {
    /// Which part of an authenticator's answer is wrong is nothing that people could mend: one error at the button says it all.
    var ofPasskey: FieldProblem {
        field.hasPrefix("credential.") ? FieldProblem("passkey", .own("passkey_invalid")) : self
    }
}

extension TenantContext {
    /// What a challenge for whoever comes is bound to; nil for programs.
    var visitHolder: String? { visitHash.map { Base64URL.encode($0) } }
}

/// `/account/security/passkeys`: a name, and the browser does the rest.
package struct NewPasskeyPage: Sendable {
    var crumbs: [Crumb]
    var lead: String
    var errors: [FieldError]
    var name: Field
    var prompt: PasskeyPrompt
    /// Nil while there is nowhere else to go.
    var back: WebPath?
}

extension NewPasskeyPage {
    init(
        _ known: [PasskeyDescriptor], _ context: MemberContext, agent: String?, _ values: FormValues = FormValues(),
        _ problems: [FieldProblem] = []
    ) throws {
        let t = IdentityMessages(context.language)
        let errors = ProblemText.errors(problems.map(\.ofPasskey), context.language) { code in
            switch code {
            case "too_many_passkeys": t.passkeys.tooMany(count: Passkeys.most)
            case "passkey_known": t.passkeys.known
            default: t.passkeys.wrongNew
            }
        }
        let typed = values["name"]
        let name = Field(
            "name", label: t.passkeys.name, value: typed.isEmpty ? t.passkeys.device(agent) : typed, hint: t.passkeys.nameHint,
            error: errors.message(for: "name"), required: true, maxLength: 80)
        let options = PasskeyCreationOptions(without: known, context)
        guard let prompt = PasskeyPrompt(options, at: "/account/security/passkeys", t.passkeys.make) else {
            throw Failure.notFound
        }
        let isDue = FirstSteps.due(context) != nil
        self.init(
            crumbs: Crumb.security(context.language) + [Crumb(t.passkeys.add)],
            lead: isDue ? t.security.required : t.passkeys.lead, errors: errors.inOrder(of: [name]), name: name, prompt: prompt,
            back: isDue ? FirstSteps.enrolment : "/account/security")
    }
}

extension IdentityMessages.Passkeys {
    /// "Chrome on Windows", until its holder finds a better name.
    fileprivate func device(_ agent: String?) -> String {
        let agent = UserAgent(agent)
        return [agent.name, agent.system].compactMap(\.self).joined(separator: ", ")
    }
}

/// `/account/security/passkeys/{id}`.
package struct PasskeyPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var facts: [Fact]
    var action: WebPath
    var errors: [FieldError]
    var name: Field
    var removal: WebPath
    /// What it means to remove this one.
    var removalText: String
    var removalQuestion: String
}

extension PasskeyPage {
    init(
        _ line: PasskeyLine, isLast: Bool, _ context: MemberContext, _ values: FormValues? = nil, _ problems: [FieldProblem] = []
    ) {
        let t = IdentityMessages(context.language)
        let errors = ProblemText.errors(problems, context.language)
        let path: WebPath = "/account/security/passkeys/\(line.id.text)"
        let required = context.tenant.requiresFactor(context.session.roles)
        self.init(
            title: line.name, crumbs: Crumb.security(context.language) + [Crumb(line.name)],
            facts: [
                Fact(t.passkeys.made, context.format.date(line.madeAt)),
                Fact(t.passkeys.used, line.usedAt.map { context.format.moment($0).text } ?? t.passkeys.never),
                Fact(t.passkeys.kept, line.isBackedUp ? t.passkeys.keptMany : t.passkeys.keptOne),
                Fact(t.passkeys.host, line.host)
            ],
            action: path, errors: errors,
            name: Field(
                "name", label: t.passkeys.name, value: values?["name"] ?? line.name, hint: t.passkeys.nameHint,
                error: errors.message(for: "name"), required: true, maxLength: 80),
            removal: "/account/security/passkeys/\(line.id.text)/removal",
            removalText: !isLast ? t.passkeys.removeText : required ? t.security.removeRequired : t.security.removeLead,
            removalQuestion: t.passkeys.removeQuestion(name: line.name))
    }
}

/// A passkey in the list of its member.
package struct PasskeyListRow: Sendable {
    var name: String
    var path: WebPath
    var kept: String
    var made: Moment
    /// Nil until it is used.
    var used: Moment?
}

extension PasskeyListRow {
    init(_ line: PasskeyLine, _ context: MemberContext) {
        let t = IdentityMessages(context.language).passkeys
        self.init(
            name: line.name, path: "/account/security/passkeys/\(line.id.text)", kept: line.isBackedUp ? t.keptMany : t.keptOne,
            made: context.format.moment(line.madeAt), used: line.usedAt.map(context.format.moment))
    }
}
