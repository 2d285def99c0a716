import Web

extension Permission {
    /// Invite people to roles that may do no more than the inviter.
    package static let invitePeople = Permission("people:invite")
    /// Decide about roles that people asked for when they registered by themselves.
    package static let approvePeople = Permission("people:approve")
    package static let arrival: [Permission] = [.invitePeople, .approvePeople]
}
