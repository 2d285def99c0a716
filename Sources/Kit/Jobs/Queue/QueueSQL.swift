import Database
import Foundation

/// What workers say to the queue as a whole. Times are the database's, so that workers need not agree on the clock.
enum QueueSQL {
    /// Takes up to `limit` jobs that are due, the longest due first; none that another worker is taking at the moment.
    static func claim(worker: UUID, limit: Int, lease: Duration, tenants: [Int32]?, asOf: Date?) -> SQL {
        """
        with due as (
          select tenant_id, id from jobs.queue
           where state = 'queued' and run_at <= coalesce(\(asOf), now()) \(only(tenants))
           order by run_at, id limit \(limit) for update skip locked)
        update jobs.queue q
           set state = 'running', attempt = q.attempt + 1, worker = \(worker), lease_until = now() + \(lease.seconds) * interval '1 second'
          from due where q.tenant_id = due.tenant_id and q.id = due.id
        returning q.tenant_id, q.id, q.kind, q.attempt, q.worker
        """
    }

    /// Marks jobs done that this worker still has.
    static func finish(_ claims: [Claim], worker: UUID) -> SQL {
        """
        update jobs.queue q set state = 'done', finished_at = now(), worker = null, lease_until = null
          from unnest(\(claims.map(\.tenant)), \(claims.map(\.id)), \(claims.map { Int32(clamping: $0.attempt) })) as d(tenant_id, id, attempt)
         where q.tenant_id = d.tenant_id and q.id = d.id and q.attempt = d.attempt and q.worker = \(worker) and q.state = 'running'
        """
    }

    /// The heartbeat, for the jobs that the worker knows it has: one whose claim was never answered has to run out. Skips rows that a
    /// handler's own transaction holds; their turn comes with the next beat.
    static func beat(_ claims: [Claim], worker: UUID, lease: Duration) -> SQL {
        """
        with mine as (
          select q.tenant_id, q.id from jobs.queue q
            join unnest(\(claims.map(\.tenant)), \(claims.map(\.id))) as c(tenant_id, id) on q.tenant_id = c.tenant_id and q.id = c.id
           where q.worker = \(worker) and q.state = 'running' for update of q skip locked)
        update jobs.queue q set lease_until = now() + \(lease.seconds) * interval '1 second'
          from mine where q.tenant_id = mine.tenant_id and q.id = mine.id
        """
    }

    /// Puts the jobs of dead workers back, or parks those that had their last try.
    static func rescue(tenants: [Int32]?) -> SQL {
        """
        with dead as (
          select tenant_id, id from jobs.queue where state = 'running' and lease_until < now() \(only(tenants)) for update skip locked)
        update jobs.queue q
           set state = case when q.attempt < q.max_attempts then 'queued' else 'parked' end,
               finished_at = case when q.attempt < q.max_attempts then null else now() end,
               run_at = now(), worker = null, lease_until = null
          from dead where q.tenant_id = dead.tenant_id and q.id = dead.id
        returning q.tenant_id, q.id, q.kind, q.state, q.attempt
        """
    }

    /// Hands back what was claimed but not finished, as if it had not been tried. It lets go of its key, which another may hold by now.
    static func release(worker: UUID) -> SQL {
        """
        update jobs.queue set state = 'queued', attempt = attempt - 1, unique_key = null, worker = null, lease_until = null
         where worker = \(worker) and state = 'running'
        """
    }

    /// Forgets finished jobs, a few thousand at a time; their arguments go with them.
    static func prune(olderThan age: Duration) -> SQL {
        """
        delete from jobs.queue where (tenant_id, id) in (
          select tenant_id, id from jobs.queue
           where finished_at < now() - \(age.seconds) * interval '1 second' and state in ('done', 'discarded') limit 5000 for update skip locked)
        """
    }

    private static func only(_ tenants: [Int32]?) -> SQL { tenants.map { "and tenant_id = any(\($0))" } ?? "" }
}
