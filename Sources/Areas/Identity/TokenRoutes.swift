import Forms
import Foundation
import HTML
import UI
import Web

/// A member's own tokens for programs. Only somebody who is signed in makes and revokes them: a token cannot.
struct TokenRoutes: Sendable {
    func add(to routes: Routes) {
        routes.memberGet("account/tokens", on: .page, use: list)
        routes.memberPost("account/tokens", on: .page, use: make)
        routes.memberPost("account/tokens/{id}/revocation", on: .page, use: revoke)
        routes.memberGet("me/tokens", on: .api, use: list)
            .tells("Lists your personal tokens.").lists(TokenJSON.self)
        routes.memberPost("me/tokens", on: .api, use: make)
            .tells("Makes a personal token. It stands in this answer and never again.")
            .takes { _ = TokenDraft(&$0, offered: [], $1.timeZone, now: Date()) }.creates(TokenJSON.self, once: false)
        routes.memberDelete("me/tokens/{id}", use: revoke)
            .tells("Revokes a personal token.").givesNothing()
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (page, total) = try await lines(cursor, size, context)
        return .show(
            TokensPage(page, total, context),
            json: ListJSON(items: page.lines.map { TokenJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    /// The token is shown in this answer and never again: nothing keeps it, neither a cookie nor what an idempotency key remembers.
    @Sendable func make(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let draft = try incoming.submission.read {
                TokenDraft(&$0, offered: TokenScope.offered(context), context.outer.zone, now: context.now)
            }
            let (id, token) = try await context.write { tx in try await PersonalTokens(tx: tx).make(draft, for: context.memberID)
            }
            let line = try await context.read(TokenLine.find(id, context.tenant.id))
            if context.face == .api {
                let json = TokenJSON(line, now: context.now, token: token.text)
                return .secret(try .created(json, at: "/me/tokens"))
            }
            let (page, total) = try await lines(.first, 20, context)
            let made = MadeToken(name: draft.name, secret: token.text)
            return .secret(.page(TokensPage(page, total, context, made: made)))
        } catch let errors as FormErrors {
            let (page, total) = try await lines(.first, 20, context)
            return .refused(page: { TokensPage(page, total, context, incoming.values, errors.problems) }, errors.problems)
        }
    }

    @Sendable func revoke(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in try await PersonalTokens(tx: tx).revoke(id, of: context.memberID) }
        return .gone(at: "/account/tokens", flash: Flash(IdentityMessages(context.language).tokens.gone))
    }

    private func lines(_ cursor: Cursor, _ size: Int, _ context: MemberContext) async throws -> (KeysetPage<TokenLine>, Int) {
        let (lines, total) = try await context.read(
            TokenLine.page(of: context.memberID, cursor, size: size, context.tenant.id),
            TokenLine.count(of: context.memberID, context.tenant.id))
        return (KeysetPage(lines, size: size, cursor: cursor) { $0.id }, total)
    }
}
