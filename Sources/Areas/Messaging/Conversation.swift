import Database
import Foundation
import HTML
import Web

/// A conversation as one of its people has it.
struct Conversation: Record, Sendable {
    let id: UUID
    let subject: String
    let unitID: UUID?
    /// "Lindenstraße 12, Apt 3.2".
    let unit: String?
    let faultID: UUID?
    /// "F-2026-0412".
    let fault: String?
    let lastSeq: Int
    let lastAt: Date
    let madeBy: UUID
    let fromSeq: Int
    let readSeq: Int
    let mutedUntil: Date?
    let archivedAt: Date?
    let hidesPreview: Bool
    /// The others who take part, by name.
    let others: [String]

    init(row: Row) throws {
        id = try row["id"]
        subject = try row["subject"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        faultID = try row["fault_id"]
        fault = try row["fault"]
        lastSeq = Int(try row["last_seq"] as Int32)
        lastAt = try row["last_at"]
        madeBy = try row["made_by"]
        fromSeq = Int(try row["from_seq"] as Int32)
        readSeq = Int(try row["read_seq"] as Int32)
        mutedUntil = try row["muted_until"]
        archivedAt = try row["archived_at"]
        hidesPreview = try row["hides_preview"]
        others = try row["others"]
    }

    var path: WebPath { "/messages/\(id.text)" }
    func isMuted(_ now: Date) -> Bool { mutedUntil.map { $0 > now } ?? false }

    static func columns(_ viewer: MessageViewer) -> SQL {
        """
        c.id, c.subject, c.unit_id, b.name || ', ' || u.label as unit, c.fault_id, f.number as fault, c.last_seq, c.last_at, c.made_by,
        p.from_seq, p.read_seq, p.muted_until, p.archived_at, p.hides_preview,
        array(select m.name from app.conversation_member o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
               where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.left_at is null and o.member_id <> \(viewer.member)
               order by m.name, m.id limit \(MessagingSettings.mostMembers)) as others
        """
    }

    static let tables: SQL = """
        app.conversation_member p join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
        left join app.unit u on u.tenant_id = c.tenant_id and u.id = c.unit_id
        left join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
        left join app.fault f on f.tenant_id = c.tenant_id and f.id = c.fault_id
        """

    /// Throws `NotFound` for whoever does not take part.
    static func find(_ id: UUID, _ viewer: MessageViewer) -> Query<Conversation> {
        .one("select \(columns(viewer)) from \(tables) where \(viewer.takesPart) and c.id = \(id)")
    }

    static func takesPart(_ id: UUID, _ viewer: MessageViewer) -> Query<Bool> {
        .value(
            "select exists (select from app.conversation_member p where \(viewer.takesPart) and p.conversation_id = \(id))",
            Bool.self)
    }
}

/// One of the people of a conversation.
struct Participant: Record, Sendable {
    let id: UUID
    let name: String
    let joinedAt: Date
    let readSeq: Int
    /// Seen in the last 45 seconds; false for whoever hides that.
    let isHere: Bool
    /// Lets others know.
    let showsPresence: Bool

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        joinedAt = try row["joined_at"]
        readSeq = Int(try row["read_seq"] as Int32)
        isHere = try row["here"]
        showsPresence = try row["shown"]
    }

    /// Those who take part now; nothing for whoever does not.
    static func of(_ conversation: UUID, _ viewer: MessageViewer, now: Date) -> Query<[Participant]> {
        .many(
            """
            select m.id, m.name, o.joined_at, o.read_seq,
                   s.seen_at > \(now.addingTimeInterval(-Presence.patience)) and not coalesce(h.hides_presence, false) as here,
                   not coalesce(h.hides_presence, false) as shown
              from app.conversation_member p
              join app.conversation_member o on o.tenant_id = p.tenant_id and o.conversation_id = p.conversation_id and o.left_at is null
              join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
              left join lateral (select coalesce(max(x.seen_at), '-infinity') as seen_at from app.presence x
                                  where x.tenant_id = m.tenant_id and x.member_id = m.id) s on true
              left join app.message_habit h on h.tenant_id = m.tenant_id and h.member_id = m.id
             where \(viewer.takesPart) and p.conversation_id = \(conversation) order by m.name, m.id
            """)
    }
}
