import Web

extension Permission {
    /// End every sign-in and every token of somebody.
    package static let endSessions = Permission("people:end_sessions")
    package static let identity: [Permission] = [.endSessions]
}
