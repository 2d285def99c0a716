import Foundation
import Jobs

/// Somebody reported a fault.
package struct FaultReported: Event {
    package static let name = "FaultReported"
    package let fault: UUID
    package var subject: UUID { fault }
}

/// A fault was given to somebody; the former assignee is told too.
package struct FaultAssigned: Event {
    package static let name = "FaultAssigned"
    package let fault: UUID
    package let assignee: UUID
    package let former: UUID?
    package let by: UUID?
    package var subject: UUID { fault }
}

/// A fault was resolved; its reporter may confirm or reopen.
package struct FaultResolved: Event {
    package static let name = "FaultResolved"
    package let fault: UUID
    package let by: UUID?
    package var subject: UUID { fault }
}

/// Somebody said something about a fault.
package struct FaultCommented: Event {
    package static let name = "FaultCommented"
    package let fault: UUID
    package let comment: UUID
    package let isInternal: Bool
    package let mentioned: [UUID]
    package let by: UUID?
    package var subject: UUID { fault }
}

/// A fault turned out to be the same as another one.
package struct FaultMerged: Event {
    package static let name = "FaultMerged"
    package let fault: UUID
    package let original: UUID
    package let by: UUID?
    package var subject: UUID { fault }
}

/// A fault went to another state in any other way.
package struct FaultStatusChanged: Event {
    package static let name = "FaultStatusChanged"
    package let fault: UUID
    package let from: String
    package let to: String
    package let by: UUID?
    package var subject: UUID { fault }
}
