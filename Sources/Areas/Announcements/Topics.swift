import Database
import Foundation
import Live
import Web

extension LiveTopic {
    /// Who has read it: for those who write alone.
    static func announcementReaders(_ id: UUID) -> LiveTopic { LiveTopic("announcement_readers", id) }
}

/// `announcement`: any of them changed. `announcement:<id>`: that one, or what is said about it. `announcement_readers:<id>`: who has
/// read it.
package enum AnnouncementTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.addOwn("announcement") { _ in LiveTopic("announcement") }
        topics.addEach("announcement", may: nil) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(Announcement.mayRead(id, NewsReader(context)))
        }
        topics.addEach("announcement_readers", may: .writeAnnouncements) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(Announcement.mayRead(id, NewsReader(context)))
        }
    }
}
