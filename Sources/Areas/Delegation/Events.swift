import Foundation
import Jobs

/// An owner offers somebody to act for them on a unit.
package struct DelegationCreated: Event {
    package static let name = "DelegationCreated"
    package let delegation: UUID
    package let unit: UUID
    package let delegator: UUID
    package var subject: UUID { delegation }
}

package struct DelegationAccepted: Event {
    package static let name = "DelegationAccepted"
    package let delegation: UUID
    package let delegate: UUID
    package var subject: UUID { delegation }
}

package struct DelegationDeclined: Event {
    package static let name = "DelegationDeclined"
    package let delegation: UUID
    package var subject: UUID { delegation }
}

package struct DelegationRevoked: Event {
    package static let name = "DelegationRevoked"
    package let delegation: UUID
    package let by: UUID
    package var subject: UUID { delegation }
}

/// Its time is over, or its owner owns the unit no longer.
package struct DelegationExpired: Event {
    package static let name = "DelegationExpired"
    package let delegation: UUID
    /// `term` or `ownership`.
    package let why: String
    package var subject: UUID { delegation }
}
