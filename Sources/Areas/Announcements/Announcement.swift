import Database
import Foundation
import HTML
import Operations
import Web

enum AnnouncementState: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case draft, scheduled, published, withdrawn
}

/// News as somebody has them.
struct Announcement: Record, Sendable {
    let id: UUID
    let title: String
    /// Markdown.
    let body: String
    let audience: Audience
    let roles: [String]
    let isImportant: Bool
    let isPinned: Bool
    let takesComments: Bool
    let state: AnnouncementState
    let sortAt: Date
    let publishAt: Date?
    let publishedAt: Date?
    let expiresOn: CalendarDate?
    let withdrawnAt: Date?
    let reason: String?
    let author: String
    let editedAt: Date?
    let version: Int
    /// Names of the places that they are for.
    let places: [String]
    /// Whether the reader is one of those they are for, and what they have done with them.
    let isMeant: Bool
    let readAt: Date?
    let acknowledgedAt: Date?
    let comments: Int

    init(row: Row) throws {
        id = try row["id"]
        title = try row["title"]
        body = try row["body"]
        audience = try row["audience"]
        roles = try row["roles"]
        isImportant = try row["important"]
        isPinned = try row["pinned"]
        takesComments = try row["comments"]
        state = try row["state"]
        sortAt = try row["sort_at"]
        publishAt = try row["publish_at"]
        publishedAt = try row["published_at"]
        expiresOn = try row["expires_on"]
        withdrawnAt = try row["withdrawn_at"]
        reason = try row["reason"]
        author = try row["author"]
        editedAt = try row["edited_at"]
        version = Int(try row["version"] as Int32)
        places = try row["places"]
        isMeant = try row["is_meant"]
        readAt = try row["read_at"]
        acknowledgedAt = try row["acknowledged_at"]
        comments = try row["comment_count"]
    }

    var path: WebPath { "/announcements/\(id.text)" }

    /// Asks its reader to say that they have read it.
    var waitsForReader: Bool { isImportant && isMeant && state == .published && acknowledgedAt == nil }

    static func select(_ reader: NewsReader) -> SQL {
        // News to single units tell nobody which others they are for.
        let isShown: SQL = reader.writes ? "true" : "p.unit_id is null or \(reader.lives(in: "p.unit_id"))"
        return """
            select a.id, a.title, a.body, a.audience, a.roles, a.important, a.pinned, a.comments, a.state, a.sort_at, a.publish_at, a.published_at,
                   a.expires_on, a.withdrawn_at, a.reason, w.name as author, a.edited_at, a.version,
                   array(select coalesce(b.name, e.building || ', ' || e.name, u.building || ', ' || u.label)
                           from app.announcement_place p
                           left join app.building b on b.tenant_id = p.tenant_id and b.id = p.building_id
                           left join lateral (select x.name, y.name as building from app.entrance x
                                                join app.building y on y.tenant_id = x.tenant_id and y.id = x.building_id
                                               where x.tenant_id = p.tenant_id and x.id = p.entrance_id) e on true
                           left join lateral (select x.label, y.name as building from app.unit x
                                                join app.building y on y.tenant_id = x.tenant_id and y.id = x.building_id
                                               where x.tenant_id = p.tenant_id and x.id = p.unit_id) u on true
                          where p.tenant_id = a.tenant_id and p.announcement_id = a.id and (\(isShown)) order by 1 limit 50) as places,
                   \(reader.isMeant) as is_meant, r.read_at, r.acknowledged_at,
                   (select count(*) from app.announcement_comment c
                     where c.tenant_id = a.tenant_id and c.announcement_id = a.id and c.removed_at is null) as comment_count
              from app.announcement a join app.member w on w.tenant_id = a.tenant_id and w.id = a.written_by
              left join app.announcement_reading r on r.tenant_id = a.tenant_id and r.announcement_id = a.id and r.member_id = \(reader.member)
            """
    }

    /// Throws `NotFound` for news that are not for the reader.
    static func find(_ id: UUID, _ reader: NewsReader) -> Query<Announcement> {
        .one("\(select(reader)) where \(reader.mayRead) and a.id = \(id)")
    }

    static func mayRead(_ id: UUID, _ reader: NewsReader) -> Query<Bool> {
        .value("select exists (select from app.announcement a where \(reader.mayRead) and a.id = \(id))", Bool.self)
    }

