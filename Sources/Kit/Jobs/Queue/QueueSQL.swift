import Database
import Foundation

/// What workers say to the queue as a whole. Times are the database's, so that workers need not agree on the clock.
///
/// The queue grows from nothing to thousands and back within minutes, so statistics are always wrong. The statements therefore
/// leave the planner no choice: rows are found through one index, locked, and changed by their place (`ctid`); no join that could
/// go the wrong way.
enum QueueSQL {
    /// Goes before the others in their transaction: a table that was empty when a plan was made must not be read as a whole for
    /// ever.
    static let throughIndexes: SQL = "select set_config('enable_seqscan', 'off', true)"

    /// Takes up to `limit` jobs that are due, the longest due first; none that another worker is taking at the moment.
    static func claim(worker: UUID, limit: Int, lease: Duration, tenants: [Int32]?, asOf: Date?) -> SQL {
        """
        update jobs.queue
           set state = 'running', attempt = attempt + 1, worker = \(worker), lease_until = now() + \(lease.seconds) * interval '1 second'
         where ctid = any(array(
           select ctid from jobs.queue
            where state = 'queued' and run_at <= coalesce(\(asOf), now()) \(only(tenants))
            order by run_at, id limit \(limit) for update skip locked))
        returning tenant_id, id, kind, attempt, worker, run_at
        """
    }

    /// Marks jobs done that this worker still has.
    static func finish(_ claims: [Claim], worker: UUID) -> SQL {
        """
        update jobs.queue set state = 'done', finished_at = now(), worker = null, lease_until = null
         where ctid = any(array(\(held(claims, worker: worker))))
        """
    }

    /// The heartbeat, for the jobs that the worker knows it has: one whose claim was never answered has to run out. Skips rows
    /// that a handler's own transaction holds; their turn comes with the next beat.
    static func beat(_ claims: [Claim], worker: UUID, lease: Duration) -> SQL {
        """
        update jobs.queue set lease_until = now() + \(lease.seconds) * interval '1 second'
         where ctid = any(array(\(held(claims, worker: worker, locking: "for update skip locked"))))
        """
    }

    /// Puts the jobs of dead workers back, or parks those that had their last try.
    static func rescue(tenants: [Int32]?) -> SQL {
        """
        update jobs.queue
           set state = case when attempt < max_attempts then 'queued' else 'parked' end,
               finished_at = case when attempt < max_attempts then null else now() end,
               run_at = now(), worker = null, lease_until = null
         where ctid = any(array(
           select ctid from jobs.queue where state = 'running' and lease_until < now() \(only(tenants)) for update skip locked))
        returning tenant_id, id, kind, state, attempt
        """
    }

    /// Hands back what was claimed but not finished, as if it had not been tried. It lets go of its key, which another may hold
    /// by now.
    static func release(worker: UUID) -> SQL {
        """
        update jobs.queue set state = 'queued', attempt = attempt - 1, unique_key = null, worker = null, lease_until = null
         where state = 'running' and worker = \(worker)
        """
    }

    /// Forgets finished jobs, a few thousand at a time; their arguments go with them.
    static func prune(olderThan age: Duration) -> SQL {
        """
        delete from jobs.queue
         where ctid = any(array(
           select ctid from jobs.queue
            where finished_at < now() - \(age.seconds) * interval '1 second' and state in ('done', 'discarded')
            limit 5000 for update skip locked))
        """
    }

    /// The places of the claims that are still this worker's. Found by primary key one by one: only a running job has a worker.
    private static func held(_ claims: [Claim], worker: UUID, locking: SQL = "for update") -> SQL {
        """
        select q.ctid
          from unnest(\(claims.map(\.tenant)), \(claims.map(\.id)), \(claims.map { Int32(clamping: $0.attempt) })) as c(tenant_id, id, attempt),
               lateral (
                 select ctid from jobs.queue
                  where tenant_id = c.tenant_id and id = c.id and attempt = c.attempt and worker = \(worker) \(locking)) q
        """
    }

    private static func only(_ tenants: [Int32]?) -> SQL { tenants.map { "and tenant_id = any(\($0))" } ?? "" }
}
