import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// The link of a registration's mail. Opening it only shows a button, because mail programs open links ahead of people; pressing it
/// makes the account. Once used it says so, however often it is opened.
struct VerifyRoutes: Sendable {
    private static let token = FieldShape.text("token", max: 100, required: true, "From the mail's link")

    func add(to routes: Routes) {
        // Open: the token proves the mailbox.
        routes.openGet("verify", on: .page, use: page)
        routes.openPost("verify", on: .page, use: confirm)
        routes.openGet("verify/done", on: .page, use: done)
        // A program that asks has decided to; FLOWS-2 §1.1 names GET.
        routes.openGet("auth/verify", on: .api, use: answer)
            .tells("Confirms a mail address.").asks(Self.token).gives(.status("verified")).fails(404, 410)
        routes.openPost("auth/verify", on: .api, use: answer)
            .tells("Confirms a mail address.").takes(fields: Self.token).gives(.status("verified")).fails(404, 410)
    }

    @Sendable func page(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let token = try token(incoming.query.single("token"))
        guard let pending = try await context.walled.read(Verification.Pending.find(token, context.tenant.id)) else {
            throw Failure.notFound
        }
        if let state = pending.state(context.tenant, now: context.arrival.now) { return end(state, pending.email, context) }
        let t = ArrivalMessages(context.language).verify
        return .page(
            EntryPage(
                title: t.title, lead: t.lead(company: context.tenant.name), action: "/verify", errors: [], items: [],
                hidden: [HiddenValue("token", token.text)], submit: t.submit))
    }

    @Sendable func confirm(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let token = try token(incoming.submission.single("token"))
        return switch try await verify(token, context) {
        case .verified: .redirect("/verify/done")
        case .already, .expired: .redirect(("/verify" as WebPath).adding(query: [("token", token.text)]))
        }
    }

    @Sendable func done(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        end(.verified, "", context)
    }

    @Sendable func answer(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let given = incoming.method == .get ? incoming.query.single("token") : incoming.submission.single("token")
        let state = try await verify(try token(given), context)
        guard state != .expired else { throw Failure.linkExpired }
        return try .done(["status": "verified"], at: "/login")
    }

    private func token(_ text: String?) throws -> SessionToken {
        guard let token = text.flatMap(SessionToken.init(presented:)) else { throw Failure.notFound }
        return token
    }

    private func verify(_ token: SessionToken, _ context: TenantContext) async throws -> Verified {
        try await context.walled.write { tx in try await Verification(tx: tx, tenant: context.tenant).confirm(token) }
    }

    private func end(_ state: Verified, _ email: String, _ context: TenantContext) -> Reply {
        let t = ArrivalMessages(context.language)
        let signIn = EntryLink(t.toSignIn, "/login")
        switch state {
        case .verified: return .page(EntryEndPage(title: t.verify.doneTitle, text: t.verify.doneText, links: [signIn]))
        case .already: return .page(EntryEndPage(title: t.verify.alreadyTitle, text: t.verify.alreadyText, links: [signIn]))
        case .expired:
            let page = EntryPage.address(
                context, "/register/resend", (t.verify.expiredTitle, t.verify.expiredText, t.register.resend),
                FormValues(["email": email]), [])
            return .failed(page: { page }, .linkExpired)
        }
    }
}
