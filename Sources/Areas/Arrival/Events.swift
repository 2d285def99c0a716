import Foundation
import Jobs

/// An invitation went out, for the first time or again.
package struct InvitationSent: Event {
    package static let name = "InvitationSent"
    package let invitation: UUID
    package var subject: UUID { invitation }
}

/// Somebody has a new password.
package struct PasswordChanged: Event {
    package static let name = "PasswordChanged"
    package let member: UUID
    package var subject: UUID { member }
}
