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

/// A member has signed out, or has ended one of their sign-ins.
package struct SignedOut: Event {
    package static let name = "SignedOut"
    package let member: UUID
    /// SHA-256 of what the browser is known by, in hex; nil for a program.
    package let browser: String?
    package let family: UUID
    package var subject: UUID { member }
}

/// Every sign-in of a member has ended but one.
package struct OtherSignInsClosed: Event {
    package static let name = "OtherSignInsClosed"
    package let member: UUID
    /// The session that goes on.
    package let but: UUID?
    package var subject: UUID { member }
}

/// Somebody signed in as a member with a browser or program that the member never used before.
package struct NewDeviceUsed: Event {
    package static let name = "SignedInFromNewDevice"
    package let member: UUID
    package let isBrowser: Bool
    /// What it says it is.
    package let agent: String?
    package let address: String?
    package let at: Date
    /// This once.
    package let occasion: UUID
    package var subject: UUID { member }
}

/// Something happened to a member's second factor that its owner has to hear of, whoever did it.
package struct FactorChanged: Event {
    package static let name = "SecondFactorChanged"

    package enum What: String, Codable, Sendable {
        case added, removed
        case passkeyAdded
        /// One of several; what is left goes on guarding the account.
        case oneRemoved
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

/// Somebody of the platform has left a company by signing out.
package struct SupportSignedOut: Event {
    package static let name = "SupportSignedOut"
    /// The entry's id, which is its person's.
    package let entry: UUID
    package var subject: UUID { entry }
}

/// Somebody came in: by an invitation, by proving the address they had registered with, or with their company's identity provider.
package struct UserRegistered: Event {
    package static let name = "UserRegistered"
    package let member: UUID
    package let invitation: UUID?
    package var subject: UUID { member }

    package init(member: UUID, invitation: UUID?) {
        self.member = member
        self.invitation = invitation
    }
}

/// A member has one way of signing in more or less.
package struct IdentityChanged: Event {
    package static let name = "IdentityChanged"

    package enum What: String, Codable, Sendable {
        /// With it the member came in for the first time.
        case created
        case linked, unlinked
    }

    package let member: UUID
    package let what: What
    package let provider: String
    package let occasion: UUID
    package var subject: UUID { member }
}

/// Somebody has other roles than before.
package struct RolesChanged: Event {
    package static let name = "RolesChanged"
    package let member: UUID
    package let by: UUID
    /// This once.
    package let occasion: UUID
    package var subject: UUID { member }
}

package struct MemberDisabled: Event {
    package static let name = "MemberDisabled"
    package let member: UUID
    package let by: UUID
    package var subject: UUID { member }
}

package struct MemberEnabled: Event {
    package static let name = "MemberEnabled"
    package let member: UUID
    package let by: UUID
    package var subject: UUID { member }
}

/// Somebody of the office looks at a member's pages as that member sees them.
package struct PreviewBegun: Event {
    package static let name = "PreviewBegun"
    package let preview: UUID
    package let viewer: UUID
    package let member: UUID
    package var subject: UUID { preview }
}
