import Database
import Foundation

extension Tx {
    /// Enqueues a job with this transaction: it runs if and only if the change is committed. Costs no round trip of its own.
    /// - Parameter at: not before this time; at once when nil.
    /// - Returns: the job's id.
    @discardableResult
    public func enqueue(_ job: some Job, at: Date? = nil) throws -> UUID {
        try rider { Outbox() }.add(job, at: at)
    }

    /// Records an event and enqueues the jobs of its subscribers, all with this transaction.
    public func publish(_ event: some Event) throws {
        let outbox = rider { Outbox() }
        try outbox.add(event)
        guard let table = subscriptions as? Subscriptions else { return }
        for job in table.jobs(after: event, facts) { try outbox.add(job, at: nil) }
    }
}

/// The events and jobs of one transaction; four statements in all, which travel with COMMIT.
final class Outbox: CommitRider {
    private var events = EventColumns()
    private var jobs = JobColumns()

    func add(_ event: some Event) throws {
        events.ids.append(.v7())
        events.names.append(type(of: event).name)
        events.subjects.append(event.subject)
        events.facts.append(try JSONBytes(encoding: event))
    }

    @discardableResult
    func add(_ job: some Job, at: Date?) throws -> UUID {
        let id = UUID.v7()
        jobs.ids.append(id)
        jobs.kinds.append(type(of: job).kind)
        jobs.times.append(at)
        jobs.tries.append(Int32(clamping: type(of: job).retry.tries))
        jobs.keys.append(job.uniqueKey)
        jobs.args.append(try JSONBytes(encoding: job))
        return id
    }

    func statements(_ facts: TxFacts) -> [SQL] {
        var statements: [SQL] = []
        if !events.ids.isEmpty { statements.append(events.insert(facts)) }
        if !jobs.ids.isEmpty {
            // The foreign key's check of each job keeps its plan, too.
            statements += [QueueSQL.throughIndexes, jobs.insert(facts), Outbox.wake]
        }
        return statements
    }

    /// Wakes the workers when the transaction commits. Equal notifications of a transaction are sent once.
    static let wake: SQL = "select pg_notify('jobs', '')"
}

private struct EventColumns {
    var ids: [UUID] = []
    var names: [String] = []
    var subjects: [UUID] = []
    var facts: [JSONBytes] = []

    func insert(_ tx: TxFacts) -> SQL {
        """
        insert into app.event(tenant_id, id, name, subject, facts, actor_id, request_id)
        select \(tx.tenant), e.id, e.name, e.subject, e.facts, \(tx.actor), \(tx.requestID)
          from unnest(\(ids), \(names), \(subjects), \(facts)) as e(id, name, subject, facts)
        """
    }
}

private struct JobColumns {
    var ids: [UUID] = []
    var kinds: [String] = []
    var times: [Date?] = []
    var tries: [Int32] = []
    var keys: [String?] = []
    var args: [JSONBytes] = []

    func insert(_ tx: TxFacts) -> SQL {
        keys.contains { $0 != nil } ? insertUnlessQueued(tx) : insertAll(tx)
    }

    /// Asks for nothing that is there, so that a role that may only insert can enqueue.
    private func insertAll(_ tx: TxFacts) -> SQL {
        """
        with wanted as (
          select * from unnest(\(ids), \(kinds), \(times), \(tries), \(args)) as j(id, kind, run_at, tries, args)
        ), queued as (
          insert into jobs.queue(tenant_id, id, kind, run_at, max_attempts)
          select \(tx.tenant), id, kind, coalesce(run_at, now()), tries from wanted
        )
        insert into app.job(tenant_id, id, args, actor_id, request_id)
        select \(tx.tenant), id, args, \(tx.actor), \(tx.requestID) from wanted
        """
    }

    private func insertUnlessQueued(_ tx: TxFacts) -> SQL {
        """
        with wanted as (
          select * from unnest(\(ids), \(kinds), \(times), \(tries), \(keys), \(args)) as j(id, kind, run_at, tries, key, args)
        ), queued as (
          insert into jobs.queue(tenant_id, id, kind, run_at, max_attempts, unique_key)
          select \(tx.tenant), id, kind, coalesce(run_at, now()), tries, key from wanted
          on conflict (tenant_id, kind, unique_key) where state = 'queued' and attempt = 0 and unique_key is not null do nothing
          returning id
        )
        insert into app.job(tenant_id, id, args, actor_id, request_id)
        select \(tx.tenant), wanted.id, wanted.args, \(tx.actor), \(tx.requestID) from wanted join queued using (id)
        """
    }
}
