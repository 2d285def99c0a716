import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// A document with what its page shows.
struct DocumentRecord: Sendable {
    let document: Document
    let versions: [DocumentVersion]
    let folders: [Folder]
}

extension DocumentDesk {
    /// One round trip; 404 for what is closed.
    func record(_ id: UUID) async throws -> DocumentRecord {
        let (document, versions, folders) = try await context.read(
            Document.find(id, viewer), viewer.manages ? DocumentVersion.of(id, viewer) : .known([]), Folder.all(viewer))
        return DocumentRecord(
            document: document, versions: viewer.manages ? versions : [document.newest], folders: folders)
    }

    /// - Parameter refused: what was typed into one of its forms.
    func show(_ record: DocumentRecord, _ refused: FormErrors? = nil, stale: Bool = false) -> DocumentPage {
        let document = record.document
        var errors = errors(refused?.problems ?? [])
        if stale { errors.append(FieldError(field: "", code: "stale_version", message: t.show.stale)) }
        let folder = record.folders.first { $0.id == document.folder }
        let isText = document.newest.type == FileKind.text.type
        return DocumentPage(
            title: document.name, crumbs: crumbs(folder, record.folders) + [Crumb(document.name)], note: document.note,
            facts: [
                Fact(t.show.kind, kind(document.newest.type)),
                Fact(t.show.size, format.fileSize(bytes: document.newest.bytes)),
                Fact(t.show.version, String(document.newest.number)),
                Fact(t.show.addedBy, document.newest.addedBy), Fact(t.show.added, format.dateTime(document.newest.addedAt)),
                Fact(t.show.checksum, DocumentVersionJSON(document.newest).sha256)
            ], download: "\(document.path)/file", preview: preview(document),
            beginning: isText && !document.beginning.isEmpty
                ? document.beginning.split(separator: "\n", omittingEmptySubsequences: false).prefix(40).joined(separator: "\n")
                : nil,
            topic: "document:\(document.id.text)",
            manage: viewer.manages ? management(record, refused, errors, stale: stale) : nil,
            errors: errors)
    }

    private func management(
        _ record: DocumentRecord, _ refused: FormErrors?, _ errors: [FieldError], stale: Bool
    ) -> DocumentManagement {
        let document = record.document
        let isEdit = refused?.values["version"].isEmpty == false
        func field(_ name: String, _ label: String, _ value: String, required: Bool = false, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: isEdit ? refused?.values[name] ?? value : value, error: errors.message(for: name),
                required: required, maxLength: most)
        }
        return DocumentManagement(
            versions: record.versions.map { version in
                VersionRow(
                    label: t.show.versionOf(number: String(version.number)), path: "\(document.path)/versions/\(version.number)",
                    detail: "\(version.filename) · \(format.fileSize(bytes: version.bytes)) · \(version.addedBy)",
                    added: format.moment(version.addedAt, now: context.now))
            }, replace: "\(document.path)/versions",
            file: Field("file", label: t.new.file, hint: t.new.fileHint, error: errors.message(for: "file"), required: true),
            accept: FileKind.accept, edit: document.path,
            name: field("name", t.new.name, document.name, required: true, most: 200),
            note: field("note", t.new.note, document.note, most: 2000),
            folder: field("folder_id", t.new.folder, document.folder?.text ?? ""), folders: choices(record.folders),
            hidden: [.version(document.version, opened: refused?.values["version"], stale: stale)],
            delete: "\(document.path)/deletion", opensEdit: isEdit,
            opensReplace: refused != nil && !isEdit)
    }

    // MARK: Forms of their own

    func compose(_ values: FormValues, _ problems: [FieldProblem], _ folders: [Folder]) -> NewDocumentPage {
        let errors = errors(problems)
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = false, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required,
                maxLength: most)
        }
        let folder = folders.first { $0.id.text == values["folder_id"] }
        return NewDocumentPage(
            crumbs: crumbs(folder, folders) + [Crumb(t.new.title)], errors: errors, action: "/documents",
            back: place(folder?.id), file: field("file", t.new.file, hint: t.new.fileHint, required: true),
            accept: FileKind.accept, name: field("name", t.new.name, hint: t.new.nameHint, most: 200),
            note: field("note", t.new.note, most: 2000), folder: field("folder_id", t.new.folder), folders: choices(folders))
    }

    /// - Parameter folder: nil for a new one.
    func form(
        _ folder: Folder?, _ values: FormValues?, _ problems: [FieldProblem], _ folders: [Folder], _ buildings: [BuildingName],
        parent: UUID? = nil, stale: Bool = false
    ) -> FolderFormPage {
        var errors = errors(problems)
        if stale { errors.append(FieldError(field: "", code: "stale_version", message: t.show.stale)) }
        let title = folder == nil ? t.folder.make : t.folder.settings
        let roles = context.tenant.roles.map(\.key)
        let above = folder.map { folder in folders.first { $0.id == folder.id } } ?? folders.first { $0.id == parent }
        return FolderFormPage(
            title: title, crumbs: crumbs(above, folders) + [Crumb(title)], errors: errors,
            action: folder.map(\.address) ?? "/documents/folders", back: folder.map(\.address) ?? place(parent),
            hidden: folder.map { [.version($0.version, opened: values?["version"], stale: stale)] } ?? [],
            name: Field(
                "name", label: t.folder.name, value: values?["name"] ?? folder?.name ?? "", error: errors.message(for: "name"),
                required: true, maxLength: 120),
            parent: Field(
                "parent_id", label: t.folder.parent,
                value: values?["parent_id"] ?? (folder == nil ? parent : folder?.parent)?.text ?? "",
                error: errors.message(for: "parent_id")), parents: choices(folders, besides: folder?.id),
            roles: Field("roles", label: t.folder.roles, hint: t.folder.rolesHint, error: errors.message(for: "roles")),
            roleChoices: (roles + (folder?.roles ?? []).filter { !roles.contains($0) }).map {
                let title = context.tenant.titles(of: [$0], language: context.language.rawValue)
                return Choice($0, title.isEmpty ? $0 : title)
            }, tickedRoles: Set(values?.all("roles") ?? folder?.roles ?? []),
            buildings: Field(
                "building_ids", label: t.folder.buildings, hint: t.folder.buildingsHint,
                error: errors.message(for: "building_ids")),
            buildingChoices: buildings.map { Choice($0.id.text, $0.name) },
            tickedBuildings: Set(values?.all("building_ids") ?? folder?.buildings.map(\.text) ?? []),
            delete: folder.map { "\($0.address)/deletion" })
    }

    func bin(_ folders: [Folder], _ documents: [Document]) -> DocumentBinPage {
        let rows =
            folders.map { ($0.deletedAt, $0.name, t.bin.folder, "\($0.address)/restoration" as WebPath) }
            + documents.map { ($0.deletedAt, $0.name, t.bin.document, "\($0.path)/restoration" as WebPath) }
        return DocumentBinPage(
            crumbs: [home, Crumb(t.bin.title)],
            rows: rows.sorted { ($0.0 ?? .distantPast) > ($1.0 ?? .distantPast) }.map { deleted, name, kind, path in
                BinRow(name: name, kind: kind, deleted: format.moment(deleted ?? context.now, now: context.now), restore: path)
            }, topics: "document folder")
    }
}
