import Foundation
import Jobs

/// There is a new document, or a new version of one.
package struct DocumentAdded: Event {
    package static let name = "DocumentAdded"
    package let document: UUID
    package let folder: UUID?
    package let number: Int
    package let by: UUID
    package var subject: UUID { document }
}
