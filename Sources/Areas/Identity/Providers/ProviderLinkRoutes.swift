import Audit
import Database
import Foundation
import HTML
import HTTPTypes
import UI
import Web

/// What members do with their company's providers besides signing in: link and unlink them, and prove who they are.
struct ProviderLinkRoutes: Sendable {
    let providers: ProviderSignIn

    func add(to routes: Routes) {
        routes.memberGet("account/security/providers/{provider}", on: .page, use: link)
        routes.memberPost("account/security/identities/{id}/removal", on: .page, use: unlink)
        routes.memberGet("auth/identities", on: .api, always: true, use: list)
            .tells("Lists the accounts at identity providers that sign you in.").listsAll(IdentityJSON.self)
        routes.memberDelete("auth/identities/{id}", use: unlink)
            .tells("Unlinks an account at an identity provider; your only way in is kept. Needs a fresh proof.").givesNothing()
            .fails(409)
        // Open to those who have to set up a factor first: for that they may have to prove who they are.
        routes.memberGet("account/prove/{provider}", on: .page, always: true, use: prove)
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let lines = try await context.read(IdentityLine.all(of: context.memberID, context.tenant.id))
        let items = lines.map { IdentityJSON($0, context) }
        return try .done(ListJSON(items: items, nextCursor: nil, total: items.count), at: "/account/security")
    }

    /// Only from our own page: nobody is led to link what somebody else is signed in with.
    @Sendable func link(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let provider = try providers.provider(incoming, context.tenant)
        guard incoming.comesFromHere(context.arrival.authority) else { return .redirect("/account/security") }
        try context.requireFresh()
        return try await leave(provider, .link, nil, incoming, context)
    }

    @Sendable func prove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let provider = try providers.provider(incoming, context.tenant)
        let next = incoming.query.single("next").flatMap { WebPath($0) }
        guard !incoming.comesFromElsewhere else { return .redirect("/account/security") }
        return try await leave(provider, .prove, next, incoming, context)
    }

    private func leave(
        _ provider: Provider, _ purpose: SignInState.Purpose, _ next: WebPath?, _ incoming: Incoming, _ context: MemberContext
    ) async throws -> Reply {
        guard let session = context.house.cookies.session(in: incoming.headers) else { throw Failure.unauthenticated }
        do {
            let state = SignInState(purpose, member: context.memberID, next: next, now: context.now)
            return .leave(try await providers.authorization(provider, state, .session(session), context.outer))
        } catch let failure as ProviderFailure {
            let page = ProviderProblemPage(failure.failure, provider, purpose, next: nil, takesPassword: true, context.language)
            return .failed(page: { page }, failure.failure)
        }
    }

    @Sendable func unlink(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        let (id, tenant, t) = (try incoming.id(), context.tenant, IdentityMessages(context.language).provider)
        do {
            try await context.write { tx in try await Identities(tx: tx, tenant: tenant).unlink(id, of: context.memberID) }
            return .gone(at: "/account/security", flash: Flash(t.unlinked))
        } catch let failure as Failure where failure.code == Failure.lastWayIn.code && context.face == .page {
            return .gone(at: "/account/security", flash: Flash(t.lastWay, tone: .warn))
        }
    }
}

/// Comes back from a provider for somebody who is signed in.
struct ProviderLinks: Sendable {
    let context: TenantContext
    let assertion: Assertion
    let state: SignInState

    /// - Throws: 401 when the sign-in has ended meanwhile, and what `Identities` throws.
    func finish(_ token: SessionToken?, _ next: WebPath?) async throws -> Reply {
        let (tenant, now) = (context.tenant, context.arrival.now)
        guard let token, let member = state.member,
            let session = try await context.walled.read(
                Sessions.find(hash: token.hash, kind: .browser, tenant: tenant.id, now: now)), session.memberID == member
        else { throw Failure.stateInvalid }
        let t = IdentityMessages(context.language).provider
        if state.purpose == .link {
            try await context.walled.write { tx in try await Identities(tx: tx, tenant: tenant).link(assertion, to: member) }
            let title = assertion.provider.title(context.language.rawValue)
            return .gone(at: "/account/security", flash: Flash(t.linked(provider: title)))
        }
        // What the provider remembers of an earlier visit proves nothing now.
        let begun = Date(timeIntervalSince1970: Double(state.madeAt))
        if let at = assertion.authenticatedAt, at < begun.addingTimeInterval(-60) {
            throw ProviderFailure.disbelieved("auth_time")
        }
        let fresh = try await context.walled.write { tx in
            try await Identities(tx: tx, tenant: tenant).prove(assertion, by: member)
            try tx.audit(
                "member.proved", "member", member, AuditChange(after: ["by": assertion.provider.key]), actor: member)
            return try await Sessions.prove(session, isBrowser: true, tx)
        }
        let reply = Reply.redirect(next ?? "/account/security")
        return fresh.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
    }
}

extension Incoming {
    /// From a page of ours. Of a browser that does not say so itself, the page before has to.
    fileprivate func comesFromHere(_ host: String?) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] { return site == "same-origin" }
        guard let host, let referer = headers[.referer] else { return false }
        return ["https://", "http://"].contains { referer.hasPrefix("\($0)\(host)/") }
    }
}
