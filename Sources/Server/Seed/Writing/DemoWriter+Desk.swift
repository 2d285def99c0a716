import Database
import Foundation

/// Who can do what and where, and what has been told already.
extension DemoWriter {
    private var workers: [DemoRecords.Member] {
        records.members.filter { $0.disabledAt == nil && !Set($0.roles).isDisjoint(with: ["technician", "caretaker"]) }
    }

    /// Every second skill for each technician, in turn, so that each is there about as often.
    func insertSkills() -> SQL {
        let categories = Set(records.faults.map(\.report.category.key)).sorted()
        let pairs = workers.enumerated().flatMap { place, member in
            categories.enumerated().filter { ($0.offset + place).isMultiple(of: 2) }.map { (member, $0.element) }
        }
        return """
            insert into app.technician_skill(tenant_id, id, member_id, category)
            select \(tenant), t.*
              from unnest(\(pairs.map { UUID.demo(at: $0.0.createdAt, "\($0.0.id)/skill/\($0.1)") }), \(pairs.map(\.0.id)),
                          \(pairs.map(\.1))) as t
            """
    }

    /// Every technician looks after every building.
    func insertRounds() -> SQL {
        let pairs = workers.flatMap { member in records.buildings.map { (member, $0) } }
        return """
            insert into app.technician_building(tenant_id, id, member_id, building_id)
            select \(tenant), t.*
              from unnest(\(pairs.map { UUID.demo(at: $0.0.createdAt, "\($0.0.id)/building/\($0.1.id)") }), \(pairs.map(\.0.id)),
                          \(pairs.map(\.1.id))) as t
            """
    }

    /// Deadlines that passed before the demo began were told then: nobody's inbox fills with them at the first start.
    func markDeadlines() -> SQL {
        """
        update app.fault set warned_at = due_at, escalated_at = due_at
         where tenant_id = \(tenant) and due_at <= \(records.faults.map(\.standing.stateAt).max() ?? .distantPast)
        """
    }
}
