import Database
import Identity
import Live

/// `invitation`: somebody was invited, or came.
package enum ArrivalTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.add(LiveTopic("invitation"), may: .invitePeople)
    }
}
