import Database
import Foundation
import Operations
import Web

/// One thing that somebody said.
struct Message: Record, Sendable {
    let id: UUID
    let conversation: UUID
    let seq: Int
    let authorID: UUID
    let author: String
    /// Markdown; empty where it was taken back.
    let body: String
    let sentAt: Date
    let editedAt: Date?
    let deletedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        conversation = try row["conversation_id"]
        seq = Int(try row["seq"] as Int32)
        authorID = try row["author_id"]
        author = try row["author"]
        body = try row["body"]
        sentAt = try row["sent_at"]
        editedAt = try row["edited_at"]
        deletedAt = try row["deleted_at"]
    }

    init(_ id: UUID, in conversation: UUID, seq: Int, by viewer: MessageViewer, _ body: String, at: Date) {
        (self.id, self.conversation, self.seq, authorID, author) = (id, conversation, seq, viewer.member, viewer.name)
        (self.body, sentAt, editedAt, deletedAt) = (body, at, nil, nil)
    }

    static let columns: SQL =
        "x.id, x.conversation_id, x.seq, x.author_id, m.name as author, x.body, x.sent_at, x.edited_at, x.deleted_at"

    /// Messages `x` of conversations in which the viewer takes part, as far as they may read them.
    private static func own(_ viewer: MessageViewer) -> SQL {
        """
        app.conversation_member p
          join app.message x on x.tenant_id = p.tenant_id and x.conversation_id = p.conversation_id and x.seq > p.from_seq
          join app.member m on m.tenant_id = x.tenant_id and m.id = x.author_id
         where \(viewer.takesPart)
        """
    }

    /// Throws `NotFound` for whoever may not read it.
    static func find(_ id: UUID, in conversation: UUID, _ viewer: MessageViewer) -> Query<Message> {
        .one("select \(columns) from \(own(viewer)) and x.conversation_id = \(conversation) and x.id = \(id)")
    }

    /// What the viewer's own key stands for; nil when that is in another conversation.
    static func said(under key: String, in conversation: UUID, _ viewer: MessageViewer) -> Query<Message?> {
        .first(
            """
            select \(columns) from \(own(viewer)) and x.conversation_id = \(conversation)
               and x.author_id = \(viewer.member) and x.client_key = \(key)
            """)
    }

    /// A key stands for one message of an author.
    static let keyConstraint = "message_tenant_id_author_id_client_key_key"

    /// Which part of a conversation.
    enum Part: Sendable {
        case latest
        case before(Int)
        case after(Int)

        fileprivate var seek: SQL {
            switch self {
            case .latest: SQL.empty
            case .before(let seq): "and x.seq < \(seq)"
            case .after(let seq): "and x.seq > \(seq)"
            }
        }

        fileprivate var order: SQL {
            if case .after = self { "asc" } else { "desc" }
        }
    }

    fileprivate static func some(_ columns: SQL, of conversation: UUID, _ part: Part, _ viewer: MessageViewer, size: Int) -> SQL {
        """
        select \(columns) from \(own(viewer)) and x.conversation_id = \(conversation) \(part.seek)
         order by x.seq \(part.order) limit \(size)
        """
    }

    /// One more than asked for where there are more; the newest first unless they come after one.
    static func page(_ conversation: UUID, _ part: Part, _ viewer: MessageViewer, size: Int) -> Query<[Message]> {
        .many(some(columns, of: conversation, part, viewer, size: size + 1))
    }

    /// Those that have all the words, or words that begin so, in what the viewer may read; the newest first.
    static func found(_ words: String, _ viewer: MessageViewer, most: Int) -> Query<[Message]> {
        .many(
            """
            select \(columns) from \(own(viewer)) and x.deleted_at is null
               and x.id = any(array(select h.id from app.find_messages(\(words), \(Int32(clamping: most))) h)) order by x.id desc
            """)
    }
}

/// A picture of a message.
struct MessageFile: Record, Sendable {
    let id: UUID
    let message: UUID
    let filename: String
    let objectKey: String
    let thumbKey: String
    let width: Int
    let height: Int
    let bytes: Int

    init(row: Row) throws {
        id = try row["id"]
        message = try row["message_id"]
        filename = try row["filename"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = Int(try row["width"] as Int32)
        height = Int(try row["height"] as Int32)
        bytes = Int(try row["bytes"] as Int32)
    }

    private static let columns: SQL = "a.id, a.message_id, a.filename, a.object_key, a.thumb_key, a.width, a.height, a.bytes"

    /// Of the same part of a conversation.
    static func page(_ conversation: UUID, _ part: Message.Part, _ viewer: MessageViewer, size: Int) -> Query<[MessageFile]> {
        .many(
            """
            select \(columns) from app.message_file a
             where a.tenant_id = \(viewer.tenant)
               and a.message_id in (\(Message.some("x.id", of: conversation, part, viewer, size: size + 1))) order by a.id
            """)
    }

    static func of(_ messages: [UUID], _ tenant: Int32) -> Query<[MessageFile]> {
        .many(
            "select \(columns) from app.message_file a where a.tenant_id = \(tenant) and a.message_id = any(\(messages)) order by a.id"
        )
    }

    /// Throws `NotFound` for whoever may not read its message; those who look after reports see what was reported.
    static func find(_ id: UUID, _ viewer: MessageViewer, moderates: Bool) -> Query<MessageFile> {
        let reported: SQL =
            moderates
            ? "or exists (select from app.message_report r where r.tenant_id = x.tenant_id and r.message_id = x.id)" : SQL.empty
        return .one(
            """
            select \(columns) from app.message_file a join app.message x on x.tenant_id = a.tenant_id and x.id = a.message_id
             where a.tenant_id = \(viewer.tenant) and a.id = \(id)
               and (exists (select from app.conversation_member p where \(viewer.takesPart) and p.conversation_id = x.conversation_id
                               and x.seq > p.from_seq and x.deleted_at is null) \(reported))
            """)
    }

    /// What the spool has of it; asks for nobody's rights, so it travels behind `find`.
    static func waiting(_ id: UUID, _ tenant: Int32, thumbnail: Bool) -> Query<[UInt8]?> {
        let column: SQL = thumbnail ? "thumb_key" : "object_key"
        return BlobSpool.bytes(of: "select \(column) from app.message_file where tenant_id = \(tenant) and id = \(id)", tenant)
    }
}

/// What a message said before.
struct MessageVersion: Record, Sendable {
    let message: UUID
    let body: String
    let at: Date

    init(row: Row) throws {
        message = try row["message_id"]
        body = try row["body"]
        at = try row["at"]
    }

    static func of(_ message: UUID, _ tenant: Int32) -> Query<[MessageVersion]> {
        .many(
            """
            select message_id, body, at from app.message_edit where tenant_id = \(tenant) and message_id = \(message) order by id
            """)
    }
}
