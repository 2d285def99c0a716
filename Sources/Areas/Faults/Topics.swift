import Database
import Foundation
import Live
import Web

/// `fault`: any of them changed. `fault:<id>`: that one. `incident`: any of the outages.
package enum FaultTopics {
    package static func add(to topics: inout LiveTopics) {
        topics.add(LiveTopic("fault"), may: .seeOwnFaults)
        topics.add(LiveTopic("incident"), may: .seeOwnFaults)
        topics.addEach("fault", may: .seeOwnFaults) { id, context in
            guard let id = UUID(uuidString: id) else { return false }
            return try await context.read(isVisible(id, context))
        }
    }

    /// Whether the member may see that fault.
    package static func isVisible(_ id: UUID, _ context: MemberContext) -> Query<Bool> {
        let desk = FaultDesk(context)
        return Fault.isVisible(id, desk.viewer, today: desk.today)
    }
}
