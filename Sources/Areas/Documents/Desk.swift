import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// One request's view of the shelf: who looks, in which words. Builds the pages.
struct DocumentDesk: Sendable {
    let context: MemberContext
    let viewer: DocumentViewer
    let t: DocumentsMessages

    init(_ context: MemberContext) {
        self.context = context
        viewer = DocumentViewer(context)
        t = DocumentsMessages(context.language)
    }

    var format: Format { context.format }
    var home: Crumb { Crumb(t.shelf.title, "/documents") }

    func shelf(_ tx: Tx) -> Shelf { Shelf(tx: tx, viewer: viewer) }

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { t.problem(code: $0) }
    }

    /// From the top to a folder; nil for the top itself.
    func crumbs(_ folder: Folder?, _ all: [Folder]) -> [Crumb] {
        guard let folder else { return [home] }
        return [home] + all.way(to: folder).map { Crumb($0.name, $0.address) }
    }

    func place(_ folder: UUID?) -> WebPath { folder.map { "/documents/folders/\($0.text)" } ?? "/documents" }

    // MARK: A folder

    func folder(_ folder: Folder?, _ all: [Folder], _ page: KeysetPage<Document>, _ total: Int, _ buildings: [BuildingName])
        -> FolderPage
    {
        let here = place(folder?.id)
        let address = { (cursor: Cursor) in here.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let inside = all.filter { $0.parent == folder?.id }
        let query = folder.map { [("folder", $0.id.text)] } ?? []
        var crumbs = crumbs(folder, all)
        if let last = crumbs.popLast() { crumbs.append(Crumb(last.label)) }
        return FolderPage(
            title: folder?.name ?? t.shelf.title, crumbs: folder == nil ? [] : crumbs,
            badges: folder.map { badges($0, buildings) } ?? [],
            folders: page.previous == nil ? inside.map { row($0, buildings) } : [], documents: page.lines.map(row),
            summary: t.shelf.summary(folders: inside.count, documents: total),
            csv: ("/documents.csv" as WebPath).adding(query: query),
            pager: page.previous == nil && page.next == nil
                ? nil
                : Pager(
                    previous: page.previous.map(address), next: page.next.map(address),
                    summary: t.shelf.summary(folders: inside.count, documents: total)),
            acts: viewer.manages
                ? FolderActs(
                    upload: ("/documents/new" as WebPath).adding(query: query),
                    make: ("/documents/folders/new" as WebPath).adding(query: query),
                    settings: folder.map { "\($0.address)/settings" }, bin: "/documents/bin") : nil,
            topics: folder.map { "folder:\($0.id.text)" } ?? "document folder",
            emptyText: viewer.manages ? t.shelf.noneManager : t.shelf.noneText)
    }

    /// Whose it is, in words; only those who decide about it are told.
    private func badges(_ folder: Folder, _ buildings: [BuildingName]) -> [Badge] {
        guard viewer.manages else { return [] }
        let roles = folder.roles.map { Badge(context.tenant.titles(of: [$0], language: context.language.rawValue)) }
        let places = buildings.filter { folder.buildings.contains($0.id) }.map { Badge($0.name) }
        return roles + (places.count > 3 ? [Badge(t.shelf.places(count: places.count))] : places)
    }

    private func row(_ folder: Folder, _ buildings: [BuildingName]) -> FolderRow {
        FolderRow(
            path: folder.address, name: folder.name, count: t.shelf.entries(count: folder.count),
            badges: badges(folder, buildings))
    }

    func row(_ document: Document) -> DocumentRow {
        DocumentRow(
            path: document.path, file: "\(document.path)/file", name: document.name, detail: detail(document.newest),
            changed: format.moment(document.changedAt, now: context.now), picture: picture(document))
    }

    func detail(_ version: DocumentVersion) -> String {
        t.shelf.detail(kind: kind(version.type), size: format.fileSize(bytes: version.bytes), number: version.number)
    }

    func kind(_ type: String) -> String { t.shelf.kind(kind: FileKind.of(type: type)?.rawValue ?? "") }

    func picture(_ document: Document) -> Picture? {
        // The thumbnail's longer side is 400 pixels (Kit/Images).
        preview(document, "thumbnail", longest: 400)
    }

    /// Large enough to be read.
    func preview(_ document: Document) -> Picture? {
        var preview = preview(document, "preview", longest: .max)
        preview?.caption = document.newest.pages.map { t.show.pages(count: $0) }
        return preview
    }

    private func preview(_ document: Document, _ part: String, longest: Int) -> Picture? {
        guard document.newest.thumbKey != nil else { return nil }
        let (width, height) = (document.newest.width ?? 1, document.newest.height ?? 1)
        let scale = min(1, Double(longest) / Double(max(width, height, 1)))
        return Picture(
            // Named by its version: a browser keeps what it has fetched.
            thumbnail: ("\(document.path)/\(part)" as WebPath).adding(query: [("v", String(document.newest.number))]),
            page: "\(document.path)/file", alt: t.show.picture(name: document.name),
            width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
    }

    /// The tree as choices of a select.
    func choices(_ all: [Folder], besides id: UUID? = nil) -> [Choice] {
        all.tree().filter { entry in id.map { !entry.folder.path.contains($0) } ?? true }.map { entry in
            Choice(entry.folder.id.text, String(repeating: "– ", count: entry.depth) + entry.folder.name)
        }
    }
}
