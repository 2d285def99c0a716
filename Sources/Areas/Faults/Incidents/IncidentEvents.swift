import Foundation
import Jobs

/// A whole building or entrance has an outage.
package struct IncidentDeclared: Event {
    package static let name = "IncidentDeclared"
    package let incident: UUID
    package let building: UUID
    package let by: UUID?
    package var subject: UUID { incident }
}

/// An outage is described anew, gathered or let go of faults, or is open again.
package struct IncidentUpdated: Event {
    package static let name = "IncidentUpdated"
    package let incident: UUID
    package let what: String
    package let by: UUID?
    package var subject: UUID { incident }
}

/// An outage is over.
package struct IncidentResolved: Event {
    package static let name = "IncidentResolved"
    package let incident: UUID
    package let by: UUID?
    package var subject: UUID { incident }
}
