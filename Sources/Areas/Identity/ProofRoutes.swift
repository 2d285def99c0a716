import Database
import Forms
import Foundation
import HTML
import Passwords
import UI
import Web

/// `/account/prove`: where `MemberContext.requireFresh` leads.
struct ProofRoutes: Sendable {
    let passwords: PasswordHasher
    let providers: ProviderSignIn

    func add(to routes: Routes) {
        routes.memberGet("account/prove", on: .page, always: true, use: page)
        routes.memberPost("account/prove", on: .page, always: true, use: prove)
        routes.memberPost("auth/prove", on: .api, always: true, use: prove)
            .tells(
                "Proves again who you are, by password, code or passkey: some changes ask for a proof of the last five minutes."
            )
            .takes { _ = ProofForm(&$0) }.gives(.status("proved")).fails(401, 429)
        routes.memberPost("auth/prove/options", on: .api, always: true, use: options)
            .tells("What a passkey signs to prove who you are, for `navigator.credentials.get`.")
            .gives(PasskeyOptionsJSON<PasskeyRequestOptions>.self).fails(404)
    }

    @Sendable func page(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (next, ways) = (incoming.query.single("next"), try await ways(context))
        return .page(ProofPage(context, ways, next: next, []))
    }

    private func ways(_ context: MemberContext) async throws -> ProofWays {
        let (usable, passkeys) = (providers.usable(context.tenant), try await passkeys(context))
        guard !usable.isEmpty else { return ProofWays(hasPassword: true, passkeys: passkeys, providers: []) }
        let (lines, hasPassword) = try await context.read(
            IdentityLine.all(of: context.memberID, context.tenant.id),
            Query.value(
                "select password_hash is not null from app.member where tenant_id = \(context.tenant.id) and id = \(context.memberID)",
                Bool.self))
        let issuers = Set(lines.map(\.issuer))
        return ProofWays(
            hasPassword: hasPassword && context.tenant.takesPassword(of: context.session.roles), passkeys: passkeys,
            providers: usable.filter { issuers.contains($0.setting.house.issuer) })
    }

    private func passkeys(_ context: MemberContext) async throws -> [PasskeyDescriptor] {
        guard context.session.hasFactor else { return [] }
        return try await context.read(PasskeyDescriptor.all(of: context.memberID, at: context.outer.host, context.tenant.id))
    }

    @Sendable func options(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let passkeys = try await passkeys(context)
        guard !passkeys.isEmpty else { throw Failure.noPasskey }
        let options = PasskeyRequestOptions(PasskeyChallenge(.prove, context), allow: passkeys, context.outer)
        return try .done(PasskeyOptionsJSON(publicKey: options), at: "/account/prove")
    }

    /// - Returns: the browser's new session token.
    private func proved(_ draft: ProofForm, _ context: MemberContext) async throws -> SessionToken? {
        let use = try await Proof(passwords: passwords, context: context).show(draft)
        do {
            return try await context.write { tx in
                try await use?.note(tx)
                try tx.audit("member.proved", "member", context.memberID)
                return try await Sessions.prove(context.session, isBrowser: context.face == .page, tx)
            }
        } catch let failure as Failure where failure.code == SignIn.passkeyInvalid.code {
            throw FormErrors([FieldProblem("passkey", .own(failure.code))])
        }
    }

    @Sendable func prove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let next = incoming.submission.single("next")
        do {
            let draft = try incoming.submission.read { ProofForm(&$0) }
            let token = try await proved(draft, context)
            let reply = try Reply.done(["status": "proved"], at: next.flatMap { WebPath($0) } ?? "/account/security")
            return token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
        } catch let errors as FormErrors {
            let ways = try await ways(context)
            return .refused(page: { ProofPage(context, ways, next: next, errors.problems) }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = ProofPage(context, try await ways(context), next: next, [FieldProblem("password", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }
}
