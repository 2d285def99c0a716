import Audit
import Database
import Forms
import Foundation
import HTML
import Identity
import Passwords
import UI
import Web

/// A new password: for those who forgot theirs, by mail, and for those who know it.
struct PasswordRoutes: Sendable {
    let passwords: PasswordHasher
    /// From one address, whoever's password it is about.
    static let asked = RateLimit("password-forgot", 20, per: 3600)
    static let links = RateLimit("password-reset", 20, per: 3600)
    /// Wrong present passwords of somebody who is signed in.
    static let wrong = RateLimit("password-change", 5, per: 15 * 60)

    func add(to routes: Routes) {
        // Open: this is for people who cannot sign in.
        routes.openGet("password/forgot", on: .page, use: forgotPage)
        routes.openPost("password/forgot", on: .page, use: forgot)
        routes.openPost("auth/password/forgot", on: .api, use: forgot)
            .tells("Sends a link for a new password. The answer says nothing about the address.")
            .takes { _ = Address.read(&$0) }.gives(.status("accepted"), 202).fails(429)
        routes.openGet("password/sent", on: .page, use: sent)
        routes.openGet("password/reset", on: .page, use: resetPage)
        routes.openPost("password/reset", on: .page, use: reset)
        routes.openPost("auth/password/reset", on: .api, use: reset)
            .tells("Sets a new password with the link's token; all sign-ins end.")
            .takes { _ = NewPassword(&$0, twice: false) }
            .takes(fields: .text("token", max: 100, "From the mail's link; without a good one 410"))
            .gives(.status("changed")).fails(410, 429)
        routes.memberGet("account/password", on: .page, use: changePage)
        routes.memberPost("account/password", use: change)
            .tells("Changes your password; your other sign-ins end.")
            .takes { _ = Self.change(&$0, .api) }.gives(.status("changed")).fails(429)
    }

    // MARK: Forgotten

