import Database
import Foundation
import HTML
import Jobs
import UI
import Web

/// A notice for one member. The sentence is made when it is read, in the reader's language, from kind and facts.
package struct Notice: Sendable {
    package let kind: String
    package let path: WebPath
    package let facts: [String: String]
    /// The same key reaches the same member once, however often its job runs.
    package let dedupeKey: String
    /// Heeds no quiet hours, and goes by mail at once unless its reader wants no mail of its kind.
    package let isUrgent: Bool

    package init(_ kind: String, path: WebPath, facts: [String: String], dedupeKey: String, urgent: Bool = false) {
        isUrgent = urgent
        self.kind = kind
        self.path = path
        self.facts = facts
        self.dedupeKey = dedupeKey
    }
}

extension Tx {
    /// Puts a notice into the inboxes of members, once each, and sends it by the media that each of them has chosen.
    /// Machines (`app.device`) are told nothing.
    package func notify(_ members: [UUID], _ notice: Notice) async throws {
        guard !members.isEmpty else { return }
        let sentence = try JSONBytes(encoding: notice.facts)
        let kind = NoticeKind.of(notice.kind)
        let media = kind?.media ?? []
        let outlets = members.flatMap { member in media.map { (member: member, medium: $0) } }
        let queued = try await many(
            """
            with told as (
              insert into app.notification(tenant_id, id, member_id, kind, path, facts, dedupe_key, created_at)
              select \(facts.tenant), t.id, t.member, \(notice.kind), \(notice.path.string), \(sentence),
                     \(notice.dedupeKey), \(facts.now)
                from unnest(\(members), \(members.map { _ in UUID.v7(now: facts.now) })) as t(member, id)
               where exists (select from app.member m where m.tenant_id = \(facts.tenant) and m.id = t.member and m.kind = 'person')
              on conflict do nothing
              returning id, member_id
            )
            insert into app.delivery(tenant_id, id, notification_id, member_id, channel, mode, kind, urgent, dedupe_key, due_at, created_at,
                                     registration_id)
            select \(facts.tenant), case when r.id is null then o.id else \(PushDelivery.id("o.id")) end, told.id, told.member_id,
                   o.medium, t.mode, \(notice.kind), \(notice.isUrgent),
                   case when r.id is null then \(notice.dedupeKey) else \(PushDelivery.key("\(notice.dedupeKey)::text")) end,
                   \(facts.now), \(facts.now), r.id
              from told
              join unnest(\(outlets.map(\.member)), \(outlets.map(\.medium)), \(outlets.map { kind?[$0.medium] ?? .off }),
                          \(outlets.map { _ in UUID.v7(now: facts.now) })) as o(member, medium, preset, id) on o.member = told.member_id
              left join app.notice_preference p on p.tenant_id = \(facts.tenant) and p.member_id = told.member_id
                    and p.kind = \(kind?.name ?? "") and p.channel = o.medium
              left join app.push_registration r on o.medium = 'push' and r.tenant_id = \(facts.tenant) and r.member_id = told.member_id
             cross join lateral (select case when \(notice.isUrgent) and o.medium = 'mail' and p.mode is distinct from 'off'
                                             then 'now' else coalesce(p.mode, o.preset) end as mode) t
             where t.mode <> 'off' and (o.medium <> 'push' or r.id is not null)
            on conflict do nothing
            returning id, mode
            """, QueuedDelivery.self)
        for delivery in queued where delivery.mode == .now { try enqueue(SendDelivery(delivery: delivery.id)) }
        for member in members { signal(.notices(member)) }
    }
}

private struct QueuedDelivery: Record {
    let id: UUID
    let mode: Timing

    init(row: Row) throws {
        id = try row["id"]
        mode = try row["mode"]
    }
}

/// One notice as the inbox holds it.
package struct InboxLine: Record, Sendable {
    package let id: UUID
    package let kind: String
    package let path: String
    package let facts: [String: String]
    package let createdAt: Date
    package let readAt: Date?

    package init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        path = try row["path"]
        facts = try (row["facts"] as JSONBytes).decode([String: String].self)
        createdAt = try row["created_at"]
        readAt = try row["read_at"]
    }

    static func page(_ tenant: Int32, _ member: UUID, _ cursor: Cursor, unreadOnly: Bool, size: Int) -> Query<[InboxLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and id < \(id)", "desc")
            case .before(let id): ("and id > \(id)", "asc")
            }
        let unread: SQL = unreadOnly ? "and read_at is null" : SQL.empty
        return .many(
            """
            select id, kind, path, facts, created_at, read_at from app.notification
             where tenant_id = \(tenant) and member_id = \(member) \(unread) \(seek) order by id \(order) limit \(size + 1)
            """)
    }

    static func count(_ tenant: Int32, _ member: UUID, unreadOnly: Bool) -> Query<Int> {
        let unread: SQL = unreadOnly ? "and read_at is null" : SQL.empty
        return .value(
            "select count(*) from app.notification where tenant_id = \(tenant) and member_id = \(member) \(unread)", Int.self)
    }

    /// Marks one notice, or all of them, as read by their owner.
    static func markRead(_ tenant: Int32, _ member: UUID, only id: UUID?, now: Date) -> SQL {
        let one: SQL = id.map { "and id = \($0)" } ?? SQL.empty
        return """
            update app.notification set read_at = \(now)
             where tenant_id = \(tenant) and member_id = \(member) and read_at is null \(one)
            """
    }
}

extension Tx {
    /// What notices told of was seen where it is: they are read, and what waits to tell of them by mail is not sent.
    ///
    /// - Parameter condition: of the notices `n`.
    package func markRead(_ kind: String, of member: UUID, where condition: SQL) async throws {
        let touched = try await execute(
            """
            update app.notification n set read_at = \(facts.now)
             where n.tenant_id = \(facts.tenant) and n.member_id = \(member) and n.read_at is null and n.kind = \(kind) and \(condition)
            """)
        if touched > 0 { signal(.notices(member)) }
    }

    /// What notices told of does not hold any more: they are read by everybody, some at a time.
    ///
    /// - Returns: how many were not.
    package func markRead(_ kind: String, at path: WebPath, most: Int) async throws -> Int {
        let members = try await values(
            """
            update app.notification n set read_at = \(facts.now)
             where n.tenant_id = \(facts.tenant) and n.id = any(array(
                     select id from app.notification
                      where tenant_id = \(facts.tenant) and read_at is null and kind = \(kind) and path = \(path.string) limit \(most)))
            returning n.member_id
            """, UUID.self)
        for member in members { signal(.notices(member)) }
        return members.count
    }
}

extension InboxLine {
    static func exists(_ id: UUID?, _ tenant: Int32, _ member: UUID) -> Query<Bool> {
        .value(
            "select exists (select from app.notification where tenant_id = \(tenant) and member_id = \(member) and id = \(id))",
            Bool.self)
    }
}
