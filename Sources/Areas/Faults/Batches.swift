import Audit
import Database
import Foundation
import Jobs
import Web

/// Acts on many faults: each fault wholly or not at all.
struct Batches {
    let faults: Faults
    var tx: Tx { faults.tx }
    var tenant: Int32 { faults.viewer.tenant }
    var now: Date { faults.now }

    /// Faults per act, and how many of them one transaction changes: a filter that finds more is worked off by a job.
    static let most = 50_000
    static let atOnce = 200
    /// What somebody ticked is done at once, however many.
    static let mostTicked = 1_000

    /// - Parameter ids: the faults that were ticked; nil for everything that the condition finds.
    /// - Returns: what became of it, or, for more than `atOnce`, that it is running.
    /// - Throws: 404 when one of the ids is not the viewer's to see: then nothing is done to any (T05). 409 when the filter now finds
    ///   over 5 % more or fewer faults than were confirmed.
    func run(_ draft: BatchDraft, on condition: SQL, ids: [UUID]?) async throws -> BatchSummary {
        guard faults.viewer.manages else { throw Failure.forbidden }
        if draft.act == .assign { _ = try await faults.assignable(draft.assignee) }
        let batch = UUID.v7(now: now)
        let count = try await take(batch, draft, condition)
        guard count <= Self.most else { throw Failure.refused([.init("act", .tooMany(max: Self.most))]) }
        if let ids, count != ids.count { throw Failure.notFound }
        if ids == nil, let confirmed = draft.count, Self.moved(from: confirmed, to: count) { throw Failure.countMoved }
        if ids == nil, count > Self.atOnce {
            try tx.enqueue(RunBatch(batch: batch))
        } else {
            try await work(batch, draft, most: max(count, 1))
            try await finish(batch)
        }
        return try await tx.query(BatchSummary.find(batch, tenant))
    }

    static func moved(from confirmed: Int, to now: Int) -> Bool {
        abs(confirmed - now) * 20 > confirmed
    }

    /// Puts the act and the faults that it is about on record; from here on no later fault slips in.
    private func take(_ batch: UUID, _ draft: BatchDraft, _ condition: SQL) async throws -> Int {
        let comment = draft.act == .comment ? draft.comment : nil
        try await tx.execute(
            """
            insert into app.fault_batch(tenant_id, id, member_id, act, at, state, assignee_id, priority, comment, internal)
            values (\(tenant), \(batch), \(faults.viewer.member), \(draft.act.rawValue), \(now), 'running', \(draft.assignee),
                    \(draft.priority?.rawValue), \(comment), \(draft.isInternal))
            """)
        return try await tx.execute(
            """
            insert into app.fault_batch_row(tenant_id, id, batch_id, fault_id, result, version_after)
            select \(tenant), gen_random_uuid(), \(batch), f.id, 'pending', f.version
              from app.fault f where \(condition) limit \(Self.most + 1)
            """)
    }

    /// Does the next portion: each fault and its row in the same transaction, so that none is changed twice.
    ///
    /// - Returns: how many faults it looked at; 0 when nothing is left.
    @discardableResult
    func work(_ batch: UUID, _ draft: BatchDraft, most: Int = atOnce) async throws -> Int {
        // Two workers who think that the job is theirs wait for each other here.
        try await tx.execute("select from app.fault_batch where tenant_id = \(tenant) and id = \(batch) for update")
        let ids = try await tx.values(
            """
            select fault_id from app.fault_batch_row
             where tenant_id = \(tenant) and batch_id = \(batch) and result = 'pending' order by fault_id limit \(most)
            """, UUID.self)
        guard !ids.isEmpty else { return 0 }
        let targets = try await tx.query(BatchTarget.locked("f.tenant_id = \(tenant) and f.id = any(\(ids))"))
        let results =
            switch draft.act {
            case .assign: try await assign(targets, draft)
            case .priority: try await prioritise(targets, draft)
            case .comment: try await comment(targets, draft)
            }
        try await keep(results, batch, moves: draft.act != .comment)
        return ids.count
    }

    /// Everything has been looked at: from now on it can be taken back.
    func finish(_ batch: UUID) async throws {
        try await tx.execute(
            """
            update app.fault_batch set state = 'done', finished_at = \(now)
             where tenant_id = \(tenant) and id = \(batch) and state = 'running'
            """)
        let summary = try await tx.query(BatchSummary.find(batch, tenant))
        try tx.audit(
            "fault.batch", "fault_batch", batch,
            AuditChange(after: ["act": summary.act.rawValue, "done": String(summary.done)]))
    }

    /// The person who asked for it may not do it any more: what is left stays as it is.
    func giveUp(_ batch: UUID) async throws {
        try await tx.execute(
            """
            update app.fault_batch_row set result = 'not_possible'
             where tenant_id = \(tenant) and batch_id = \(batch) and result = 'pending'
            """)
    }
}

extension Failure {
    static let countMoved = Failure(
        .conflict, "count_moved", "The filter now finds other faults than were confirmed; look at them again")
}
