import Database
import Foundation

/// The queue as one company sees it: for the page of its jobs.
public struct Queue {
    private let tx: Tx

    public init(_ tx: Tx) { self.tx = tx }

    /// Newest first, without those that are done; `before` is the id of the last one seen.
    public func list(state: JobState? = nil, before: UUID? = nil, limit: Int = 50) async throws -> [QueuedJob] {
        try await tx.many(Self.list(tenant: tx.facts.tenant, state: state, before: before, limit: limit))
    }

    /// The statement of `list`, for a batch.
    public static func list(tenant: Int32, state: JobState? = nil, before: UUID? = nil, limit: Int = 50) -> SQL {
        let filter: SQL = state.map { "and q.state = \($0)" } ?? "and q.state <> 'done'"
        let page: SQL = before.map { "and q.id < \($0)" } ?? ""
        return """
            select q.id, q.kind, q.state, q.attempt, q.max_attempts, q.run_at, q.enqueued_at, q.finished_at, j.args, j.last_error
              from jobs.queue q join app.job j on j.tenant_id = q.tenant_id and j.id = q.id
             where q.tenant_id = \(tenant) \(filter) \(page)
             order by q.id desc limit \(limit)
            """
    }

    /// How many jobs are in each state; states without any are left out.
    public func counts() async throws -> [JobState: Int] {
        let rows = try await tx.query(
            Query.many("select state, count(*) as n from jobs.queue where tenant_id = \(tx.facts.tenant) group by state") { row in
                (try row["state"] as JobState, try row["n"] as Int)
            })
        return Dictionary(rows, uniquingKeysWith: +)
    }

    /// Lets a parked or discarded job run again, with all its tries. False when there is none such.
    @discardableResult
    public func replay(_ id: UUID) async throws -> Bool {
        let changed = try await tx.execute(
            """
            update jobs.queue set state = 'queued', attempt = 0, run_at = now(), finished_at = null, unique_key = null
             where tenant_id = \(tx.facts.tenant) and id = \(id) and state in ('parked', 'discarded')
            """)
        if changed > 0 { tx.atCommit(Outbox.wake) }
        return changed > 0
    }

    /// Takes a job that waits or is parked out of the queue for good. False when there is none such.
    @discardableResult
    public func discard(_ id: UUID) async throws -> Bool {
        try await tx.execute(
            """
            update jobs.queue set state = 'discarded', finished_at = now()
             where tenant_id = \(tx.facts.tenant) and id = \(id) and state in ('queued', 'parked')
            """) > 0
    }
}

public enum JobState: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case queued, running, done, parked, discarded
}

/// A job as the page of jobs shows it.
public struct QueuedJob: Record, Sendable {
    public let id: UUID
    public let kind: String
    public let state: JobState
    public let attempt: Int
    public let maxAttempts: Int
    public let runAt: Date
    public let enqueuedAt: Date
    public let finishedAt: Date?
    public let args: JSONBytes
    public let lastError: String?

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        state = try row["state"]
        attempt = try row["attempt"]
        maxAttempts = try row["max_attempts"]
        runAt = try row["run_at"]
        enqueuedAt = try row["enqueued_at"]
        finishedAt = try row["finished_at"]
        args = try row["args"]
        lastError = try row["last_error"]
    }
}
