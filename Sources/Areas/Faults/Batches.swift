import Audit
import Database
import Foundation
import Jobs
import Web

/// One fault that an act on many may touch.
struct BatchTarget: Record, FaultPosition, Sendable {
    let id: UUID
    let state: FaultState
    let priority: FaultPriority
    let category: String
    let assigneeID: UUID?
    let reporterID: UUID?
    let closedAt: Date?
    let reportedAt: Date
    let before: BatchBefore
    let version: Int

    init(row: Row) throws {
        id = try row["id"]
        state = try row["state"]
        priority = try row["priority"]
        category = try row["category"]
        assigneeID = try row["assignee_id"]
        reporterID = try row["reporter_id"]
        closedAt = try row["closed_at"]
        reportedAt = try row["reported_at"]
        version = try row["version"]
        let until: CalendarDate? = try row["hold_until"]
        before = BatchBefore(
            state: state, assignee: assigneeID, holdReason: try row["hold_reason"], holdUntil: until, priority: priority,
            dueAt: try row["due_at"])
    }

    /// In the order of their ids, so that two acts on the same faults wait for each other.
    static func locked(_ condition: SQL) -> Query<[BatchTarget]> {
        .many(
            """
            select f.id, f.state, f.priority, f.category, f.assignee_id, f.reporter_id, f.closed_at, f.reported_at, f.version,
                   f.hold_reason, f.hold_until, f.due_at
              from app.fault f where \(condition) order by f.id limit \(Batches.most + 1) for update of f
            """)
    }
}

/// How a fault stood before an act on many, for taking it back.
struct BatchBefore: Codable, Sendable {
    var state: FaultState
    var assignee: UUID?
    var holdReason: String?
    var holdUntil: CalendarDate?
    var priority: FaultPriority
    var dueAt: Date
    var comment: UUID?
}

/// What became of an act on many.
struct BatchSummary: Record, Sendable {
    let id: UUID
    let memberID: UUID
    let act: BatchAct
    let at: Date
    let undoneAt: Date?
    let done: Int
    let unchanged: Int
    let notPossible: Int
    let kept: Int

    init(row: Row) throws {
        id = try row["id"]
        memberID = try row["member_id"]
        act = try row["act"]
        at = try row["at"]
        undoneAt = try row["undone_at"]
        done = try row["done"]
        unchanged = try row["unchanged"]
        notPossible = try row["not_possible"]
        kept = try row["kept"]
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<BatchSummary> {
        .one(
            """
            select b.id, b.member_id, b.act, b.at, b.undone_at, count(*) filter (where r.result = 'done') as done,
                   count(*) filter (where r.result = 'unchanged') as unchanged,
                   count(*) filter (where r.result = 'not_possible') as not_possible,
                   count(*) filter (where r.result = 'done' and not r.undone) as kept
              from app.fault_batch b left join app.fault_batch_row r on r.tenant_id = b.tenant_id and r.batch_id = b.id
             where b.tenant_id = \(tenant) and b.id = \(id) group by b.tenant_id, b.id
            """)
    }
}

/// One fault of an act on many, as its page shows it.
struct BatchResult: Record, Sendable {
    let faultID: UUID
    let number: String
    let title: String
    let result: String
    let undone: Bool

    init(row: Row) throws {
        faultID = try row["fault_id"]
        number = try row["number"]
        title = try row["title"]
        result = try row["result"]
        undone = try row["undone"]
    }

    /// What was not done first; at most 500.
    static func of(_ batch: UUID, _ tenant: Int32) -> Query<[BatchResult]> {
        .many(
            """
            select r.fault_id, f.number, f.title, r.result, r.undone
              from app.fault_batch_row r join app.fault f on f.tenant_id = r.tenant_id and f.id = r.fault_id
             where r.tenant_id = \(tenant) and r.batch_id = \(batch) order by r.result = 'done', f.id desc limit 500
            """)
    }
}

/// Acts on many faults: each fault wholly or not at all, all of it in one transaction.
struct Batches {
    let faults: Faults
    private var tx: Tx { faults.tx }
    private var tenant: Int32 { faults.viewer.tenant }
    private var now: Date { faults.now }

    /// Faults per act.
    static let most = 5_000

    /// - Parameter ids: the faults that were ticked; nil for everything that the condition finds.
    /// - Throws: 404 when one of the ids is not the viewer's to see: then nothing is done to any (T05). 409 when the filter now finds
    ///   over 5 % more or fewer faults than were confirmed.
    func run(_ draft: BatchDraft, on condition: SQL, ids: [UUID]?) async throws -> BatchSummary {
        guard faults.viewer.manages else { throw Failure.forbidden }
        let targets = try await tx.query(BatchTarget.locked(condition))
        guard targets.count <= Self.most else { throw Failure.refused([.init("act", .tooMany(max: Self.most))]) }
        if let ids, targets.count != ids.count { throw Failure.notFound }
        if ids == nil, let count = draft.count, Self.moved(from: count, to: targets.count) { throw Failure.countMoved }
        let batch = UUID.v7(now: now)
        try await tx.execute(
            """
            insert into app.fault_batch(tenant_id, id, member_id, act, at)
            values (\(tenant), \(batch), \(faults.viewer.member), \(draft.act.rawValue), \(now))
            """)
        var results: [(BatchTarget, String, BatchBefore)] = []
        switch draft.act {
        case .assign: results = try await assign(targets, draft)
        case .priority: results = try await prioritise(targets, draft)
        case .comment: results = try await comment(targets, draft)
        }
        try await keep(results, batch, moves: draft.act != .comment)
        try tx.audit(
            "fault.batch", "fault_batch", batch,
            AuditChange(after: ["act": draft.act.rawValue, "done": String(results.count { $0.1 == "done" })]))
        return try await tx.query(BatchSummary.find(batch, tenant))
    }

    static func moved(from confirmed: Int, to now: Int) -> Bool {
        abs(confirmed - now) * 20 > confirmed
    }

    // MARK: The acts

    private func assign(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
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

    private func prioritise(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
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

    private func comment(_ targets: [BatchTarget], _ draft: BatchDraft) async throws -> [(BatchTarget, String, BatchBefore)] {
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

    private func keep(_ results: [(BatchTarget, String, BatchBefore)], _ batch: UUID, moves: Bool) async throws {
        let before = try results.map { try JSONBytes(encoding: $0.2) }
        let versions = results.map { Int32(clamping: $0.0.version + (moves && $0.1 == "done" ? 1 : 0)) }
        try await tx.execute(
            """
            insert into app.fault_batch_row(tenant_id, id, batch_id, fault_id, result, before, version_after)
            select \(tenant), r.id, \(batch), r.fault, r.result, r.before, r.version
              from unnest(\(results.map { _ in UUID.v7(now: now) }), \(results.map(\.0.id)), \(results.map(\.1)), \(before), \(versions))
                   as r(id, fault, result, before, version)
            """)
    }
}

extension Failure {
    static let countMoved = Failure(
        .conflict, "count_moved", "The filter now finds other faults than were confirmed; look at them again")
}
