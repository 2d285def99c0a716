import Audit
import Database
import Foundation
import Jobs

/// Opens again what was deferred until today. Runs once per day of the company's zone, and after downtime for what was missed.
package struct ResumeHeld: Job {
    package static let kind = "faults.resume-held"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    private struct Resumed: Record {
        let id: UUID
        let state: FaultState

        init(row: Row) throws {
            id = try row["id"]
            state = try row["state"]
        }
    }

    /// Whoever had it has it again; where they have left the company, it goes back into the queue.
    func run(_ tx: Tx, zone: TimeZone) async throws {
        let tenant = tx.facts.tenant
        let day = CalendarDate(due, in: zone)
        let resumed: [Resumed] = try await tx.many(
            """
            with due as (
              select f.id, m.id is not null as there
                from app.fault f left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id and m.disabled_at is null
               where f.tenant_id = \(tenant) and f.state = 'on_hold' and f.hold_until <= \(day) for update of f
            )
            update app.fault f
               set state = case when due.there then 'assigned' else 'reported' end,
                   assignee_id = case when due.there then f.assignee_id end,
                   hold_reason = null, hold_until = null, state_at = \(tx.facts.now), version = f.version + 1
              from due where f.tenant_id = \(tenant) and f.id = due.id
            returning f.id, f.state
            """)
        for fault in resumed {
            tx.atCommit(
                """
                insert into app.fault_entry(tenant_id, id, fault_id, at, kind, from_state, to_state)
                values (\(tenant), \(UUID.v7()), \(fault.id), \(tx.facts.now), 'resumed', 'on_hold', \(fault.state.rawValue))
                """)
            try tx.publish(FaultStatusChanged(fault: fault.id, from: "on_hold", to: fault.state.rawValue, by: nil))
            try tx.audit(
                "fault.resumed", "fault", fault.id,
                AuditChange(before: ["state": "on_hold"], after: ["state": fault.state.rawValue]))
        }
    }
}
