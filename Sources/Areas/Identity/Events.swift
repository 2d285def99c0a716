import Foundation
import Jobs

/// Something happened to a member's second factor that its owner has to hear of, whoever did it.
package struct FactorChanged: Event {
    package static let name = "SecondFactorChanged"

    package enum What: String, Codable, Sendable {
        case added, removed
        /// Somebody signed in with a recovery code.
        case recovered
        /// Somebody who knows the password tries codes.
        case guessed
    }

    package let member: UUID
    package let what: What
    /// Tells two of a kind apart; those who try codes are told of once per limit.
    package let occasion: String
    package var subject: UUID { member }
}
