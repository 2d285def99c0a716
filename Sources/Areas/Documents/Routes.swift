import Faults
import Forms
import HTML
import Web

/// The shelf of documents. Every member has it; what is on it, `DocumentViewer` says.
package struct DocumentRoutes: Sendable {
    let files: FileStudio
    /// Files of one member.
    static let uploading = RateLimit("document", 120, per: 3600)

    package init(files: FileStudio) {
        self.files = files
    }

    package func add(to routes: Routes) {
        routes.chapter("Documents")
        addReading(to: routes)
        addFolders(to: routes)
        addDocuments(to: routes)
    }

    private func addReading(to routes: Routes) {
        routes.memberGet("documents", seen: true, support: true, use: list)
            .tells("Lists the documents of a folder, or those at the top, by name.").asks(.uuid("folder"))
            .lists(DocumentJSON.self).fails(404)
        routes.memberGet("documents.csv", seen: true, use: export)
            .tells("The same as CSV.").asks(.uuid("folder")).gives(file: "text/csv").fails(404)
        routes.memberGet("documents/{document}", seen: true, support: true, use: show)
            .tells("One document; with its earlier versions for those who look after documents.").gives(DocumentDetailJSON.self)
        routes.memberGet("documents/{document}/file", seen: true) { try await file($0, $1, .file) }
            .tells("The file of its newest version.").gives(file: "application/octet-stream").kept()
        routes.memberGet("documents/{document}/thumbnail", seen: true) { try await file($0, $1, .thumbnail) }
            .tells("A small picture of it: of a picture, or of the first page of a PDF.").gives(file: "image/jpeg").kept()
        routes.memberGet("documents/{document}/preview", seen: true) { try await file($0, $1, .preview) }
            .tells("The same, large enough to be read.").gives(file: "image/jpeg").kept()
        routes.get("documents/{document}/versions/{version}", may: .manageDocuments) { try await file($0, $1, .file) }
            .tells("The file of any of its versions.").gives(file: "application/octet-stream").kept()
    }

    private func addFolders(to routes: Routes) {
        routes.memberGet("documents/folders", on: .api, seen: true, use: folders)
            .tells("Lists the folders that you may open, by name.").listsAll(FolderJSON.self)
        routes.get("documents/folders/new", may: .manageDocuments, on: .page, use: composeFolder)
        routes.post("documents/folders", may: .manageDocuments, use: makeFolder)
            .tells("Makes a folder: of everybody, or of roles, buildings or both. What lies in it can only be closed further.")
            .takes { form, tenant in _ = FolderDraft(&form, roles: tenant.roles.map(\.key)) }.creates(FolderJSON.self)
        routes.memberGet("documents/folders/{folder}", seen: true, support: true, use: folder)
            .tells("One folder.").gives(FolderJSON.self)
        routes.get("documents/folders/{folder}/settings", may: .manageDocuments, on: .page, use: folderEditor)
        routes.post("documents/folders/{folder}", may: .manageDocuments, use: changeFolder)
            .tells("Renames or moves a folder, and says whose it is: all of it is given.")
            .takes { form, tenant in _ = FolderDraft(&form, roles: tenant.roles.map(\.key)) }.gives(FolderJSON.self)
        routes.post("documents/folders/{folder}/deletion", may: .manageDocuments, on: .page, use: deleteFolder)
        routes.delete("documents/folders/{folder}", may: .manageDocuments, use: deleteFolder)
            .tells("Puts a folder into the bin, with what lies in it.").givesNothing()
        routes.post("documents/folders/{folder}/restoration", may: .manageDocuments, use: restoreFolder)
            .tells("Takes a folder out of the bin.").gives(FolderJSON.self)
        routes.get("documents/bin", may: .manageDocuments, use: bin)
            .tells("Lists what lies in the bin; after 30 days it is removed.").listsAll(BinnedJSON.self)
    }

    private func addDocuments(to routes: Routes) {
        routes.get("documents/new", may: .manageDocuments, on: .page, use: compose)
        routes.post("documents", may: .manageDocuments, body: .uploads, use: add)
            .tells("Puts a document on the shelf: a PDF, picture, office document or text.").takes { _ = DocumentDraft(&$0) }
            .creates(DocumentJSON.self).fails(413, 415, 429)
        routes.post("documents/{document}/versions", may: .manageDocuments, body: .uploads, use: addVersion)
            .tells("Adds a version, which people get from now on.").takes { _ = VersionDraft(&$0) }
            .creates(DocumentJSON.self).fails(413, 415, 429)
        routes.post("documents/{document}", may: .manageDocuments, use: edit)
            .tells("Renames, describes or moves a document: all of it is given.").takes { _ = DocumentEdit(&$0) }
            .gives(DocumentJSON.self)
        routes.post("documents/{document}/deletion", may: .manageDocuments, on: .page, use: delete)
        routes.delete("documents/{document}", may: .manageDocuments, use: delete)
            .tells("Puts a document into the bin.").givesNothing()
        routes.post("documents/{document}/restoration", may: .manageDocuments, use: restore)
            .tells("Takes a document out of the bin.").gives(DocumentJSON.self)
    }
}
