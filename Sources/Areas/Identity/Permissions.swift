import Web

extension Permission {
    /// End every sign-in and every token of somebody.
    package static let endSessions = Permission("people:end_sessions")
    /// Invite people to roles that may do no more than the inviter.
    package static let invitePeople = Permission("people:invite")
    /// Give and take roles that may do no more than whoever gives them.
    package static let changeRoles = Permission("people:change_roles")
    /// Give and take every role, and decide about everybody. Somebody always has it.
    package static let manageRoles = Permission("people:manage_roles")
    /// Let people in no longer, and again.
    package static let disablePeople = Permission("people:disable")
    /// Forget who somebody was, for good.
    package static let anonymisePeople = Permission("people:anonymise")
    /// Everything that the house knows of somebody, as a file.
    package static let exportPeople = Permission("people:export")
    /// Make, replace and revoke the tokens of the company's devices.
    package static let manageDevices = Permission("devices:manage")
    package static let identity: [Permission] = [
        .endSessions, .changeRoles, .manageRoles, .disablePeople, .seeAs, .anonymisePeople, .exportPeople, .manageDevices
    ]
}
