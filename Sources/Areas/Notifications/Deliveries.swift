import Audit
import Database
import Foundation
import Jobs
import Mail
import Web

/// Changes of deliveries: each is one transaction's worth.
package struct Deliveries {
    let tx: Tx

    package init(_ tx: Tx) {
        self.tx = tx
    }

    private var tenant: Int32 { tx.facts.tenant }

    /// Claims the delivery for one try; nil when somebody else has it or it is settled.
    func begin(_ id: UUID, to address: String) async throws -> UUID? {
        let attempt = UUID.v7()
        return try await tx.firstValue(
            """
            with claimed as (
              update app.delivery set sending_at = \(tx.facts.now), tries = tries + 1, address = \(address)
               where tenant_id = \(tenant) and id = \(id) and state in ('queued', 'failed') and sending_at is null
              returning id
            )
            insert into app.delivery_try(tenant_id, id, delivery_id, began_at)
            select \(tenant), \(attempt), id, \(tx.facts.now) from claimed
            returning id
            """, UUID.self)
    }

    /// Notes how a try ended.
    func end(_ attempt: UUID, _ outcome: String, _ detail: String) async throws {
        try await tx.execute(
            """
            update app.delivery_try set ended_at = \(tx.facts.now), outcome = \(outcome), detail = \(String(detail.prefix(1_000)))
             where tenant_id = \(tenant) and id = \(attempt)
            """)
    }

    /// Puts it back for the queue's next try.
    func failed(_ id: UUID) async throws {
        try await tx.execute(
            "update app.delivery set state = 'failed', sending_at = null where tenant_id = \(tenant) and id = \(id)")
    }

    /// Has it tried at that time.
    func wait(_ id: UUID, until time: Date) async throws {
        try await tx.execute("update app.delivery set due_at = \(time) where tenant_id = \(tenant) and id = \(id)")
        try tx.enqueue(SendDelivery(delivery: id), at: time)
    }

    /// The end of a delivery, and of the notices that a digest carries. A mail's own facts may hold a secret, such as the link of
    /// an invitation: they go, unless somebody may still send it.
    func settle(_ id: UUID, _ state: DeliveryState, _ reason: DeliveryReason? = nil) async throws {
        try await tx.execute(
            """
            update app.delivery
               set state = \(state), reason = \(reason?.rawValue), settled_at = \(tx.facts.now), sending_at = null,
                   facts = case when \(state) = 'parked' then facts end
             where tenant_id = \(tenant) and id = \(id)
            """)
        guard state != .parked else { return }
        try await tx.execute(
            """
            update app.delivery d
               set state = case when n.read_at is null then \(state) else 'suppressed' end, settled_at = \(tx.facts.now),
                   reason = case when n.read_at is null then \(reason?.rawValue) else 'read' end
              from app.notification n
             where d.tenant_id = \(tenant) and d.digest = \(id) and d.state = 'queued'
               and n.tenant_id = d.tenant_id and n.id = d.notification_id
            """)
    }

    /// Nothing is sent to that address any more.
    func suppress(_ address: String, _ medium: Medium, _ detail: String) async throws {
        try await tx.execute(
            """
            insert into app.suppressed_address(tenant_id, channel, address, detail, at)
            values (\(tenant), \(medium), lower(\(address)), \(String(detail.prefix(1_000))), \(tx.facts.now))
            on conflict do nothing
            """)
    }

    /// A notice that no SMS can reach goes by mail, if it did not anyway.
    func mailInstead(of delivery: DueDelivery) async throws {
        let id = try await tx.firstValue(
            """
            insert into app.delivery(tenant_id, id, notification_id, member_id, channel, mode, kind, urgent, dedupe_key, due_at, created_at)
            select tenant_id, \(UUID.v7(now: tx.facts.now)), notification_id, member_id, 'mail', 'now', kind, urgent, dedupe_key,
                   \(tx.facts.now), \(tx.facts.now)
              from app.delivery where tenant_id = \(tenant) and id = \(delivery.id) and notification_id is not null
            on conflict do nothing returning id
            """, UUID.self)
        if let id { try tx.enqueue(SendDelivery(delivery: id)) }
    }

    /// Sends again what was parked or suppressed. An address that was given up gets another chance.
    /// - Returns: false when there is no such delivery, or it is on its way.
    package func retry(_ id: UUID) async throws -> Bool {
        let again = try await tx.firstValue(
            """
            with again as (
              update app.delivery set state = 'queued', reason = null, settled_at = null, due_at = \(tx.facts.now)
               where tenant_id = \(tenant) and id = \(id) and state in ('parked', 'suppressed') and digest is null
                 and (notification_id is not null or facts is not null or kind = \(Digest.kind))
              returning id, channel, coalesce(address, (
                select m.email from app.member m where m.tenant_id = \(tenant) and m.id = member_id and channel = 'mail')) as address
            ), lifted as (
              delete from app.suppressed_address s using again a
               where s.tenant_id = \(tenant) and s.channel = a.channel and s.address = lower(a.address)
            )
            select id from again
            """, UUID.self)
        guard again != nil else { return false }
        try tx.enqueue(SendDelivery(delivery: id))
        try tx.audit("delivery.retried", "delivery", id)
        return true
    }

    /// Sends everything again that was given up because the other side could not be reached; at most a thousand at once.
    package func retryUndeliverable() async throws -> Int {
        let ids = try await tx.values(
            """
            update app.delivery set state = 'queued', reason = null, settled_at = null, due_at = \(tx.facts.now)
             where tenant_id = \(tenant) and id = any(array(
               select id from app.delivery where tenant_id = \(tenant) and state = 'parked' and reason = 'undeliverable'
                order by id limit 1000 for update))
            returning id
            """, UUID.self)
        for id in ids { try tx.enqueue(SendDelivery(delivery: id)) }
        try tx.audit("delivery.all_retried", "delivery", nil, AuditChange(after: ["count": String(ids.count)]))
        return ids.count
    }
}
