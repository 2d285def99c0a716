import Forms
import Foundation
import HTML
import Passwords
import UI
import Web

/// `/account/prove`: where `MemberContext.requireFresh` leads.
struct ProofRoutes: Sendable {
    let passwords: PasswordHasher

    func add(to routes: Routes) {
        routes.memberGet("account/prove", on: .page, always: true, use: page)
        routes.memberPost("account/prove", on: .page, always: true, use: prove)
        routes.memberPost("auth/prove", on: .api, always: true, use: prove)
            .tells("Proves again who you are, by password or code: some changes ask for a proof of the last five minutes.")
            .takes { _ = ProofForm(&$0) }.gives(.status("proved")).fails(401, 429)
    }

    @Sendable func page(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        .page(ProofPage(context, next: incoming.query.single("next"), []))
    }

    @Sendable func prove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let next = incoming.submission.single("next")
        do {
            let draft = try incoming.submission.read { ProofForm(&$0) }
            try await Proof(passwords: passwords, context: context).show(draft)
            let token = try await context.write { tx in
                try tx.audit("member.proved", "member", context.memberID)
                return try await Sessions.prove(context.session, isBrowser: context.face == .page, tx)
            }
            let reply = try Reply.done(["status": "proved"], at: next.flatMap { WebPath($0) } ?? "/account/security")
            return token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
        } catch let errors as FormErrors {
            return .refused(page: { ProofPage(context, next: next, errors.problems) }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = ProofPage(context, next: next, [FieldProblem("password", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }
}
