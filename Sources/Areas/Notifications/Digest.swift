import Database
import Foundation
import Jobs
import Web

/// Once a day, at each member's own hour: everything that was left for the digest and not read meanwhile, in one mail.
package struct WriteDigests: Job {
    package static let kind = "notices.digest"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    func run(_ tx: Tx, _ zone: TimeZone) async throws {
        for reader in try await tx.query(Reader.all(tx.facts.tenant)) {
            let local = reader.timeZone.flatMap(TimeZone.init(identifier:)) ?? zone
            guard let day = reader.digestDay(now: tx.facts.now, local) else { continue }
            let id = try await tx.firstValue(
                """
                insert into app.delivery(tenant_id, id, member_id, channel, mode, kind, facts, dedupe_key, due_at, created_at)
                values (\(tx.facts.tenant), \(UUID.v7(now: tx.facts.now)), \(reader.member), 'mail', 'now', \(Digest.kind), '{}',
                        \("digest:\(day)"), \(tx.facts.now), \(tx.facts.now))
                on conflict do nothing returning id
                """, UUID.self)
            guard let id else { continue }
            try await tx.execute(
                """
                update app.delivery set digest = \(id)
                 where tenant_id = \(tx.facts.tenant) and member_id = \(reader.member) and channel = 'mail' and mode = 'digest'
                   and state = 'queued' and digest is null
                """)
            try tx.enqueue(SendDelivery(delivery: id))
        }
    }
}

enum Digest {
    static let kind = "digest"

    /// What a digest tells: its notices that nobody has read.
    static func news(_ digest: UUID, _ tenant: Int32) -> Query<[InboxLine]> {
        .many(
            """
            select n.id, n.kind, n.path, n.facts, n.created_at, n.read_at
              from app.delivery d join app.notification n on n.tenant_id = d.tenant_id and n.id = d.notification_id
             where d.tenant_id = \(tenant) and d.digest = \(digest) and n.read_at is null
             order by n.id limit 100
            """)
    }
}

/// A member for whom something waits.
private struct Reader: Record {
    let member: UUID
    let timeZone: String?
    let hour: Int32
    let oldest: Date

    init(row: Row) throws {
        member = try row["member_id"]
        timeZone = try row["time_zone"]
        hour = try row["hour"]
        oldest = try row["oldest"]
    }

    static func all(_ tenant: Int32) -> Query<[Reader]> {
        .many(
            """
            select d.member_id, m.time_zone, coalesce(h.digest_hour, 8) as hour, min(d.created_at) as oldest
              from app.delivery d
              join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
              left join app.notice_habit h on h.tenant_id = d.tenant_id and h.member_id = d.member_id
             where d.tenant_id = \(tenant) and d.mode = 'digest' and d.state = 'queued' and d.digest is null
             group by d.member_id, m.time_zone, h.digest_hour
            """)
    }

    /// The day whose digest is due: its hour has come, and something has waited for it.
    func digestDay(now: Date, _ zone: TimeZone) -> CalendarDate? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        guard
            let moment = calendar.date(
                bySettingHour: Int(hour), minute: 0, second: 0, of: now, matchingPolicy: .nextTime, repeatedTimePolicy: .first),
            moment <= now, oldest <= moment
        else { return nil }
        return CalendarDate(now, in: zone)
    }
}