    /// In front: what is pinned first, then the latest. Elsewhere the latest.
    static func page(_ shelf: NewsShelf, _ reader: NewsReader, _ cursor: Cursor, size: Int) -> Query<[Announcement]> {
        let pinned: SQL = shelf == .current ? "a.pinned" : "(a.pinned and false)"
        let place = { (id: UUID) -> SQL in
            "(select \(pinned), a.sort_at, a.id from app.announcement a where a.tenant_id = \(reader.tenant) and a.id = \(id))"
        }
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and (\(pinned), a.sort_at, a.id) < \(place(id))", "desc")
            case .before(let id): ("and (\(pinned), a.sort_at, a.id) > \(place(id))", "asc")
            }
        return .many(
            """
            \(select(reader)) where \(shelf.condition(reader)) \(seek)
             order by \(pinned) \(order), a.sort_at \(order), a.id \(order) limit \(size + 1)
            """)
    }

    static func count(_ shelf: NewsShelf, _ reader: NewsReader) -> Query<Int> {
        .value("select count(*) from app.announcement a where \(shelf.condition(reader))", Int.self)
    }
}

/// The parts of the list. The last two are for those who write.
enum NewsShelf: String, CaseIterable, Sendable {
    case current, archive, draft, scheduled

    static func isCurrent(_ today: CalendarDate) -> SQL {
        "a.state = 'published' and coalesce(a.expires_on >= \(today), true)"
    }

    func condition(_ reader: NewsReader) -> SQL {
        switch self {
        case .current: "\(reader.mayRead) and \(Self.isCurrent(reader.today))"
        case .archive: "\(reader.mayRead) and a.state in ('published', 'withdrawn') and not (\(Self.isCurrent(reader.today)))"
        case .draft, .scheduled: "\(reader.mayRead) and a.state = \(rawValue)"
        }
    }
}

/// A file that goes with news.
struct AnnouncementFile: Record, Sendable {
    let id: UUID
    let filename: String
    let type: String
    let bytes: Int
    let objectKey: String
    let thumbKey: String?
    let width: Int?
    let height: Int?

    /// Files of one announcement.
    static let most = 10

    init(row: Row) throws {
        id = try row["id"]
        filename = try row["filename"]
        type = try row["type"]
        bytes = Int(try row["bytes"] as Int32)
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = (try row["width"] as Int32?).map { Int($0) }
        height = (try row["height"] as Int32?).map { Int($0) }
    }

    private static let columns: SQL = "x.id, x.filename, x.type, x.bytes, x.object_key, x.thumb_key, x.width, x.height"

    static func of(_ announcement: UUID, _ tenant: Int32) -> Query<[AnnouncementFile]> {
        .many(
            """
            select \(columns) from app.announcement_file x
             where x.tenant_id = \(tenant) and x.announcement_id = \(announcement) order by x.id
            """)
    }

    /// Throws `NotFound` for a file that the reader may not have.
    static func find(_ id: UUID, _ reader: NewsReader) -> Query<AnnouncementFile> {
        .one(
            """
            select \(columns) from app.announcement_file x
              join app.announcement a on a.tenant_id = x.tenant_id and a.id = x.announcement_id
             where x.tenant_id = \(reader.tenant) and x.id = \(id) and \(reader.mayReadAll)
            """)
    }

    /// What the spool has of it; asks for nobody's rights, so it travels behind `find`.
    static func waiting(_ id: UUID, _ tenant: Int32, thumbnail: Bool) -> Query<[UInt8]?> {
        let column: SQL = thumbnail ? "thumb_key" : "object_key"
        return BlobSpool.bytes(
            of: "select \(column) from app.announcement_file where tenant_id = \(tenant) and id = \(id)", tenant)
    }
}

/// The ids of a draft's places, for its form.
struct AnnouncementPlaces: Record, Sendable {
    let buildings: [UUID]
    let entrances: [UUID]
    let units: [UUID]

    init(row: Row) throws {
        buildings = try row["buildings"]
        entrances = try row["entrances"]
        units = try row["units"]
    }

    static func of(_ announcement: UUID, _ tenant: Int32) -> Query<AnnouncementPlaces> {
        .one(
            """
            select coalesce(array_agg(building_id) filter (where building_id is not null), '{}') as buildings,
                   coalesce(array_agg(entrance_id) filter (where entrance_id is not null), '{}') as entrances,
                   coalesce(array_agg(unit_id) filter (where unit_id is not null), '{}') as units
              from app.announcement_place where tenant_id = \(tenant) and announcement_id = \(announcement)
            """)
    }
}
