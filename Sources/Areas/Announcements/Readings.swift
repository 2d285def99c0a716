import Audit
import Database
import Foundation
import Web

/// What readers do with news, and who they are.
extension Announcements {
    /// Whoever opens news that are for them has read them; a second time changes nothing.
    static func read(_ id: UUID, by reader: NewsReader, _ tx: Tx) async throws {
        let first = try await tx.execute(
            """
            insert into app.announcement_reading(tenant_id, announcement_id, member_id, read_at)
            values (\(reader.tenant), \(id), \(reader.member), \(tx.facts.now)) on conflict do nothing
            """)
        guard first == 1 else { return }
        tx.signal(.announcementReaders(id))
        let path = "/announcements/\(id.text)"
        try await tx.markRead(TellOfAnnouncement.notice, of: reader.member, where: "n.path = \(path)")
    }

    /// "I have read this."
    ///
    /// - Throws: 409 for what asks for no such word.
    func acknowledge(_ id: UUID) async throws -> Announcement {
        let announcement = try await find(id)
        guard announcement.isMeant, announcement.isImportant, announcement.state == .published else { throw Failure.notAsked }
        try await tx.execute(
            """
            insert into app.announcement_reading as r (tenant_id, announcement_id, member_id, read_at, acknowledged_at)
            values (\(tenant), \(id), \(reader.member), \(now), \(now))
            on conflict (tenant_id, announcement_id, member_id) do update
               set acknowledged_at = coalesce(r.acknowledged_at, excluded.acknowledged_at)
            """)
        tx.signal(.announcementReaders(id))
        return try await find(id)
    }

    /// - Throws: 409 where nobody can comment.
    func comment(_ id: UUID, _ draft: NewsCommentDraft) async throws -> NewsComment {
        let announcement = try await find(id)
        guard announcement.takesComments, announcement.state == .published else { throw Failure.commentsOff }
        let comment = UUID.v7(now: now)
        try await tx.execute(
            """
            insert into app.announcement_comment(tenant_id, id, announcement_id, author_id, body, at)
            values (\(tenant), \(comment), \(id), \(reader.member), \(draft.body), \(now))
            """)
        try tx.audit("announcement.commented", "announcement", id)
        return try await tx.query(NewsComment.find(comment, of: id, reader))
    }

    /// A comment goes, and a mark of it stays: by whoever wrote it, or by those who write news.
    ///
    /// - Throws: 404; 403 for anybody else's.
    func remove(_ comment: UUID, of id: UUID) async throws {
        let before = try await tx.query(NewsComment.find(comment, of: id, reader))
        guard before.authorID == reader.member || reader.writes else { throw Failure.forbidden }
        guard before.removedAt == nil else { return }
        try await tx.execute(
            """
            update app.announcement_comment set body = '', removed_at = \(now), removed_by = \(reader.member)
             where tenant_id = \(tenant) and id = \(comment)
            """)
        try tx.audit(
            "announcement.comment_removed", "announcement", id,
            AuditChange(before: ["comment": comment.text, "author": before.authorID.text]))
    }
}

extension Failure {
    static let notAsked = Failure(.conflict, "not_asked", "This asks for no confirmation")
}

/// What somebody says to news.
struct NewsComment: Record, Sendable {
    let id: UUID
    let authorID: UUID
    let author: String
    /// Markdown; empty once it was removed.
    let body: String
    let at: Date
    let removedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        authorID = try row["author_id"]
        author = try row["author"]
        body = try row["body"]
        at = try row["at"]
        removedAt = try row["removed_at"]
    }

    private static let select: SQL = """
        select c.id, c.author_id, m.name as author, c.body, c.at, c.removed_at
          from app.announcement_comment c join app.member m on m.tenant_id = c.tenant_id and m.id = c.author_id
          join app.announcement a on a.tenant_id = c.tenant_id and a.id = c.announcement_id
        """

    /// Oldest first; none of news whose comments the reader may not have.
    static func page(_ id: UUID, _ reader: NewsReader, _ cursor: Cursor, size: Int) -> Query<[NewsComment]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "asc")
            case .after(let last): ("and c.id > \(last)", "asc")
            case .before(let first): ("and c.id < \(first)", "desc")
            }
        return .many(
            "\(select) where \(reader.mayReadAll) and a.id = \(id) \(seek) order by c.id \(order) limit \(size + 1)")
    }

    static func count(_ id: UUID, _ reader: NewsReader) -> Query<Int> {
        .value("select count(*) from (\(select) where \(reader.mayReadAll) and a.id = \(id)) c", Int.self)
    }

    static func find(_ id: UUID, of announcement: UUID, _ reader: NewsReader) -> Query<NewsComment> {
        .one("\(select) where \(reader.mayRead) and a.id = \(announcement) and c.id = \(id)")
    }
}

