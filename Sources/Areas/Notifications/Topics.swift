import Database
import Foundation
import Live
import Web

extension LiveTopic {
    /// A member's inbox, which the bell counts.
    static func notices(_ member: UUID) -> LiveTopic { LiveTopic("notices", member) }
}

/// `notices`: one's own inbox.
package enum NotificationTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.addOwn("notices") { .notices($0.memberID) }
    }
}
