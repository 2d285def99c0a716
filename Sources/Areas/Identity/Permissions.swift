import Web

extension Permission {
    /// End every sign-in and every token of somebody.
    package static let endSessions = Permission("people:end_sessions")
    /// Make, replace and revoke the tokens of the company's devices.
    package static let manageDevices = Permission("devices:manage")
    package static let identity: [Permission] = [.endSessions, .manageDevices]
}
