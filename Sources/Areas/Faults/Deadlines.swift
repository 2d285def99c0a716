import Database
import Foundation
import Jobs

/// Warns when a deadline comes near, and tells managers when it has passed; each once per deadline.
///
/// What waits until a date is left alone: that was decided, and it is looked at again when it opens.
package struct WatchDeadlines: Job {
    package static let kind = "faults.watch-deadlines"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    /// The longest deadline that a company may set is a year, so nothing is warned of earlier than a quarter of it.
    private static let farthest = 93.0 * 86_400

    func run(_ tx: Tx) async throws {
        let now = tx.facts.now
        let open: SQL =
            "tenant_id = \(tx.facts.tenant) and state not in ('resolved', 'closed', 'cancelled') and hold_until is null"
        // A quarter of the time that was given, at least an hour.
        let near = try await tx.values(
            """
            update app.fault set warned_at = \(now)
             where \(open) and warned_at is null and due_at > \(now) and due_at < \(now.addingTimeInterval(Self.farthest))
               and due_at - greatest(interval '1 hour', (due_at - reported_at) / 4) <= \(now)
            returning id
            """, UUID.self)
        let passed = try await tx.values(
            "update app.fault set escalated_at = \(now) where \(open) and escalated_at is null and due_at <= \(now) returning id",
            UUID.self)
        // The marks above and these jobs are one transaction: whoever runs this twice tells once.
        for fault in near { try tx.enqueue(TellAboutFault(fault: fault, what: .nearDue, occasion: UUID.v7(), by: nil)) }
        for fault in passed { try tx.enqueue(TellAboutFault(fault: fault, what: .overdue, occasion: UUID.v7(), by: nil)) }
    }
}
