import Database
import Foundation
import Jobs
import Operations
import PDF

/// Looks into a PDF that was put on the shelf: its first page becomes its preview, its words are found by a search. One that cannot be read
/// stays a file to download.
package struct ReadPDF: Job {
    package static let kind = "documents.read-pdf"
    /// Of the version.
    package let version: UUID

    package init(version: UUID) {
        self.version = version
    }

    private struct Found: Record {
        let document: UUID
        let folder: UUID?
        let number: Int32
        let key: String

        init(row: Row) throws {
            document = try row["document_id"]
            folder = try row["folder_id"]
            number = try row["number"]
            key = try row["object_key"]
        }
    }

    func run(_ reader: PDFReader, _ files: FileStudio, _ context: JobContext) async throws {
        let (found, waiting) = try await context.db.read(
            find(context.tenant),
            BlobSpool.bytes(
                of: "select object_key from app.document_version where tenant_id = \(context.tenant) and id = \(version)",
                context.tenant))
        // Removed meanwhile, or read already.
        guard let found else { return }
        let contents = try await reader.read(try await files.read(found.key, waiting: waiting))
        let picture = try await files.develop(contents.firstPage, tenant: context.tenant)
        do {
            try await context.write { tx in
                for object in picture?.objects ?? [] { try tx.keep(object) }
                try await write(contents, picture, found, tx)
            }
        } catch {
            if let picture { await files.discard(picture.objects, after: error) }
            throw error
        }
    }

    private func find(_ tenant: Int32) -> Query<Found?> {
        .first(
            """
            select v.document_id, d.folder_id, v.number, v.object_key from app.document_version v
              join app.document d on d.tenant_id = v.tenant_id and d.id = v.document_id
             where v.tenant_id = \(tenant) and v.id = \(version) and v.pages is null
            """)
    }

    private func write(_ contents: PDFContents, _ picture: FileStudio.Preview?, _ found: Found, _ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        let text = String(contents.text.unicodeScalars.prefix(FileStudio.searched))
        try await tx.execute(
            """
            update app.document_version
               set pages = \(contents.pages.map { Int32(clamping: $0) }), preview_key = \(picture?.full.key), thumb_key = \(picture?.thumb.key),
                   width = \(picture.map { Int32(clamping: $0.width) }), height = \(picture.map { Int32(clamping: $0.height) })
             where tenant_id = \(tenant) and id = \(version)
            """)
        // Not of a version that another one has taken the place of.
        try await tx.execute(
            """
            update app.document set content = \(text)
             where tenant_id = \(tenant) and id = \(found.document) and number = \(found.number) and content <> \(text)
            """)
        tx.signal(LiveTopic("document"), LiveTopic("document", found.document))
        if let folder = found.folder { tx.signal(LiveTopic("folder", folder)) }
    }
}
