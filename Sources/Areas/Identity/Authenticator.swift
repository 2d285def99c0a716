import Audit
import Database
import Forms
import Foundation
import Secrets
import Web

/// The secret that a member's authenticator app shares with us.
struct Authenticator: Record, Sendable {
    /// How long one secret is offered before there is a fresh one.
    private static let offered: TimeInterval = 3600

    let id: UUID
    private let sealed: [UInt8]
    private let lastStep: Int64
    private let madeAt: Date

    init(row: Row) throws {
        id = try row["id"]
        sealed = try row["secret"]
        lastStep = try row["last_step"]
        madeAt = try row["made_at"]
    }

    static func find(_ member: UUID, _ tenant: Int32, confirmed: Bool, lock: Bool = false) -> Query<Authenticator?> {
        let state: SQL = confirmed ? "confirmed_at is not null" : "confirmed_at is null"
        let lock: SQL = lock ? "for update" : SQL.empty
        return .first(
            """
            select id, secret, last_step, made_at from app.totp
             where tenant_id = \(tenant) and member_id = \(member) and \(state) \(lock)
            """)
    }

    private static func purpose(_ id: UUID, _ tenant: Int32) -> String { "app.totp:\(tenant):\(id.text)" }

    func secret(_ sealer: Sealer, _ tenant: Int32) throws -> [UInt8] {
        try sealer.open(sealed, for: Self.purpose(id, tenant))
    }

    /// The step whose code was typed, unless it is wrong or of a step that was used.
    func match(_ code: String, at now: Date, _ sealer: Sealer, _ tenant: Int32) throws -> Int64? {
        TOTP(try secret(sealer, tenant)).match(code, at: now, after: lastStep)
    }

    /// Whether it is a code of the member's app that was not used before; it is used now.
    static func spend(_ code: String, of member: UUID, _ sealer: Sealer, _ tx: Tx) async throws -> Bool {
        let tenant = tx.facts.tenant
        guard let own = try await tx.query(find(member, tenant, confirmed: true, lock: true)),
            let step = try own.match(code, at: tx.facts.now, sealer, tenant)
        else { return false }
        try await tx.execute("update app.totp set last_step = \(step) where tenant_id = \(tenant) and id = \(own.id)")
        return true
    }

    /// The secret to show: the same one while its page is reloaded. What the member had goes on working until the new one is confirmed.
    static func offer(_ context: MemberContext) async throws -> [UInt8] {
        let (tenant, sealer) = (context.tenant.id, context.house.sealer)
        let known = try await context.read(find(context.memberID, tenant, confirmed: false))
        if let known, context.now.timeIntervalSince(known.madeAt) < offered {
            return try known.secret(sealer, tenant)
        }
        let (id, secret) = (UUID.v7(), TOTP.secret())
        let sealed = try sealer.seal(secret, for: purpose(id, tenant))
        _ = try await context.write { tx in
            try await tx.execute(
                """
                insert into app.totp(tenant_id, id, member_id, secret, made_at)
                values (\(tenant), \(id), \(context.memberID), \(sealed), \(context.now))
                on conflict (tenant_id, member_id) where confirmed_at is null
                do update set id = excluded.id, secret = excluded.secret, made_at = excluded.made_at
                """)
        }
        return secret
    }

    /// In place of the one that the member had.
    func confirm(of member: UUID, step: Int64, _ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        try await tx.execute(
            "delete from app.totp where tenant_id = \(tenant) and member_id = \(member) and confirmed_at is not null")
        try await tx.execute(
            """
            update app.totp set confirmed_at = \(tx.facts.now), last_step = \(step)
             where tenant_id = \(tenant) and id = \(id)
            """)
    }
}
