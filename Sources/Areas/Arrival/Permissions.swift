import Identity
import Web

extension Permission {
    /// Decide about roles that people asked for when they registered by themselves.
    package static let approvePeople = Permission("people:approve")
    package static let arrival: [Permission] = [.invitePeople, .approvePeople]
}
