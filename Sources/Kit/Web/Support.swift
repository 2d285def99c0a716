/// How somebody of the platform has entered a company: each entry is a person of its own there, whose one role no company's file can
/// name, because keys of roles have no colon.
public enum SupportMode: String, Sendable, CaseIterable {
    case look, change

    public var role: String { "platform:\(rawValue)" }
}

extension Session {
    /// Nil for members.
    public var support: SupportMode? {
        SupportMode.allCases.first { roles == [$0.role] }
    }
}

extension Failure {
    /// The entry was asked for to look, not to change.
    public static let supportLooks = Failure(
        .forbidden, "support_looks", "You are here as platform support and may only look")
}
