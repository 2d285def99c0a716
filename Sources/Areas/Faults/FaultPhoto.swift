import Database
import Foundation
import Operations

/// One photo of a fault.
package struct FaultPhoto: Record, Sendable {
    package let id: UUID
    package let stage: String
    package let objectKey: String
    package let thumbKey: String
    package let width: Int
    package let height: Int
    /// Nil: a visitor's.
    package let addedByID: UUID?
    package let addedBy: String?
    package let addedAt: Date
    /// What was read on it; nil when there was nothing, or nobody has read it.
    package let words: String?

    package init(row: Row) throws {
        id = try row["id"]
        stage = try row["stage"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = try row["width"]
        height = try row["height"]
        addedByID = try row["added_by_id"]
        addedBy = try row["added_by"]
        addedAt = try row["added_at"]
        words = try row["words"]
    }

    private static let columns: SQL = """
        p.id, p.stage, p.object_key, p.thumb_key, p.width, p.height, p.added_by as added_by_id, m.name as added_by, p.added_at,
        nullif(p.words, '') as words
        """

    static func of(_ key: FaultKey, _ tenant: Int32) -> Query<[FaultPhoto]> {
        .many(
            """
            select \(columns) from app.fault_photo p left join app.member m on m.tenant_id = p.tenant_id and m.id = p.added_by
             where p.tenant_id = \(tenant) and p.fault_id = \(key.id(tenant)) order by p.id
            """)
    }

    /// What the spool has of it; asks for nobody's rights, so it travels behind `find`.
    static func waiting(_ id: UUID, _ tenant: Int32, thumbnail: Bool) -> Query<[UInt8]?> {
        let column: SQL = thumbnail ? "thumb_key" : "object_key"
        return BlobSpool.bytes(of: "select \(column) from app.fault_photo where tenant_id = \(tenant) and id = \(id)", tenant)
    }

    /// One photo, only if its fault is visible to the viewer.
    static func find(_ id: UUID, _ viewer: FaultViewer, today: CalendarDate) -> Query<FaultPhoto> {
        .one(
            """
            select \(columns) from app.fault_photo p left join app.member m on m.tenant_id = p.tenant_id and m.id = p.added_by
              join app.fault f on f.tenant_id = p.tenant_id and f.id = p.fault_id
             where p.tenant_id = \(viewer.tenant) and p.id = \(id) and \(viewer.visible(on: today))
            """)
    }
}
