import Database
import Foundation
import HTML
import UI
import Web

/// A notice for one member. The sentence is made when it is read, in the reader's language, from kind and facts.
package struct Notice: Sendable {
    package let kind: String
    package let path: WebPath
    package let facts: [String: String]
    /// The same key reaches the same member once, however often its job runs.
    package let dedupeKey: String

    package init(_ kind: String, path: WebPath, facts: [String: String], dedupeKey: String) {
        self.kind = kind
        self.path = path
        self.facts = facts
        self.dedupeKey = dedupeKey
    }
}

extension Tx {
    /// Puts a notice into the inboxes of members, once each.
    package func notify(_ members: [UUID], _ notice: Notice) async throws {
        guard !members.isEmpty else { return }
        let sentence = try JSONBytes(encoding: notice.facts)
        try await execute(
            """
            insert into app.notification(tenant_id, id, member_id, kind, path, facts, dedupe_key, created_at)
            select \(facts.tenant), id, member, \(notice.kind), \(notice.path.string), \(sentence),
                   \(notice.dedupeKey), \(facts.now)
              from unnest(\(members), \(members.map { _ in UUID.v7(now: facts.now) })) as t(member, id)
            on conflict do nothing
            """)
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

extension InboxLine {
    static func exists(_ id: UUID?, _ tenant: Int32, _ member: UUID) -> Query<Bool> {
        .value(
            "select exists (select from app.notification where tenant_id = \(tenant) and member_id = \(member) and id = \(id))",
            Bool.self)
    }
}
