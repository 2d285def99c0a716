import Audit
import Database
import Forms
import Foundation
import Secrets
import Web

/// Changes of the devices that a member is told on. Each function is one transaction's worth.
struct PushRegistrations {
    let tx: Tx
    let member: UUID

    private var tenant: Int32 { tx.facts.tenant }

    /// Registers a device, or renews what is known of it. A browser that somebody else has used tells only the one who asked last.
    ///
    /// - Parameter session: of a program; a browser is known by itself.
    /// - Throws: `FormErrors` for one too many.
    func register(_ draft: PushDraft, label: String, browser: [UInt8]?, session: UUID, _ sealer: Sealer) async throws -> UUID {
        let hash = draft.address.hash
        let others = try await tx.value(
            "select count(*) from app.push_registration where tenant_id = \(tenant) and member_id = \(member) and hash <> \(hash)",
            Int.self)
        guard others < PushRegistration.most else {
            throw FormErrors([FieldProblem(draft.address.kind == .web ? "endpoint" : "token", .own("too_many_devices"))])
        }
        try await tx.execute(
            "delete from app.push_registration where tenant_id = \(tenant) and hash = \(hash) and member_id <> \(member)")
        let id = try await tx.firstValue(
            """
            insert into app.push_registration as r (tenant_id, id, member_id, kind, hash, sealed, label, browser, family, made_at)
            values (\(tenant), \(UUID.v7(now: tx.facts.now)), \(member), \(draft.address.kind), \(hash),
                    \(try draft.address.sealed(sealer, tenant)), \(label), \(browser),
                    case when \(browser) is null then (select family from app.session where tenant_id = \(tenant) and id = \(session)) end,
                    \(tx.facts.now))
            on conflict (tenant_id, hash) do update
               set sealed = excluded.sealed, label = excluded.label, browser = excluded.browser, family = excluded.family,
                   failures = 0
             where r.member_id = excluded.member_id
            returning id
            """, UUID.self)
        guard let id else { throw Failure.deviceTaken }
        try tx.audit("push_registration.made", "push_registration", id, AuditChange(after: ["label": label]))
        return id
    }

    /// - Throws: 404 when there is none, also when it is somebody else's.
    func remove(_ id: UUID) async throws {
        let label = try await tx.firstValue(
            "delete from app.push_registration where tenant_id = \(tenant) and id = \(id) and member_id = \(member) returning label",
            String.self)
        guard let label else { throw Failure.notFound }
        try tx.audit("push_registration.removed", "push_registration", id, AuditChange(before: ["label": label]))
    }

    /// Tells all of them that it works; at most once a minute.
    /// - Returns: how many are told.
    func tryOut() async throws -> Int {
        try await tx.push(
            .trial, to: [OwnPush.Recipient(member)], path: "/account/notifications",
            key: "trial:\(Int(tx.facts.now.timeIntervalSince1970 / 60))")
    }
}

extension Failure {
    static let deviceTaken = Failure(.conflict, "device_taken", "Somebody else registers this device at this moment; try again")
}
