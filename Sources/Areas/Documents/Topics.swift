import Database
import Foundation
import Live
import Web

/// `document`, `folder`: any of them changed. `document:<id>`, `folder:<id>`: that one, or what lies in it.
package enum DocumentTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.addOwn("document") { _ in LiveTopic("document") }
        topics.addOwn("folder") { _ in LiveTopic("folder") }
        topics.addEach("document", may: nil) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(Document.isOpen(id, DocumentViewer(context)))
        }
        topics.addEach("folder", may: nil) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(Folder.isOpen(id, DocumentViewer(context)))
        }
    }
}
