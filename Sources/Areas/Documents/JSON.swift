import Database
import Foundation
import Web

/// A folder as programs see it.
struct FolderJSON: Codable, Sendable {
    let folderId: String
    let parentId: String?
    let name: String
    /// Whose it is, for those who decide about it; empty: everybody's.
    let roles: [String]?
    let buildingIds: [String]?
    /// Those that are open to the asker.
    let entries: Int
    let version: Int

    init(_ folder: Folder, _ viewer: DocumentViewer) {
        (folderId, parentId, name) = (folder.id.text, folder.parent?.text, folder.name)
        roles = viewer.manages ? folder.roles : nil
        buildingIds = viewer.manages ? folder.buildings.map(\.text) : nil
        (entries, version) = (folder.count, folder.version)
    }
}

struct DocumentVersionJSON: Codable, Sendable {
    let number: Int
    let filename: String
    let contentType: String
    let bytes: Int
    /// Of the file as it was handed in; pictures are kept without their metadata, which makes other files of them.
    let sha256: String
    let addedBy: String
    let addedAt: Date

    init(_ version: DocumentVersion) {
        (number, filename, contentType, bytes) = (version.number, version.filename, version.type, version.bytes)
        sha256 = version.sha256.hex
        (addedBy, addedAt) = (version.addedBy, version.addedAt)
    }
}

/// A document with its newest version.
struct DocumentJSON: Codable, Sendable {
    let documentId: String
    let folderId: String?
    let name: String
    let note: String
    let changedAt: Date
    let version: Int
    let newest: DocumentVersionJSON
    let url: String
    /// Of pictures, and of PDFs as soon as they were read.
    let thumbnailUrl: String?
    let previewUrl: String?
    /// Of a PDF that was read.
    let pages: Int?

    init(_ document: Document) {
        (documentId, folderId) = (document.id.text, document.folder?.text)
        (name, note, changedAt, version) = (document.name, document.note, document.changedAt, document.version)
        newest = DocumentVersionJSON(document.newest)
        url = "/api/v1/documents/\(document.id.text)/file"
        let isShown = document.newest.thumbKey != nil
        thumbnailUrl = isShown ? "/api/v1/documents/\(document.id.text)/thumbnail" : nil
        previewUrl = isShown ? "/api/v1/documents/\(document.id.text)/preview" : nil
        pages = document.newest.pages
    }
}

struct DocumentDetailJSON: Codable, Sendable {
    let document: DocumentJSON
    /// All of them for those who look after documents, the newest for others.
    let versions: [DocumentVersionJSON]

    init(_ document: Document, _ versions: [DocumentVersion]) {
        self.document = DocumentJSON(document)
        self.versions = versions.map { DocumentVersionJSON($0) }
    }
}

/// Something in the bin.
struct BinnedJSON: Codable, Sendable {
    let id: String
    /// `folder` or `document`.
    let kind: String
    let name: String
    let deletedAt: Date?

    init(_ folder: Folder) { (id, kind, name, deletedAt) = (folder.id.text, "folder", folder.name, folder.deletedAt) }

    init(_ document: Document) { (id, kind, name, deletedAt) = (document.id.text, "document", document.name, document.deletedAt) }
}
