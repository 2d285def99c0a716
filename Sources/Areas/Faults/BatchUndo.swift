import Audit
import Database
import Foundation
import Jobs
import Web

/// A fault that an act on many changed, as it stands now.
private struct UndoTarget: Record, Sendable {
    let row: UUID
    let fault: UUID
    let state: FaultState
    let assignee: UUID?
    let before: BatchBefore
    let isAsLeft: Bool

    init(row: Row) throws {
        self.row = try row["id"]
        fault = try row["fault_id"]
        state = try row["state"]
        assignee = try row["assignee_id"]
        before = try (row["before"] as JSONBytes).decode(BatchBefore.self)
        isAsLeft = try row["as_left"]
    }
}

extension Batches {
    /// Takes an act on many back, for every fault that nobody has touched since; of more than somebody can tick by a job.
    ///
    /// - Throws: 404 for somebody else's; 409 while it runs, after ten minutes or the second time.
    func undo(_ id: UUID) async throws -> BatchSummary {
        let batch = try await tx.query(BatchSummary.find(id, tenant))
        guard batch.memberID == faults.viewer.member else { throw Failure.notFound }
        let first = try await tx.execute(
            """
            update app.fault_batch set undone_at = \(now), state = 'undoing'
             where tenant_id = \(tenant) and id = \(id) and undone_at is null and state = 'done'
               and finished_at >= \(now.addingTimeInterval(-Faults.undoTime))
            """)
        guard first == 1 else { throw Failure.undoOver }
        if batch.done > Self.mostTicked {
            try tx.enqueue(UndoBatch(batch: id))
        } else {
            try await takeBack(id, batch.act, most: max(batch.done, 1))
            try await finishUndo(id)
        }
        return try await tx.query(BatchSummary.find(id, tenant))
    }

    /// The next portion.
    ///
    /// - Returns: how many faults it looked at; 0 when nothing is left.
    @discardableResult
    func takeBack(_ id: UUID, _ act: BatchAct, most: Int = atOnce) async throws -> Int {
        try await tx.execute("select from app.fault_batch where tenant_id = \(tenant) and id = \(id) for update")
        let targets: [UndoTarget] = try await tx.many(
            """
            select r.id, r.fault_id, r.before, f.state, f.assignee_id, f.version = r.version_after as as_left
              from (select * from app.fault_batch_row
                     where tenant_id = \(tenant) and batch_id = \(id) and result = 'done' and not undo_seen
                     order by fault_id limit \(most)) r
              join app.fault f on f.tenant_id = r.tenant_id and f.id = r.fault_id order by f.id for update of f
            """)
        guard !targets.isEmpty else { return 0 }
        // A comment stays apart from what else happens to the fault, so it can always be taken back.
        let undone = targets.filter { $0.isAsLeft || act == .comment }
        if act == .comment { try await withdraw(undone) } else { try await restore(undone, act) }
        try await tx.execute(
            """
            update app.fault_batch_row set undo_seen = true, undone = id = any(\(undone.map(\.row)))
             where tenant_id = \(tenant) and id = any(\(targets.map(\.row)))
            """)
        for target in undone {
            try tx.audit("fault.batch_undone", "fault", target.fault, AuditChange(after: ["act": act.rawValue]))
        }
        return targets.count
    }

    func finishUndo(_ id: UUID) async throws {
        try await tx.execute(
            "update app.fault_batch set state = 'done' where tenant_id = \(tenant) and id = \(id) and state = 'undoing'")
    }

    private func withdraw(_ targets: [UndoTarget]) async throws {
        try await faults.tx.execute(
            """
            update app.fault_comment set withdrawn_at = \(faults.now)
             where tenant_id = \(faults.viewer.tenant) and id = any(\(targets.compactMap(\.before.comment)))
            """)
    }

    private func restore(_ targets: [UndoTarget], _ act: BatchAct) async throws {
        let before = targets.map(\.before)
        try await faults.tx.execute(
            """
            update app.fault f set state = w.state, assignee_id = w.assignee, hold_reason = w.reason, hold_until = w.until,
                   priority = w.priority, due_at = w.due, state_at = \(faults.now), version = f.version + 1
              from unnest(\(targets.map(\.fault)), \(before.map(\.state.rawValue)), \(before.map(\.assignee)), \(before.map(\.holdReason)),
                          \(before.map(\.holdUntil)), \(before.map(\.priority.rawValue)), \(before.map(\.dueAt)))
                   as w(id, state, assignee, reason, until, priority, due)
             where f.tenant_id = \(faults.viewer.tenant) and f.id = w.id
            """)
        for target in targets {
            try faults.note(target.fault, "undone", from: target.state, to: target.before.state)
            guard act == .assign else { continue }
            try faults.tx.enqueue(
                TellAboutFault(
                    fault: target.fault, what: .takenBack, occasion: UUID.v7(), by: faults.tx.facts.actor,
                    assignee: target.before.assignee, former: target.assignee))
        }
    }
}
