import Forms
import Foundation

/// A document that somebody puts on the shelf.
struct DocumentDraft: Sendable {
    /// Empty: as its file is called.
    let name: String
    let note: String
    let folder: UUID?
    let file: Upload?

    init(_ form: inout FormReader) {
        name = form.optionalText("name", .max(200)) ?? ""
        note = form.optionalText("note", .max(2000), .lines) ?? ""
        folder = form.optionalUUID("folder_id")
        file = form.files("file", min: 1, max: 1).first
    }
}

/// What is changed about a document besides its file: all of it.
struct DocumentEdit: Sendable {
    let name: String
    let note: String
    let folder: UUID?
    let version: Int?

    init(_ form: inout FormReader) {
        name = form.text("name", .required, .max(200))
        note = form.optionalText("note", .max(2000), .lines) ?? ""
        folder = form.optionalUUID("folder_id")
        version = form.version()
    }
}

/// A new version of a document.
struct VersionDraft: Sendable {
    let file: Upload?

    init(_ form: inout FormReader) {
        file = form.files("file", min: 1, max: 1).first
    }
}

/// A folder, new or changed: all of it.
struct FolderDraft: Sendable {
    let name: String
    let parent: UUID?
    let roles: [String]
    let buildings: [UUID]
    let version: Int?

    /// - Parameter known: the company's roles.
    init(_ form: inout FormReader, roles known: [String]) {
        name = form.text("name", .required, .max(120))
        parent = form.optionalUUID("parent_id")
        roles = form.texts("roles", max: 50)
        buildings = form.uuids("building_ids", max: 1000)
        version = form.version()
        if !Set(roles).isSubset(of: known) { form.fail("roles", .notAllowed) }
    }
}
