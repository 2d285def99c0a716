import Audit
import Database
import Foundation
import Web

/// Exchanging a refresh token for a new pair. Each is good once; a second use ends the whole sign-in, but for ten seconds in which
/// two tabs may race.
enum Refresh {
    private struct Held: Record {
        let member: UUID
        let family: UUID
        let spentAt: Date?
        let alive: Bool

        init(row: Row) throws {
            member = try row["member_id"]
            family = try row["family"]
            spentAt = try row["spent_at"]
            alive = try row["alive"]
        }
    }

    private enum Outcome {
        case fresh(TokenAnswer)
        case refused
    }

    static func exchange(_ token: SessionToken, agent: String?, _ context: TenantContext) async throws -> TokenAnswer {
        let outcome = try await context.walled.write { tx -> Outcome in
            let held = try await tx.first(
                """
                select s.member_id, s.family, s.spent_at, s.expires_at > \(tx.facts.now) and m.disabled_at is null as alive
                  from app.session s join app.member m on m.tenant_id = s.tenant_id and m.id = s.member_id
                 where s.tenant_id = \(context.tenant.id) and s.token_hash = \(token.hash) and s.kind = 'refresh' for update of s
                """, Held.self)
            guard let held, held.alive else { return .refused }
            if let spent = held.spentAt, tx.facts.now.timeIntervalSince(spent) > 10 {
                try await tx.execute("delete from app.session where tenant_id = \(context.tenant.id) and family = \(held.family)")
                try tx.audit("session.reused", "member", held.member, actor: held.member)
                return .refused
            }
            tx.atCommit(
                """
                update app.session set spent_at = coalesce(spent_at, \(tx.facts.now))
                 where tenant_id = \(context.tenant.id) and token_hash = \(token.hash)
                """)
            return .fresh(TokenAnswer.open(held.member, family: held.family, agent: agent, tx))
        }
        guard case .fresh(let answer) = outcome else { throw Failure.unauthenticated }
        return answer
    }
}
