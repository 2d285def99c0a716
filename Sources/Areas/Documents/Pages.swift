import HTML
import UI

/// `/documents`, `/documents/folders/{folder}`: what lies there.
package struct FolderPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    /// Whose folder it is; empty where it is everybody's.
    var badges: [Badge]
    var folders: [FolderRow]
    var documents: [DocumentRow]
    var summary: String
    var csv: WebPath
    var pager: Pager?
    /// For those who fill the shelf.
    var acts: FolderActs?
    var topics: String
    var emptyText: String
}

package struct FolderRow: Sendable {
    var path: WebPath
    var name: String
    /// "3 entries".
    var count: String
    var badges: [Badge]
}

package struct DocumentRow: Sendable {
    var path: WebPath
    var file: WebPath
    var name: String
    /// "PDF, 214 KB, version 2".
    var detail: String
    var changed: Moment
    /// Pictures alone have one.
    var picture: Picture?
}

package struct FolderActs: Sendable {
    var upload: WebPath
    var make: WebPath
    /// Nil at the top.
    var settings: WebPath?
    var bin: WebPath
}

/// `/documents/{document}`.
package struct DocumentPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var note: String
    var facts: [Fact]
    var download: WebPath
    /// A picture of it or of its first page, or the beginning of a text; nil for others.
    var preview: Picture?
    var beginning: String?
    var topic: String
    /// For those who look after it.
    var manage: DocumentManagement?
    var errors: [FieldError]
}

package struct DocumentManagement: Sendable {
    var versions: [VersionRow]
    var replace: WebPath
    var file: Field
    var accept: String
    var edit: WebPath
    var name: Field
    var note: Field
    var folder: Field
    var folders: [Choice]
    var hidden: [HiddenValue]
    var delete: WebPath
    var opensEdit: Bool
    var opensReplace: Bool
}

package struct VersionRow: Sendable {
    var label: String
    var path: WebPath
    var detail: String
    var added: Moment
}

/// `/documents/new`.
package struct NewDocumentPage: Sendable {
    var crumbs: [Crumb]
    var errors: [FieldError]
    var action: WebPath
    var back: WebPath
    var file: Field
    var accept: String
    var name: Field
    var note: Field
    var folder: Field
    var folders: [Choice]
}

/// `/documents/folders/new`, `/documents/folders/{folder}/settings`.
package struct FolderFormPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var errors: [FieldError]
    var action: WebPath
    var back: WebPath
    var hidden: [HiddenValue]
    var name: Field
    var parent: Field
    var parents: [Choice]
    var roles: Field
    var roleChoices: [Choice]
    var tickedRoles: Set<String>
    var buildings: Field
    var buildingChoices: [Choice]
    var tickedBuildings: Set<String>
    /// Nil for a new one.
    var delete: WebPath?
}

/// `/documents/bin`.
package struct DocumentBinPage: Sendable {
    var crumbs: [Crumb]
    var rows: [BinRow]
    var topics: String
}

package struct BinRow: Sendable {
    var name: String
    var kind: String
    var deleted: Moment
    var restore: WebPath
}
