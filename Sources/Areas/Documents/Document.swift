import Database
import Foundation
import HTML
import Operations
import Web

/// A document with its newest version.
struct Document: Record, Sendable {
    let id: UUID
    let folder: UUID?
    let name: String
    let note: String
    /// Of a text, its beginning.
    let beginning: String
    let changedAt: Date
    let deletedAt: Date?
    let version: Int
    let newest: DocumentVersion

    init(row: Row) throws {
        id = try row["document_id"]
        folder = try row["folder_id"]
        name = try row["name"]
        note = try row["note"]
        beginning = try row["beginning"]
        changedAt = try row["changed_at"]
        deletedAt = try row["deleted_at"]
        version = Int(try row["version"] as Int32)
        newest = try DocumentVersion(row: row)
    }

    var path: WebPath { "/documents/\(id.text)" }

    private static let select: SQL = """
        select d.folder_id, d.name, d.note, left(d.content, 4000) as beginning, d.changed_at, d.deleted_at, d.version,
               \(DocumentVersion.columns)
          from app.document d
          join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.number = d.number
          join app.member m on m.tenant_id = v.tenant_id and m.id = v.added_by
        """

    /// What lies in a folder, or at the top, by name.
    static func page(in folder: UUID?, _ viewer: DocumentViewer, _ cursor: Cursor, size: Int) -> Query<[Document]> {
        let place = { (id: UUID) -> SQL in
            "(select lower(x.name), x.id from app.document x where x.tenant_id = \(viewer.tenant) and x.id = \(id))"
        }
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "asc")
            case .after(let id): ("and (lower(d.name), d.id) > \(place(id))", "asc")
            case .before(let id): ("and (lower(d.name), d.id) < \(place(id))", "desc")
            }
        return .many(
            "\(select) where \(viewer.seesDocument) and \(lies(folder)) \(seek) order by lower(d.name) \(order), d.id \(order) limit \(size + 1)"
        )
    }

    static func count(in folder: UUID?, _ viewer: DocumentViewer) -> Query<Int> {
        .value("select count(*) from app.document d where \(viewer.seesDocument) and \(lies(folder))", Int.self)
    }

    private static func lies(_ folder: UUID?) -> SQL { folder.map { "d.folder_id = \($0)" } ?? "d.folder_id is null" }

    /// Throws `NotFound` for one that is closed.
    static func find(_ id: UUID, _ viewer: DocumentViewer) -> Query<Document> {
        .one("\(select) where \(viewer.seesDocument) and d.id = \(id)")
    }

    static func isOpen(_ id: UUID, _ viewer: DocumentViewer) -> Query<Bool> {
        .value("select exists (select from app.document d where \(viewer.seesDocument) and d.id = \(id))", Bool.self)
    }

    static func binned(_ viewer: DocumentViewer, now: Date) -> Query<[Document]> {
        .many(
            """
            \(select) where d.tenant_id = \(viewer.tenant) and d.deleted_at >= \(EmptyBin.limit(now))
             order by d.deleted_at desc, d.id limit 1000
            """
        )
    }
}

/// One upload of a document.
struct DocumentVersion: Record, Sendable {
    let id: UUID
    let document: UUID
    let number: Int
    let filename: String
    let type: String
    let bytes: Int
    let sha256: [UInt8]
    let objectKey: String
    let thumbKey: String?
    private let previewKey: String?
    /// Of a PDF that could be read.
    let pages: Int?
    let width: Int?
    let height: Int?
    let addedBy: String
    let addedAt: Date

    init(row: Row) throws {
        id = try row["version_id"]
        document = try row["document_id"]
        number = Int(try row["number"] as Int32)
        filename = try row["filename"]
        type = try row["type"]
        bytes = Int(try row["bytes"] as Int32)
        sha256 = try row["sha256"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        previewKey = try row["preview_key"]
        pages = (try row["pages"] as Int32?).map { Int($0) }
        width = (try row["width"] as Int32?).map { Int($0) }
        height = (try row["height"] as Int32?).map { Int($0) }
        addedBy = try row["added_by"]
        addedAt = try row["added_at"]
    }

    /// What is kept of it.
    enum Part: Sendable {
        case file
        /// A picture of its own, or the first page of a PDF: small, and large enough to be read.
        case thumbnail, preview
    }

    /// Nil for what it has not.
    func key(of part: Part) -> String? {
        switch part {
        case .file: objectKey
        case .thumbnail: thumbKey
        case .preview: previewKey ?? (thumbKey == nil ? nil : objectKey)
        }
    }

    static let columns: SQL = """
        v.id as version_id, v.document_id, v.number, v.filename, v.type, v.bytes, v.sha256, v.object_key, v.thumb_key, v.preview_key, v.pages,
        v.width, v.height, m.name as added_by, v.added_at
        """

    /// The newest first.
    static func of(_ document: UUID, _ viewer: DocumentViewer) -> Query<[DocumentVersion]> {
        .many(
            """
            select \(columns) from app.document_version v join app.member m on m.tenant_id = v.tenant_id and m.id = v.added_by
             where v.tenant_id = \(viewer.tenant) and v.document_id = \(document) order by v.number desc limit 500
            """)
    }

    /// The newest for everybody who sees the document, older ones for those who look after it.
    static func find(_ document: UUID, number: Int?, _ viewer: DocumentViewer) -> Query<DocumentVersion> {
        let which: SQL = number.map { "v.number = \(Int32(clamping: $0))" } ?? "v.number = d.number"
        return .one(
            """
            select \(columns) from app.document d
              join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id
              join app.member m on m.tenant_id = v.tenant_id and m.id = v.added_by
             where \(viewer.seesDocument) and d.id = \(document) and \(which)
            """)
    }

    /// What the spool has of it; asks for nobody's rights, so it travels behind `find`.
    static func waiting(_ document: UUID, number: Int?, _ tenant: Int32, _ part: Part) -> Query<[UInt8]?> {
        let column: SQL =
            switch part {
            case .file: "v.object_key"
            case .thumbnail: "v.thumb_key"
            case .preview: "coalesce(v.preview_key, v.object_key)"
            }
        let which: SQL = number.map { "v.number = \(Int32(clamping: $0))" } ?? "v.number = d.number"
        return BlobSpool.bytes(
            of: """
                select \(column) from app.document d
                  join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id
                 where d.tenant_id = \(tenant) and d.id = \(document) and \(which)
                """, tenant)
    }
}