/// Somebody whom news are for, or who has read them, with how far they are.
struct NewsReceipt: Record, Sendable {
    let id: UUID
    let name: String
    let readAt: Date?
    let acknowledgedAt: Date?
    /// Is one of those today whom they are for.
    let isMeant: Bool

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        readAt = try row["read_at"]
        acknowledgedAt = try row["acknowledged_at"]
        isMeant = try row["is_meant"]
    }

    private static func some(_ id: UUID, _ reader: NewsReader) -> SQL {
        // Whoever has read it stays on record, also when their account is closed.
        let isMeant: SQL = "(\(Audience.people(reader.tenant)) and \(Audience.reaches(on: reader.today)))"
        return """
            select m.id, m.name, r.read_at, r.acknowledged_at, \(isMeant) as is_meant
              from app.announcement a join app.member m on m.tenant_id = a.tenant_id
              left join app.announcement_reading r on r.tenant_id = a.tenant_id and r.announcement_id = a.id and r.member_id = m.id
             where a.tenant_id = \(reader.tenant) and a.id = \(id) and (r.read_at is not null or \(isMeant))
            """
    }

    /// By name.
    static func page(_ id: UUID, _ reader: NewsReader, _ shelf: ReceiptShelf, _ cursor: Cursor, size: Int) -> Query<[NewsReceipt]>
    {
        let place = { (member: UUID) -> SQL in
            "(select lower(y.name), y.id from app.member y where y.tenant_id = \(reader.tenant) and y.id = \(member))"
        }
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "asc")
            case .after(let last): ("and (lower(x.name), x.id) > \(place(last))", "asc")
            case .before(let first): ("and (lower(x.name), x.id) < \(place(first))", "desc")
            }
        return .many(
            """
            select x.* from (\(some(id, reader))) x where \(shelf.condition) \(seek)
             order by lower(x.name) \(order), x.id \(order) limit \(size + 1)
            """)
    }

    static func tally(_ id: UUID, _ reader: NewsReader) -> Query<ReceiptTally> {
        .one(
            """
            select count(*) filter (where is_meant) as meant, count(read_at) as read, count(acknowledged_at) as acknowledged,
                   count(*) as people
              from (\(some(id, reader))) x
            """)
    }
}

struct ReceiptTally: Record, Sendable {
    let meant: Int
    let read: Int
    let acknowledged: Int
    let people: Int

    init(row: Row) throws {
        meant = try row["meant"]
        read = try row["read"]
        acknowledged = try row["acknowledged"]
        people = try row["people"]
    }

    func count(_ shelf: ReceiptShelf) -> Int {
        switch shelf {
        case .all: people
        case .read: read
        case .unread: people - read
        case .acknowledged: acknowledged
        }
    }
}

enum ReceiptShelf: String, CaseIterable, Sendable {
    case all, read, unread, acknowledged

    var condition: SQL {
        switch self {
        case .all: "true"
        case .read: "x.read_at is not null"
        case .unread: "x.read_at is null"
        case .acknowledged: "x.acknowledged_at is not null"
        }
    }
}

/// How many people are reached.
enum Reach {
    static func count(_ id: UUID, _ reader: NewsReader) -> Query<Int> {
        .value(
            """
            select count(*) from app.announcement a join app.member m on \(Audience.people(reader.tenant))
             where a.tenant_id = \(reader.tenant) and a.id = \(id) and \(Audience.reaches(on: reader.today))
            """, Int.self)
    }
}
