import Audit
import Database
import Foundation
import Web

/// Exchanging a refresh token for a new pair. Each is good once; a second use ends the whole sign-in, for whoever has the other copy. But
/// for ten seconds the second use gets the very pair that the first one got: two tabs race, or an answer was lost on its way.
enum Refresh {
    static let grace: TimeInterval = 10
    /// From the sign-in on, however often it is renewed.
    static let longest: TimeInterval = 90 * 86_400
    static let limit = RateLimit("refresh", 60, per: 3600)
    /// One answer for everything that cannot be exchanged.
    static let invalid = Failure(.unauthorized, "refresh_invalid", "Sign in again")

    private struct Held: Record {
        let member: UUID
        let family: UUID
        let signedInAt: Date
        let spentAt: Date?
        let isVouched: Bool
        let alive: Bool

        init(row: Row) throws {
            member = try row["member_id"]
            family = try row["family"]
            signedInAt = try row["signed_in_at"]
            spentAt = try row["spent_at"]
            isVouched = try row["vouched"]
            alive = try row["alive"]
        }
    }

    static func exchange(_ text: String, agent: String?, _ context: TenantContext) async throws -> TokenAnswer {
        let walled = context.walled
        guard let token = SessionToken(presented: text),
            let family = try await walled.read(Self.family(of: token, context.tenant.id))
        else { throw Self.invalid }
        try await limit.spend(family.text, walled, now: context.arrival.now)
        let signer = try await context.accessSigner()
        let answer = try await walled.write { tx -> TokenAnswer? in
            guard let held = try await find(token, tx), held.alive else { return nil }
            let now = tx.facts.now
            if let spent = held.spentAt, now.timeIntervalSince(spent) > grace {
                try await end(held, tx)
                return nil
            }
            return try await Succession(token, held, at: held.spentAt ?? now, context).answer(signer, agent: agent, tx)
        }
        guard let answer else { throw Self.invalid }
        return answer
    }

    private static func family(of token: SessionToken, _ tenant: Int32) -> Query<UUID?> {
        .firstValue(
            "select family from app.session where tenant_id = \(tenant) and token_hash = \(token.hash) and kind = 'refresh'",
            UUID.self)
    }

    /// Of two who present it at once, the second waits here and finds it spent.
    private static func find(_ token: SessionToken, _ tx: Tx) async throws -> Held? {
        try await tx.first(
            """
            select s.member_id, s.family, coalesce(s.signed_in_at, s.created_at) as signed_in_at, s.spent_at, s.vouched,
                   s.expires_at > \(tx.facts.now) and m.disabled_at is null as alive
              from app.session s join app.member m on m.tenant_id = s.tenant_id and m.id = s.member_id
             where s.tenant_id = \(tx.facts.tenant) and s.token_hash = \(token.hash) and s.kind = 'refresh' for update of s
            """, Held.self)
    }

    private static func end(_ held: Held, _ tx: Tx) async throws {
        try await tx.execute("delete from app.session where tenant_id = \(tx.facts.tenant) and family = \(held.family)")
        try tx.audit("session.reused", "member", held.member, actor: held.member)
        try tx.publish(SessionReused(member: held.member, session: held.family))
    }

    /// The pair that follows a refresh token. All of it comes from the token, the moment of its first exchange and the house's secret, so
    /// that it can be made again while nothing but hashes is stored.
    private struct Succession {
        let token: SessionToken
        let held: Held
        let at: Date
        let next: SessionToken
        let accessID: UUID

        init(_ token: SessionToken, _ held: Held, at: Date, _ context: TenantContext) throws {
            let (secret, tenant) = (context.house.secret, String(context.tenant.id))
            guard let next = SessionToken(presented: secret.sign("refresh-next", tenant, token.text)),
                let name = SessionToken(presented: secret.sign("refresh-access", tenant, token.text))
            else { throw Refresh.invalid }
            (self.token, self.held, self.at, self.next) = (token, held, at, next)
            accessID = UUID(custom: name.hash)
        }

        func answer(_ signer: AccessSigner, agent: String?, _ tx: Tx) async throws -> TokenAnswer? {
            let (tenant, now) = (tx.facts.tenant, tx.facts.now)
            let ends = min(at + 7 * 86_400, held.signedInAt + Refresh.longest)
            guard ends > now else { return nil }
            let access = try await Sessions.openAccess(
                held.member, family: held.family, id: accessID, at: at, signer, agent: agent, vouched: held.isVouched, tx)
            tx.atCommit(
                """
                insert into app.session(tenant_id, token_hash, id, member_id, kind, family, created_at, signed_in_at, seen_at,
                                        idle_until, expires_at, address, agent, vouched)
                values (\(tenant), \(next.hash), \(UUID.v7()), \(held.member), 'refresh', \(held.family), \(at), \(held.signedInAt),
                        \(now), \(ends), \(ends), \(tx.facts.address), \(agent), \(held.isVouched)) on conflict do nothing
                """)
            tx.atCommit(
                """
                update app.session set spent_at = coalesce(spent_at, \(at)) where tenant_id = \(tenant) and token_hash = \(token.hash)
                """)
            return TokenAnswer(accessToken: access.text, refreshToken: next.text)
        }
    }
}

extension UUID {
    /// Version 8 (RFC 9562 §5.8): what the first 16 bytes say, but for its six fixed bits.
    fileprivate init(custom bytes: [UInt8]) {
        var bytes = Array((bytes + Array(repeating: 0, count: 16)).prefix(16))
        bytes[6] = 0x80 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
