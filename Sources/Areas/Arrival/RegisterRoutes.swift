import Audit
import Database
import Forms
import Foundation
import HTML
import Identity
import Passwords
import Tenancy
import UI
import Web

/// Coming in, with an invitation or, where the company allows it, without.
struct RegisterRoutes: Sendable {
    let passwords: PasswordHasher
    /// Of the company's clients at its identity providers.
    let secrets: ClientSecrets
    /// Codes that did not work, and registrations without one, from one address.
    static let tries = RateLimit("register", 10, per: 3600)
    /// Mails asked for again, to one address, whoever asks and whoever has it.
    static let again = RateLimit("register-again", 3, per: 3600)

    func add(to routes: Routes) {
        routes.chapter("Registration and passwords")
        // Open: this is for people who are nobody here yet.
        routes.openGet("register", on: .page, use: page)
        routes.openPost("register", on: .page, use: register)
        routes.openPost("auth/register", on: .api, use: register)
            .tells("Makes an account with an invitation's code.")
            .notes("Without one it begins a registration, where the company allows that.")
            .takes(Self.fields).creates(AcceptedJSON.self, once: false).gives(PendingJSON.self, 201).fails(429)
        routes.openAlias("/api/auth/register", use: register)
            .tells("The same as `/api/v1/auth/register`.")
            .takes(Self.fields).creates(AcceptedJSON.self, once: false).gives(PendingJSON.self, 201).fails(429)
        routes.openGet("register/sent", on: .page, use: sent)
        routes.openGet("register/resend", on: .page, use: resendPage)
        routes.openPost("register/resend", on: .page, use: resend)
        routes.openPost("auth/verify/resend", on: .api, use: resend)
            .tells("Sends the confirming mail again. The answer says nothing about the address.")
            .takes { _ = Address.read(&$0) }.gives(.status("accepted"), 202).fails(429)
    }

    /// With an invitation's code or, where the company allows it, without.
    @Sendable private static func fields(_ form: inout FormReader, _ tenant: Tenant) {
        if !form.has("invitation_code"), let terms = tenant.registration {
            _ = RegistrationDraft(&form, tenant, terms, .api)
        } else {
            _ = AcceptDraft(&form, .api)
        }
    }

    @Sendable func page(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let code = incoming.query.single("code")
        if code == nil, let terms = context.tenant.registration {
            return .page(EntryPage.open(context, terms, FormValues(), []).with(secrets.links(context, next: nil), context))
        }
        let known = code.flatMap(InvitationCode.init(presented:))
        var email = ""
        if let known {
            email =
                try await context.walled.read(InvitationLine.pending(known, context.tenant.id, now: context.arrival.now))?.email
                ?? ""
        }
        let next = incoming.query.single("next").flatMap { WebPath($0) }
        // Without an invitation there is nothing to take along to a provider.
        let ways = email.isEmpty ? [] : secrets.links(context, next: next, invitation: known?.text)
        let page = EntryPage.invited(context, code: known?.text ?? code ?? "", email: email, next: next, FormValues(), [])
        return .page(page.with(ways, context))
    }

