import Audit
import Database
import Foundation
import Jobs

/// What is done to each fault; all of a portion in a few statements.
extension Batches {
    func assign(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
        let person = try await faults.assignable(draft.assignee)
        let results = targets.map { target in
            let isTheirs = target.assigneeID == person.id && target.state.isOpen && target.state != .reopened
            let result = isTheirs ? "unchanged" : target.state.next.contains(.assigned) ? "done" : "not_possible"
            return (target, result, target.before)
        }
        let done = results.filter { $0.1 == "done" }.map(\.0)
        guard !done.isEmpty else { return results }
        try await tx.execute(
            """
            update app.fault set state = 'assigned', assignee_id = \(person.id), assigned_at = \(now), hold_reason = null,
                   hold_until = null, state_at = \(now), version = version + 1
             where tenant_id = \(tenant) and id = any(\(done.map(\.id)))
            """)
        try enter(done, "assigned", to: { _ in .assigned }, ["assignee": person.name])
        for target in done {
            try tx.publish(
                FaultAssigned(fault: target.id, assignee: person.id, former: target.assigneeID, by: tx.facts.actor))
            try tx.audit(
                "fault.assigned", "fault", target.id,
                AuditChange(
                    before: ["state": target.state.rawValue, "assignee": target.assigneeID?.text],
                    after: ["state": "assigned", "assignee": person.id.text]))
        }
        return results
    }

    func prioritise(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
        let priority = draft.priority ?? .normal
        let results = targets.map { target in
            (target, target.priority == priority ? "unchanged" : target.state.isOpen ? "done" : "not_possible", target.before)
        }
        let done = results.filter { $0.1 == "done" }.map(\.0)
        guard !done.isEmpty else { return results }
        let dues = done.map {
            $0.reportedAt.addingTimeInterval(Double(faults.settings.hours(category: $0.category, priority: priority)) * 3600)
        }
        try await tx.execute(
            """
            update app.fault f set priority = \(priority.rawValue), due_at = d.due, warned_at = null, escalated_at = null,
                   version = f.version + 1
              from unnest(\(done.map(\.id)), \(dues)) as d(id, due) where f.tenant_id = \(tenant) and f.id = d.id
            """)
        try enter(done, "edited", to: \.state, ["fields": "priority"])
        for target in done {
            try tx.audit(
                "fault.edited", "fault", target.id,
                AuditChange(before: ["priority": target.priority.rawValue], after: ["priority": priority.rawValue]))
        }
        return results
    }

    func comment(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
        let results = targets.map { target in
            var before = target.before
            before.comment = UUID.v7(now: now)
            return (target, "done", before)
        }
        let ids = results.compactMap(\.2.comment)
        try await tx.execute(
            """
            insert into app.fault_comment(tenant_id, id, fault_id, author_id, at, body, internal)
            select \(tenant), c.id, c.fault, \(faults.viewer.member), \(now), \(draft.comment), \(draft.isInternal)
              from unnest(\(ids), \(targets.map(\.id))) as c(id, fault)
            """)
        for (target, id) in zip(targets, ids) {
            try tx.publish(
                FaultCommented(fault: target.id, comment: id, isInternal: draft.isInternal, mentioned: [], by: tx.facts.actor))
            try tx.audit(
                "fault.commented", "fault", target.id, AuditChange(after: ["internal": draft.isInternal ? "true" : "false"]))
        }
        return results
    }

    private func enter(_ targets: [BatchTarget], _ kind: String, to: (BatchTarget) -> FaultState, _ facts: [String: String])
        throws
    {
        let facts = try JSONBytes(encoding: facts)
        tx.atCommit(
            """
            insert into app.fault_entry(tenant_id, id, fault_id, at, actor_id, kind, from_state, to_state, facts)
            select \(tenant), e.id, e.fault, \(now), \(tx.facts.actor), \(kind), e.was, e.now, \(facts)
              from unnest(\(targets.map { _ in UUID.v7(now: now) }), \(targets.map(\.id)), \(targets.map(\.state.rawValue)),
                          \(targets.map { to($0).rawValue })) as e(id, fault, was, now)
            """)
    }

    func keep(_ results: [(BatchTarget, String, BatchBefore)], _ batch: UUID, moves: Bool) async throws {
        let before = try results.map { try JSONBytes(encoding: $0.2) }
        let versions = results.map { Int32(clamping: $0.0.version + (moves && $0.1 == "done" ? 1 : 0)) }
        try await tx.execute(
            """
            update app.fault_batch_row r set result = w.result, before = w.before, version_after = w.version
              from unnest(\(results.map(\.0.id)), \(results.map(\.1)), \(before), \(versions)) as w(fault, result, before, version)
             where r.tenant_id = \(tenant) and r.batch_id = \(batch) and r.fault_id = w.fault
            """)
    }
}
