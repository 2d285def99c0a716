import Foundation
import Jobs

/// Somebody moved in or out, became or stopped being an owner, or an entry was taken back.
package struct OccupancyChanged: Event {
    package static let name = "OccupancyChanged"
    package let occupancy: UUID
    package let unit: UUID
    package let member: UUID
    /// `began`, `ended`, `withdrawn`.
    package let what: String
    package var subject: UUID { occupancy }
}

/// An import was taken over.
package struct ImportCompleted: Event {
    package static let name = "ImportCompleted"
    package let importID: UUID
    package var subject: UUID { importID }
}
