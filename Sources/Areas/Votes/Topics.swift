import Database
import Foundation
import Live
import Web

/// `vote`: any of them changed. `vote:<id>`: that one, for those who may look at it.
package enum VoteTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.add(LiveTopic("vote"), may: .seeVotes)
        topics.addEach("vote", may: .seeVotes) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(Vote.isVisible(id, VoteViewer(context)))
        }
    }
}
