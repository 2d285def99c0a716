import Audit
import Database
import Foundation
import Jobs

/// Closes what was resolved fourteen days ago and that nobody answered.
package struct CloseUnanswered: Job {
    package static let kind = "faults.close-unanswered"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    /// One statement; the timeline and the events follow for what it closed.
    func run(_ tx: Tx) async throws {
        let closed = try await tx.values(
            """
            update app.fault set state = 'closed', state_at = \(tx.facts.now), closed_at = \(tx.facts.now), version = version + 1
             where tenant_id = \(tx.facts.tenant) and state = 'resolved' and resolved_at < \(tx.facts.now.addingTimeInterval(-14 * 86_400))
            returning id
            """, UUID.self)
        for fault in closed {
            tx.atCommit(
                """
                insert into app.fault_entry(tenant_id, id, fault_id, at, kind, from_state, to_state)
                values (\(tx.facts.tenant), \(UUID.v7()), \(fault), \(tx.facts.now), 'closed', 'resolved', 'closed')
                """)
            try tx.publish(FaultStatusChanged(fault: fault, from: "resolved", to: "closed", by: nil))
            try tx.audit("fault.closed", "fault", fault, AuditChange(before: ["state": "resolved"], after: ["state": "closed"]))
        }
    }
}
