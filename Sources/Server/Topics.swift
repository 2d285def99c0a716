import Announcements
import Arrival
import Documents
import Faults
import Live
import Messaging
import Notifications
import Votes

/// Everything that may be watched, one line per area.
enum AllTopics {
    static var all: LiveTopics {
        var topics = LiveTopics()
        NotificationTopics.add(to: &topics)
        ArrivalTopics.add(to: &topics)
        FaultTopics.add(to: &topics)
        MessageTopics.add(to: &topics)
        VoteTopics.add(to: &topics)
        AnnouncementTopics.add(to: &topics)
        DocumentTopics.add(to: &topics)
        return topics
    }
}
