import Foundation
import Jobs

package struct VoteCreated: Event {
    package static let name = "VoteCreated"
    package let vote: UUID
    package var subject: UUID { vote }
}

/// Somebody has taken part. Nothing here or in what follows from it says what was voted.
package struct BallotCast: Event {
    package static let name = "BallotCast"
    package let vote: UUID
    package let voter: UUID
    /// In whose name, where it was not the owner in person.
    package let behalf: UUID?
    package let by: UUID
    /// `web` or `paper`.
    package let channel: String
    package var subject: UUID { vote }
}

package struct VoteExtended: Event {
    package static let name = "VoteExtended"
    package let vote: UUID
    package let endsAt: Date
    package var subject: UUID { vote }
}

package struct VoteClosed: Event {
    package static let name = "VoteClosed"
    package let vote: UUID
    package var subject: UUID { vote }
}

package struct VoteCancelled: Event {
    package static let name = "VoteCancelled"
    package let vote: UUID
    package var subject: UUID { vote }
}