    @Sendable func forgotPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        .page(forgotPage(context, FormValues(), []))
    }

    private func forgotPage(_ context: TenantContext, _ values: FormValues, _ problems: [FieldProblem]) -> EntryPage {
        let t = ArrivalMessages(context.language).password
        return .address(context, "/password/forgot", (t.forgotTitle, t.forgotLead, t.forgot), values, problems)
    }

    /// Known or not: a job is noted, and the answer is the same (T69).
    @Sendable func forgot(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        do {
            let email = try incoming.submission.read { Address.read(&$0) }
            try await Self.asked.spend(context.arrival.address ?? "unknown", context.walled, now: context.arrival.now)
            try await context.walled.write { tx in _ = try tx.enqueue(AnswerForgotten(email: email)) }
            return try .accepted(["status": "accepted"], at: "/password/sent")
        } catch let errors as FormErrors {
            let page = forgotPage(context, incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = forgotPage(context, incoming.values, [FieldProblem("email", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func sent(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let t = ArrivalMessages(context.language)
        return .page(
            EntryEndPage(title: t.password.sentTitle, text: t.password.sentText, links: [EntryLink(t.toSignIn, "/login")]))
    }

    // MARK: By the link of the mail

    @Sendable func resetPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard let token = incoming.query.single("token").flatMap(SessionToken.init(presented:)),
            let asked = try await asked(token, context)
        else { return expired(context) }
        return .page(resetPage(context, token, asked, []))
    }

    private func asked(_ token: SessionToken, _ context: TenantContext) async throws -> Resets.Asked? {
        try await context.walled.read(Resets.Asked.find(token, context.tenant.id, now: context.arrival.now))
    }

    private func resetPage(_ context: TenantContext, _ token: SessionToken, _ asked: Resets.Asked, _ problems: [FieldProblem])
        -> EntryPage
    {
        let form = EntryFields(context.language, FormValues(), problems)
        let t = form.t.password
        var page = EntryPage(
            title: t.resetTitle, lead: t.resetLead(email: asked.email), action: "/password/reset", errors: form.errors,
            items: [form.password(form.t.field.newPassword), form.passwordAgain], hidden: [HiddenValue("token", token.text)],
            submit: t.reset)
        page.sortErrors()
        return page
    }

    private func expired(_ context: TenantContext) -> Reply {
        let t = ArrivalMessages(context.language)
        let page = EntryEndPage(
            title: t.password.expiredTitle, text: t.password.expiredText,
            links: [EntryLink(t.password.again, "/password/forgot"), EntryLink(t.toSignIn, "/login")])
        return .failed(page: { page }, .linkExpired)
    }

    @Sendable func reset(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (walled, now) = (context.walled, context.arrival.now)
        let address = context.arrival.address ?? "unknown"
        try await Self.links.requireRest(address, walled, now: now)
        guard let token = incoming.submission.single("token").flatMap(SessionToken.init(presented:)),
            let asked = try await asked(token, context)
        else {
            try? await Self.links.spend(address, walled, now: now)
            return expired(context)
        }
        do {
            let password = try incoming.submission.read { NewPassword(&$0, twice: context.arrival.face == .page) }
            try password.check(own: [asked.name, asked.email, context.tenant.name], incoming.values)
            let hash = try await passwords.hash(password.text)
            _ = try await walled.write { tx in try await Resets(tx: tx).end(token, hash) }
        } catch let errors as FormErrors {
            let page = resetPage(context, token, asked, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.code == Failure.linkExpired.code {
            return expired(context)
        }
        let reply = try Reply.done(
            ["status": "changed"], at: "/login", flash: Flash(ArrivalMessages(context.language).password.done))
        return .withCookies(reply, context.house.cookies.signedOut)
    }

    // MARK: By those who know it

    @Sendable func changePage(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        .page(changePage(context, []))
    }

    private func changePage(_ context: MemberContext, _ problems: [FieldProblem]) -> OfficePage {
        let form = EntryFields(context.language, FormValues(), problems)
        let t = form.t
        let current = form.field(
            "current_password", t.field.currentPassword, required: true, autocomplete: "current-password")
        let items = [EntryItem(current, .password), form.password(t.field.newPassword), form.passwordAgain]
        return OfficePage(
            title: t.password.changeTitle, lead: t.password.changeLead,
            crumbs: [Crumb(t.password.settings, "/account"), Crumb(t.password.changeTitle)], action: "/account/password",
            back: "/account", errors: form.errors.inOrder(of: items.map(\.field)), items: items, submit: t.password.reset)
    }

    @Sendable func change(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let draft = try incoming.submission.read { Self.change(&$0, context.face) }
            try await prove(draft.current, context)
            try draft.new.check(own: [context.session.name, context.session.email, context.tenant.name], incoming.values)
            let hash = try await passwords.hash(draft.new.text)
            try await context.write { tx in
                try await PasswordChange(tx: tx).set(hash, of: context.memberID, but: context.session.id)
                try tx.audit("member.password_changed", "member", context.memberID)
            }
            return try .done(
                ["status": "changed"], at: "/account", flash: Flash(ArrivalMessages(context.language).password.changed))
        } catch let errors as FormErrors {
            let page = changePage(context, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = changePage(context, [FieldProblem("current_password", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }

    private static func change(_ form: inout FormReader, _ face: Face) -> (current: String, new: NewPassword) {
        (form.password("current_password"), NewPassword(&form, twice: face == .page))
    }

    /// - Throws: `FormErrors` for a wrong one, 429 after some.
    private func prove(_ password: String, _ context: MemberContext) async throws {
        let walled = try await context.proved()
        let subject = context.memberID.text
        try await Self.wrong.requireRest(subject, walled, now: context.now)
        let hash = try await walled.read(
            Query.value(
                "select password_hash from app.member where tenant_id = \(context.tenant.id) and id = \(context.memberID)",
                String?.self))
        guard try await passwords.verify(password, against: hash) else {
            try? await Self.wrong.spend(subject, walled, now: context.now)
            throw FormErrors([FieldProblem("current_password", .own("wrong_password"))])
        }
    }
}
