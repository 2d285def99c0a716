import Database
import Foundation
import Web

/// What the list of conversations is narrowed down to.
struct ConversationFilter: Sendable {
    let words: String
    let isArchived: Bool

    init(_ incoming: Incoming) {
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespacesAndNewlines).prefix(100))
        isArchived = incoming.query.single("show") == ConversationShelf.archived.rawValue
    }

    var shelf: ConversationShelf { isArchived ? .archived : .inbox }
    var query: [(String, String)] {
        (isArchived ? [("show", shelf.rawValue)] : []) + (words.isEmpty ? [] : [("q", words)])
    }

    /// By subject, by the name of one who takes part, or by what it is about; what was said, `Message.found` finds.
    fileprivate func condition(_ viewer: MessageViewer) -> SQL {
        var parts: [SQL] = [viewer.takesPart, isArchived ? "p.archived_at is not null" : "p.archived_at is null"]
        if !words.isEmpty {
            parts.append(
                """
                (position(lower(\(words)) in lower(c.subject || ' ' || coalesce(f.number, '') || ' ' || coalesce(u.label, ''))) > 0
                 or exists (select from app.conversation_member o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                             where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.left_at is null
                               and position(lower(\(words)) in lower(m.name)) > 0))
                """)
        }
        return parts.joined(separator: " and ")
    }
}

enum ConversationShelf: String, CaseIterable, Sendable {
    case inbox, archived
}

/// A conversation in the list, with what was said last.
struct ConversationLine: Record, Sendable {
    let conversation: Conversation
    let unread: Int
    /// Nil where nothing was said yet that they may read.
    let lastAuthor: UUID?
    let lastAuthorName: String?
    let lastBody: String
    let lastIsDeleted: Bool

    init(row: Row) throws {
        conversation = try Conversation(row: row)
        unread = try row["unread"]
        lastAuthor = try row["last_author"]
        lastAuthorName = try row["last_author_name"]
        lastBody = try row["last_body"]
        lastIsDeleted = try row["last_deleted"]
    }

    /// Counted no further, and shown as "99+".
    static let mostUnread = 100

    /// The last one that somebody wrote in first.
    static func page(_ viewer: MessageViewer, _ filter: ConversationFilter, _ cursor: Cursor, size: Int) -> Query<
        [ConversationLine]
    > {
        let place = { (id: UUID) -> SQL in
            "(select x.last_at, x.id from app.conversation x where x.tenant_id = \(viewer.tenant) and x.id = \(id))"
        }
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and (c.last_at, c.id) < \(place(id))", "desc")
            case .before(let id): ("and (c.last_at, c.id) > \(place(id))", "asc")
            }
        return .many(
            """
            select \(Conversation.columns(viewer)),
                   (select count(*) from (select from app.message x
                     where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.seq > greatest(p.read_seq, p.from_seq)
                       and x.author_id <> \(viewer.member) and x.deleted_at is null limit \(mostUnread)) as news) as unread,
                   l.author_id as last_author, l.name as last_author_name, coalesce(l.body, '') as last_body,
                   l.deleted_at is not null as last_deleted
              from \(Conversation.tables)
              left join lateral (select x.author_id, m.name, left(x.body, 1000) as body, x.deleted_at
                                   from app.message x join app.member m on m.tenant_id = x.tenant_id and m.id = x.author_id
                                  where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.seq = c.last_seq
                                    and x.seq > p.from_seq) l on true
             where \(filter.condition(viewer)) \(seek) order by c.last_at \(order), c.id \(order) limit \(size + 1)
            """)
    }

    static func count(_ viewer: MessageViewer, _ filter: ConversationFilter) -> Query<Int> {
        .value("select count(*) from \(Conversation.tables) where \(filter.condition(viewer))", Int.self)
    }
}