    @Sendable func register(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        if !incoming.submission.has("invitation_code"), let terms = context.tenant.registration {
            return try await begin(incoming, terms, context)
        }
        do {
            return try await accept(incoming, context)
        } catch let errors as FormErrors {
            let page = again(incoming, context, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where Self.ours.contains(failure.code) {
            let field = failure.code == Failure.emailTaken.code ? "email" : "invitation_code"
            return refuse(failure, again(incoming, context, [FieldProblem(field, .own(failure.code))]), context)
        }
    }

    private static let ours: Set<String> = [Failure.invitationInvalid.code, Failure.emailTaken.code, "rate_limited"]

    private func again(_ incoming: Incoming, _ context: TenantContext, _ problems: [FieldProblem]) -> EntryPage {
        let (values, next) = (incoming.values, WebPath(incoming.values["next"]))
        let isWrong = problems.contains { $0.field == "invitation_code" }
        let known = isWrong ? nil : InvitationCode(presented: values["invitation_code"])
        let ways = known.map { secrets.links(context, next: next, invitation: $0.text) } ?? []
        return EntryPage.invited(context, code: values["invitation_code"], email: "", next: next, values, problems)
            .with(ways, context)
    }

    /// What programs get as 400 is 422 on a page.
    private func refuse(_ failure: Failure, _ page: EntryPage, _ context: TenantContext) -> Reply {
        var failure = failure
        if context.arrival.face == .page, failure.status == .badRequest { failure.status = .unprocessableContent }
        return .failed(page: { page }, failure)
    }

    // MARK: With an invitation

    private func accept(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (walled, now, face) = (context.walled, context.arrival.now, context.arrival.face)
        let draft = try incoming.submission.read { AcceptDraft(&$0, face) }
        let address = context.arrival.address ?? "unknown"
        try await Self.tries.requireRest(address, walled, now: now)
        do {
            let code = try await known(draft, context)
            try draft.password.check(own: [draft.email, draft.displayName, context.tenant.name], incoming.values)
            return try await admit(code, draft, incoming, context)
        } catch let failure as Failure where failure.code == Failure.invitationInvalid.code {
            try? await Self.tries.spend(address, walled, now: now)
            throw failure
        }
    }

    /// Before any work is done for somebody without a code.
    private func known(_ draft: AcceptDraft, _ context: TenantContext) async throws -> InvitationCode {
        guard let code = draft.code,
            let line = try await context.walled.read(InvitationLine.pending(code, context.tenant.id, now: context.arrival.now)),
            line.email == draft.email
        else { throw Failure.invitationInvalid }
        return code
    }

    private func admit(_ code: InvitationCode, _ draft: AcceptDraft, _ incoming: Incoming, _ context: TenantContext) async throws
        -> Reply
    {
        let hash = try await passwords.hash(draft.password.text)
        let newcomer = Admission.Newcomer(
            email: draft.email, name: draft.displayName, language: context.language, passwordHash: hash)
        let agent = incoming.headers[.userAgent]
        let next = incoming.submission.single("next").flatMap { WebPath($0) }
        let signer = context.arrival.face == .page ? nil : try await context.accessSigner()
        let device = context.house.cookies.device(in: incoming.headers) ?? SessionToken()
        let (member, cookie, access) = try await context.walled.write { tx in
            let member = try await Admission(tx: tx, tenant: context.tenant).admit(code, newcomer)
            let mark = signer == nil ? DeviceMark.browser(device) : .program
            try await KnownDevices(tx: tx).note(mark, of: member, agent: agent, isFirst: true)
            if let signer {
                let access = try await Sessions.openAccess(member, family: UUID.v7(), signer, agent: agent, proved: true, tx)
                return (member, nil as SessionToken?, access.text)
            }
            let roles = try await tx.value(
                "select roles from app.member where tenant_id = \(context.tenant.id) and id = \(member)", [String].self)
            let token = Sessions.open(
                .browser, member, family: UUID.v7(), staff: context.tenant.isStaff(roles), agent: agent, proved: true,
                browser: device.hash, tx)
            return (member, token, "")
        }
        let t = ArrivalMessages(context.language).register
        let reply = try Reply.created(
            AcceptedJSON(userId: member.text, token: access), at: next ?? "/dashboard",
            flash: Flash(t.welcome(name: draft.displayName)))
        return cookie.map { .withCookies(reply, context.house.cookies.signedIn($0, device: device)) } ?? reply
    }

    // MARK: Without one

    private func begin(_ incoming: Incoming, _ terms: RegistrationSettings.Terms, _ context: TenantContext) async throws -> Reply
    {
        func page(_ problems: [FieldProblem]) -> EntryPage {
            .open(context, terms, incoming.values, problems).with(secrets.links(context, next: nil), context)
        }
        let draft: RegistrationDraft
        do {
            draft = try incoming.submission.read { RegistrationDraft(&$0, context.tenant, terms, context.arrival.face) }
            try draft.password.check(own: [draft.email, draft.name, context.tenant.name], incoming.values)
            try await Self.tries.spend(context.arrival.address ?? "unknown", context.walled, now: context.arrival.now)
        } catch let errors as FormErrors {
            let page = page(errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            return refuse(failure, page([FieldProblem("email", .own(failure.code))]), context)
        }
        let hash = try await passwords.hash(draft.password.text)
        try await context.walled.write { tx in
            try await Registrations(tx: tx, tenant: context.tenant).begin(draft, hash, context.language)
        }
        // The number says nothing about anybody: it follows from the address alone.
        let number = context.house.secret.sign("registration", String(context.tenant.id), draft.email)
        return try .created(PendingJSON(registrationId: number), at: "/register/sent")
    }

    @Sendable func sent(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard context.tenant.registration != nil else { throw Failure.notFound }
        let t = ArrivalMessages(context.language)
        return .page(
            EntryEndPage(
                title: t.register.sentTitle, text: t.register.sentText,
                links: [EntryLink(t.register.noMail, "/register/resend"), EntryLink(t.toSignIn, "/login")]))
    }

    @Sendable func resendPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard context.tenant.registration != nil else { throw Failure.notFound }
        return .page(resendPage(context, FormValues(), []))
    }

    private func resendPage(_ context: TenantContext, _ values: FormValues, _ problems: [FieldProblem]) -> EntryPage {
        let t = ArrivalMessages(context.language).register
        return .address(context, "/register/resend", (t.resendTitle, t.resendLead, t.resend), values, problems)
    }

    @Sendable func resend(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard context.tenant.registration != nil else { throw Failure.notFound }
        do {
            let email = try incoming.submission.read { Address.read(&$0) }
            try await Self.again.spend(email, context.walled, now: context.arrival.now)
            try await context.walled.write { tx in _ = try tx.enqueue(AnswerAgain(email: email)) }
            return try .accepted(["status": "accepted"], at: "/register/sent")
        } catch let errors as FormErrors {
            let page = resendPage(context, incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = resendPage(context, incoming.values, [FieldProblem("email", .own(failure.code))])
            return refuse(failure, page, context)
        }
    }
}

/// Whose address a mail is asked for.
enum Address {
    static func read(_ form: inout FormReader) -> String { form.email("email", .required) }
}

/// Somebody with an invitation.
struct AcceptDraft: Sendable {
    /// Nil: what was typed cannot be a code of ours.
    let code: InvitationCode?
    let email: String
    let displayName: String
    let password: NewPassword

    init(_ form: inout FormReader, _ face: Face) {
        code = InvitationCode(presented: form.text("invitation_code", .required, .max(80)))
        email = form.email("email", .required)
        // Programs need not say a name: the part before the @ will do until its owner changes it.
        let name =
            face == .page ? form.text("display_name", .required, .max(120)) : form.optionalText("display_name", .max(120)) ?? ""
        displayName = name.isEmpty ? String(email.prefix { $0 != "@" }.prefix(120)) : name
        password = NewPassword(&form, twice: face == .page)
    }
}

private struct AcceptedJSON: Codable, Sendable {
    let userId: String
    /// An access token, good for 15 minutes.
    let token: String
}

private struct PendingJSON: Codable, Sendable {
    let registrationId: String
    var status = "pending_verification"
}
