import Audit
import Database
import Foundation
import Web

extension Faults {
    /// Changes what the reporter wrote. Stale versions are merged where the two changes do not touch the same field.
    ///
    /// - Throws: 409 with the lines that overlap (`FaultMerge`).
    func edit(_ key: FaultKey, _ draft: FaultEdit) async throws -> Fault {
        let fault = try await find(key, lock: true)
        guard viewer.mayEdit(fault) else { throw Failure.forbidden }
        var draft = draft
        // How urgent it is decides the house; a reporter's wish is not read (T20).
        if !viewer.manages { draft.priority = nil }
        let merged = try draft.merged(with: fault)
        guard merged != FaultText(fault) else { return fault }
        let due = fault.reportedAt.addingTimeInterval(
            Double(settings.hours(category: merged.category, priority: merged.priority)) * 3600)
        let moved = merged.deadlineChanged(from: fault)
        try await tx.execute(
            """
            update app.fault set title = \(merged.title), description = \(merged.description), category = \(merged.category),
                   priority = \(merged.priority.rawValue), due_at = \(moved ? due : fault.dueAt), version = version + 1
                   \(moved ? ", warned_at = null, escalated_at = null" : SQL.empty)
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        let change = AuditChange(before: FaultText(fault).fields, after: merged.fields)
        try note(
            fault.id, "edited", from: fault.state, to: fault.state, "",
            ["fields": change.after.keys.sorted().joined(separator: ",")].merging(viewer.marks(on: fault)) { $1 })
        try tx.audit("fault.edited", "fault", fault.id, change, onBehalfOf: viewer.behalf(on: fault))
        return try await find(.id(fault.id))
    }
}
