import Web

extension Permission {
    /// Fills the shelf: folders, whose they are, documents and their versions.
    package static let manageDocuments = Permission("documents:manage")

    package static let documents: [Permission] = [.manageDocuments]
}
