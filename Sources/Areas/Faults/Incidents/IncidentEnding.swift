import Audit
import Database
import Foundation
import Jobs
import Web

extension Incidents {
    /// The outage is over. The chosen faults are resolved with the same words; the others stay as they are.
    ///
    /// - Throws: 409 when it is over already or the version is stale; 404 when one of the faults is not part of it.
    func resolve(_ key: FaultKey, _ end: IncidentEnd) async throws -> Incident {
        let incident = try await locked(key, end.version)
        guard incident.state == .open else { throw Failure.incidentOver }
        let gathered = try await tx.values(
            """
            select fault_id from app.incident_fault
             where tenant_id = \(viewer.tenant) and incident_id = \(incident.id) and fault_id = any(\(end.faults)) order by fault_id
            """, UUID.self)
        guard gathered.count == end.faults.count else { throw Failure.notFound }
        for fault in gathered { try await faults.resolve(fault, with: end.resolution) }
        try await tx.execute(
            """
            update app.incident set state = 'resolved', resolved_at = \(now), resolution = \(end.resolution), version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(incident.id)
            """)
        try note(incident.id, "resolved", end.resolution)
        try tx.publish(IncidentResolved(incident: incident.id, by: tx.facts.actor))
        try tx.audit(
            "incident.resolved", "incident", incident.id,
            AuditChange(before: ["state": "open"], after: ["state": "resolved", "faults": String(gathered.count)]))
        return try await find(.id(incident.id))
    }

    /// It was not over after all. Faults that ended with it stay ended; each can be reopened.
    func reopen(_ key: FaultKey, reason: String, version: Int?) async throws -> Incident {
        let incident = try await locked(key, version)
        guard incident.state == .resolved else { throw Failure(.conflict, "incident_open", "This outage is open") }
        try await tx.execute(
            """
            update app.incident set state = 'open', resolved_at = null, resolution = null, version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(incident.id)
            """)
        try note(incident.id, "reopened", reason)
        try tell(incident.id, "reopened")
        try tx.audit(
            "incident.reopened", "incident", incident.id, AuditChange(before: ["state": "resolved"], after: ["state": "open"]))
        return try await find(.id(incident.id))
    }
}

extension Faults {
    /// Resolves a fault by the steps that lead there from where it stands: one that nobody has is taken by whoever says that it is
    /// over. What is over already stays as it is.
    func resolve(_ id: UUID, with words: String) async throws {
        var fault = try await find(.id(id), lock: true)
        guard fault.state.isOpen else { return }
        if fault.assigneeID == nil { fault = try await take(fault) }
        if fault.state == .onHold || fault.state == .reopened {
            fault = try await act(.start, on: .id(id), FaultActDraft())
        }
        var draft = FaultActDraft()
        draft.note = words
        _ = try await act(.resolve, on: .id(id), draft)
    }

    /// Quietly: its reporter hears that it is resolved, not that somebody looks after it.
    private func take(_ fault: Fault) async throws -> Fault {
        try await tx.execute(
            """
            update app.fault set state = 'assigned', assignee_id = \(viewer.member), assigned_at = \(now), state_at = \(now),
                   hold_reason = null, hold_until = null, version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        let name = try await tx.value(
            "select name from app.member where tenant_id = \(viewer.tenant) and id = \(viewer.member)", String.self)
        try note(fault.id, "assigned", from: fault.state, to: .assigned, "", ["assignee": name])
        try tx.audit(
            "fault.assigned", "fault", fault.id,
            AuditChange(before: ["state": fault.state.rawValue, "assignee": nil], after: ["state": "assigned", "assignee": name]))
        return try await find(.id(fault.id))
    }
}
