import Foundation
import Tenancy

/// What may stand under `messaging:` in `tenant.yaml`.
package struct MessagingSettings: Sendable {
    /// Whether residents and owners of one building may write to each other.
    let neighbours: Bool
    /// How long an author may change a message or take it back.
    let editMinutes: Int
    /// How long something stays unread until a mail says so.
    let summaryMinutes: Int

    package static let section = TenantSection(
        "messaging", "Messages between people.",
        .object(
            .optional(
                "neighbours", .toggle, default: false, "Whether residents and owners of one building may write to each other."),
            .optional(
                "editMinutes", .integer(0...1440), default: 15, "Minutes in which authors may change or take back what they sent."
            ),
            .optional("summaryMinutes", .integer(5...1440), default: 15, "Minutes until a mail tells of what is unread."),
            make: { MessagingSettings(neighbours: $0, editMinutes: $1, summaryMinutes: $2) }),
        standard: MessagingSettings(neighbours: false, editMinutes: 15, summaryMinutes: 15))

    /// People in one conversation.
    static let mostMembers = 100
    /// Characters of one message.
    static let mostCharacters = 10_000
}
