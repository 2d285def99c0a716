import Database
import Foundation
import HTML
import Property
import UI
import Web

/// What lies on the shelf.
extension DocumentRoutes {
    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await contents(incoming, DocumentDesk(context), of: try incoming.folder())
    }

    @Sendable func folder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("folder"))
        guard context.face == .page else {
            let folder = try await context.read(Folder.find(id, desk.viewer))
            return .show(page: { throw Failure.notFound }, json: { try JSON.encode(FolderJSON(folder, desk.viewer)) })
        }
        return try await contents(incoming, desk, of: id)
    }

    private func contents(_ incoming: Incoming, _ desk: DocumentDesk, of id: UUID?) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (folders, lines, total, buildings) = try await desk.context.read(
            Folder.all(desk.viewer), Document.page(in: id, desk.viewer, cursor, size: size), Document.count(in: id, desk.viewer),
            desk.viewer.manages && desk.context.face == .page ? BuildingName.all(desk.viewer.tenant) : .known([]))
        let folder = folders.first { $0.id == id }
        if id != nil, folder == nil { throw Failure.notFound }
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            desk.folder(folder, folders, page, total, buildings),
            json: ListJSON(items: page.lines.map { DocumentJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func folders(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let viewer = DocumentViewer(context)
        let folders = try await context.read(Folder.all(viewer))
        return .show(
            page: { throw Failure.notFound },
            json: {
                try JSON.encode(
                    ListJSON(items: folders.map { FolderJSON($0, viewer) }, nextCursor: nil, total: folders.count))
            })
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (viewer, id) = (DocumentViewer(context), try incoming.folder())
        if let id, try await !context.read(Folder.isOpen(id, viewer)) { throw Failure.notFound }
        var csv = CSV(head: Document.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(Document.page(in: id, viewer, cursor, size: 500))
            for line in lines.prefix(500) { csv.append(line.cells) }
            cursor = lines.count > 500 ? .after(lines[499].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "documents.csv"))
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        let record = try await desk.record(try incoming.id("document"))
        return .show(desk.show(record), json: DocumentDetailJSON(record.document, record.versions))
    }

    /// Only ever as a download: nothing that somebody uploaded is shown as a page of this house. The other parts are pictures of our own.
    func file(_ incoming: Incoming, _ context: MemberContext, _ part: DocumentVersion.Part) async throws -> Reply {
        let (viewer, id) = (DocumentViewer(context), try incoming.id("document"))
        let number = try incoming.versionNumber()
        let (version, waiting) = try await context.read(
            DocumentVersion.find(id, number: number, viewer), DocumentVersion.waiting(id, number: number, viewer.tenant, part))
        guard let key = version.key(of: part) else { throw Failure.notFound }
        let bytes = try await files.read(key, waiting: waiting)
        let etag = "\"\(version.id.text)\""
        return switch part {
        case .file: .file(FileReply(.bytes(bytes), type: "application/octet-stream", etag: etag, filename: version.filename))
        case .thumbnail, .preview: .file(FileReply(.bytes(bytes), type: "image/jpeg", etag: etag, maxAge: 300))
        }
    }
}

extension Incoming {
    /// `?folder=` of the address; one that cannot be is not there.
    fileprivate func folder() throws -> UUID? {
        guard let text = query.single("folder"), !text.isEmpty else { return nil }
        guard let id = UUID(uuidString: text) else { throw Failure.notFound }
        return id
    }

    /// The version in the path; nil where the path names none.
    fileprivate func versionNumber() throws -> Int? {
        guard let text = try? parameter("version") else { return nil }
        guard let number = Int(text), (1...Int(Int32.max)).contains(number) else { throw Failure.notFound }
        return number
    }
}

extension Document {
    static let head = ["id", "name", "note", "filename", "type", "bytes", "version", "added_by", "added_at"]

    var cells: [String] {
        [
            id.text, name, note, newest.filename, newest.type, String(newest.bytes), String(newest.number), newest.addedBy,
            newest.addedAt.formatted(.iso8601)
        ]
    }
}
