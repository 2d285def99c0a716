import Foundation
import Jobs

/// A refresh token was used a second time: somebody else has a copy. The sign-in has ended.
package struct SessionReused: Event {
    package static let name = "SessionReused"
    package let member: UUID
    package let session: UUID
    package var subject: UUID { member }
}

/// Somebody who may has ended every sign-in of a member.
package struct SignInsEnded: Event {
    package static let name = "SignInsEnded"
    package let member: UUID
    package let by: UUID
    /// This once.
    package let occasion: UUID
    package var subject: UUID { member }
}
