import Database
import Documents
import Foundation
import PDF

/// The demo's shelf of documents.
extension DemoWriter {
    /// - Returns: documents written.
    func writeShelf(_ tx: Tx) async throws -> Int {
        guard let author = records.faces["manager"] else { return 0 }
        // Everything was put there in the weeks before the demo begins.
        let start = midnight(tx).addingTimeInterval(-40 * 86_400)
        var count = 0
        for (number, folder) in DemoFolder.all(records.language).enumerated() {
            let name = "\(records.members[author].email)/folder/\(number)"
            count += try await write(folder, under: [], Place(name, start, records.members[author].id), tx)
        }
        return count
    }

    private struct Place: Sendable {
        let name: String
        let at: Date
        let author: UUID

        init(_ name: String, _ at: Date, _ author: UUID) { (self.name, self.at, self.author) = (name, at, author) }

        func next(_ part: String) -> Place { Place("\(name)/\(part)", at.addingTimeInterval(86_400), author) }
        var id: UUID { .demo(at: at, name) }
    }

    private func write(_ folder: DemoFolder, under path: [UUID], _ place: Place, _ tx: Tx) async throws -> Int {
        var path = path
        if !folder.name.isEmpty {
            let parent = path.last
            path.append(place.id)
            try await tx.execute(
                """
                insert into app.folder(tenant_id, id, parent_id, name, path, roles, made_by, made_at)
                values (\(tenant), \(place.id), \(parent), \(folder.name), \(path), \(folder.roles), \(place.author), \(place.at))
                """)
            if folder.isOfHouse, let house = records.houseOfFace {
                try await tx.execute(
                    """
                    insert into app.folder_building(tenant_id, folder_id, building_id)
                    values (\(tenant), \(place.id), \(records.buildings[house].id))
                    """)
            }
        }
        for (number, paper) in folder.papers.enumerated() {
            try await write(paper, in: path.last, place.next("paper/\(number)"), tx)
        }
        var count = folder.papers.count
        for (number, inner) in folder.folders.enumerated() {
            count += try await write(inner, under: path, place.next("folder/\(number)"), tx)
        }
        return count
    }

    private func write(_ paper: DemoFolder.Paper, in folder: UUID?, _ place: Place, _ tx: Tx) async throws {
        let changed = place.at.addingTimeInterval(Double(paper.versions.count - 1) * 864_000)
        var content = ""
        if case .text(let text, _)? = paper.versions.last { content = text }
        try await tx.execute(
            """
            insert into app.document(tenant_id, id, folder_id, name, note, content, number, made_by, made_at, changed_at, deleted_at, deleted_by)
            values (\(tenant), \(place.id), \(folder), \(paper.name), \(paper.note), \(content), \(Int32(clamping: paper.versions.count)),
                    \(place.author), \(place.at), \(changed), \(paper.isBinned ? midnight(tx).addingTimeInterval(-3 * 86_400) : nil),
                    \(paper.isBinned ? place.author : nil))
            """)
        for (number, file) in paper.versions.enumerated() {
            let at = place.at.addingTimeInterval(Double(number) * 864_000)
            let id = UUID.demo(at: at, order: number, "\(place.name)/version/\(number)")
            guard let (bytes, thumb, size, type, ending) = try await made(file, at) else { continue }
            try await tx.execute(
                """
                insert into app.document_version(tenant_id, id, document_id, number, filename, type, bytes, sha256, object_key, thumb_key, width,
                                                 height, added_by, added_at)
                values (\(tenant), \(id), \(place.id), \(Int32(clamping: number + 1)), \("\(paper.file).\(ending)"), \(type),
                        \(Int32(clamping: bytes.count)), sha256(\(bytes)), \(try await keep(bytes, tenant)), \(thumb),
                        \(size.map { Int32(clamping: $0.0) }), \(size.map { Int32(clamping: $0.1) }), \(place.author), \(at))
                """)
            if case .paper = file { try tx.enqueue(ReadPDF(version: id)) }
        }
    }

    /// A paper of the company; the first line is its title.
    func print(_ lines: [String], at: Date) throws -> [UInt8] {
        try PDFDocument(
            title: lines.first ?? "", lead: "", company: records.buildings.first?.house.name ?? "", made: at,
            blocks: lines.dropFirst().map { .text($0) }
        ).bytes()
    }

    /// Bytes, key of the thumbnail, size of the picture, media type and ending.
    private func made(_ file: DemoFolder.File, _ at: Date) async throws -> ([UInt8], String?, (Int, Int)?, String, String)? {
        switch file {
        case .paper(let lines): return (try print(lines, at: at), nil, nil, "application/pdf", "pdf")
        case .text(let text, let ending): return (Array(text.utf8), nil, nil, "text/plain; charset=utf-8", ending)
        case .picture:
            guard let photo = records.photos.last, let print = prints[photo.sketch] else { return nil }
            let thumb = try await keep(print.thumb.bytes, tenant)
            return (print.full.bytes, thumb, (print.full.width, print.full.height), "image/jpeg", "jpg")
        }
    }
}
