import Audit
import Database
import Foundation
import Jobs
import Live
import Operations
import Web

/// What can be done to documents. Each function is one transaction's worth: change, audit line, event.
struct Shelf {
    let tx: Tx
    let viewer: DocumentViewer

    var now: Date { tx.facts.now }
    var tenant: Int32 { viewer.tenant }

    /// - Throws: `FormErrors` for a folder that is not there.
    func add(_ draft: DocumentDraft, _ file: StoredFile) async throws -> Document {
        try await requireFolder(draft.folder)
        let id = UUID.v7(now: now)
        let name = draft.name.isEmpty ? FileName.title(file.filename) : draft.name
        try await tx.execute(
            """
            insert into app.document(tenant_id, id, folder_id, name, note, content, made_by, made_at, changed_at)
            values (\(tenant), \(id), \(draft.folder), \(name), \(draft.note), \(file.content), \(viewer.member), \(now), \(now))
            """)
        try await insert(file, of: id, number: 1)
        try note("document.added", id, in: draft.folder, AuditChange(after: ["name": name]))
        try tx.publish(DocumentAdded(document: id, folder: draft.folder, number: 1, by: viewer.member))
        return try await tx.query(Document.find(id, viewer))
    }

    /// The version that people get from now on; those before it stay.
    func addVersion(_ file: StoredFile, to id: UUID) async throws -> Document {
        let before = try await locked(id, nil)
        let number = before.newest.number + 1
        try await insert(file, of: id, number: number)
        try await tx.execute(
            """
            update app.document set number = \(Int32(clamping: number)), content = \(file.content), changed_at = \(now),
                   version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try note("document.replaced", id, in: before.folder, AuditChange(after: ["number": String(number)]))
        try tx.publish(DocumentAdded(document: id, folder: before.folder, number: number, by: viewer.member))
        return try await tx.query(Document.find(id, viewer))
    }

    /// Renames, describes, moves.
    ///
    /// - Throws: 409 for a stale version, `FormErrors` for a folder that is not there.
    func edit(_ id: UUID, _ edit: DocumentEdit) async throws -> Document {
        let before = try await locked(id, edit.version)
        try await requireFolder(edit.folder)
        try await tx.execute(
            """
            update app.document set name = \(edit.name), note = \(edit.note), folder_id = \(edit.folder), changed_at = \(now),
                   version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try note(
            before.folder == edit.folder ? "document.edited" : "document.moved", id, in: edit.folder,
            AuditChange(
                before: ["name": before.name, "note": before.note, "folder": before.folder?.text],
                after: ["name": edit.name, "note": edit.note, "folder": edit.folder?.text]))
        if let left = before.folder { tx.signal(LiveTopic("folder", left)) }
        return try await tx.query(Document.find(id, viewer))
    }

    /// Into the bin.
    func delete(_ id: UUID) async throws {
        let before = try await locked(id, nil)
        try await tx.execute(
            """
            update app.document set deleted_at = \(now), deleted_by = \(viewer.member), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try note("document.deleted", id, in: before.folder, AuditChange(before: ["name": before.name]))
    }

    /// Out of the bin, to where it lay; what it lies in has to be there.
    ///
    /// - Throws: 404, 409 while its folder is in the bin, too.
    func restore(_ id: UUID) async throws -> Document {
        let folder = try await tx.firstValue(
            """
            update app.document set deleted_at = null, deleted_by = null, version = version + 1
             where tenant_id = \(tenant) and id = \(id) and deleted_at >= \(EmptyBin.limit(now))
            returning coalesce(folder_id::text, '')
            """, String.self)
        guard let folder else { throw Failure.notFound }
        if let parent = UUID(uuidString: folder) {
            guard try await tx.query(Folder.isOpen(parent, viewer)) else { throw Failure.folderBinned }
        }
        try note("document.restored", id, in: UUID(uuidString: folder))
        return try await tx.query(Document.find(id, viewer))
    }

    // MARK: Parts

    private func insert(_ file: StoredFile, of document: UUID, number: Int) async throws {
        for object in file.objects { try tx.keep(object) }
        try await tx.execute(
            """
            insert into app.document_version(tenant_id, id, document_id, number, filename, type, bytes, sha256, object_key, thumb_key, width,
                                             height, added_by, added_at)
            values (\(tenant), \(file.id), \(document), \(Int32(clamping: number)), \(file.filename), \(file.type),
                    \(Int32(clamping: file.bytes)), \(file.sha256), \(file.object.key), \(file.thumb?.key),
                    \(file.width.map { Int32(clamping: $0) }), \(file.height.map { Int32(clamping: $0) }), \(viewer.member), \(now))
            """)
        if file.type == FileKind.pdf.type { try tx.enqueue(ReadPDF(version: file.id)) }
    }

    /// Holds the document's row.
    private func locked(_ id: UUID, _ version: Int?) async throws -> Document {
        try await tx.execute("select from app.document where tenant_id = \(tenant) and id = \(id) for no key update")
        let document = try await tx.query(Document.find(id, viewer))
        if let version, version != document.version { throw Failure.staleVersion }
        return document
    }

    private func note(_ action: String, _ id: UUID, in folder: UUID?, _ change: AuditChange = AuditChange()) throws {
        try tx.audit(action, "document", id, change)
        if let folder { tx.signal(LiveTopic("folder", folder)) }
    }
}

extension Failure {
    static let folderBinned = Failure(.conflict, "folder_binned", "What it lies in is in the bin; take that out first")
    static let tooManyFolders = Failure(
        .conflict, "too_many_folders", "There are too many folders, or they lie too deep in each other")
}
