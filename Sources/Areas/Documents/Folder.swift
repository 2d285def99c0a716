import Database
import Foundation
import HTML
import Web

/// A folder of the shelf.
struct Folder: Record, Sendable {
    let id: UUID
    let parent: UUID?
    let name: String
    /// From the top down to this one.
    let path: [UUID]
    /// Whose it is; empty: everybody's.
    let roles: [String]
    let buildings: [UUID]
    let version: Int
    /// Folders and documents in it that are open to the viewer and not in the bin.
    let count: Int
    let deletedAt: Date?

    /// Folders within folders, and of a company.
    static let deepest = 8
    static let most = 1000

    init(row: Row) throws {
        id = try row["id"]
        parent = try row["parent_id"]
        name = try row["name"]
        path = try row["path"]
        roles = try row["roles"]
        buildings = try row["buildings"]
        version = Int(try row["version"] as Int32)
        count = try row["count"]
        deletedAt = try row["deleted_at"]
    }

    var address: WebPath { "/documents/folders/\(id.text)" }

    private static func columns(_ viewer: DocumentViewer) -> SQL {
        """
        f.id, f.parent_id, f.name, f.path, f.roles, f.version, f.deleted_at,
        array(select h.building_id from app.folder_building h where h.tenant_id = f.tenant_id and h.folder_id = f.id
               order by h.building_id) as buildings,
        (select count(*) from app.folder c where c.tenant_id = f.tenant_id and c.parent_id = f.id and c.id <> all(\(viewer.shut)))
          + (select count(*) from app.document d where d.tenant_id = f.tenant_id and d.folder_id = f.id and d.deleted_at is null) as count
        """
    }

    /// Every one that the viewer gets into, by name. There are at most 1,000.
    static func all(_ viewer: DocumentViewer) -> Query<[Folder]> {
        .many("select \(columns(viewer)) from app.folder f where \(viewer.seesFolder) order by lower(f.name), f.id limit \(most)")
    }

    /// Throws `NotFound` for one that is closed.
    static func find(_ id: UUID, _ viewer: DocumentViewer) -> Query<Folder> {
        .one("select \(columns(viewer)) from app.folder f where \(viewer.seesFolder) and f.id = \(id)")
    }

    static func isOpen(_ id: UUID, _ viewer: DocumentViewer) -> Query<Bool> {
        .value("select exists (select from app.folder f where \(viewer.seesFolder) and f.id = \(id))", Bool.self)
    }

    /// In the bin by itself, not only because what it lies in is.
    static func binned(_ viewer: DocumentViewer, now: Date) -> Query<[Folder]> {
        .many(
            """
            select \(columns(viewer)) from app.folder f where f.tenant_id = \(viewer.tenant) and f.deleted_at >= \(EmptyBin.limit(now))
             order by f.deleted_at desc, f.id limit \(most)
            """)
    }
}

extension [Folder] {
    /// From the top down to that one, as far as the viewer sees them: all the way, because closing closes what is below.
    func way(to folder: Folder) -> [Folder] { folder.path.compactMap { id in first { $0.id == id } } }

    /// Each under what it lies in: the tree in the order of its names, with depths.
    func tree(below parent: UUID? = nil, depth: Int = 0) -> [(folder: Folder, depth: Int)] {
        guard depth < Folder.deepest else { return [] }
        return filter { $0.parent == parent }.flatMap { [($0, depth)] + tree(below: $0.id, depth: depth + 1) }
    }
}
