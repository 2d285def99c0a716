import Database
import Foundation

/// A job that this worker may run until its lease ends. Worker and attempt together tell whether it still may.
struct Claim: Record, Sendable {
    let tenant: Int32
    let id: UUID
    let kind: String
    let attempt: Int
    let worker: UUID
    /// When it was to run at the earliest, by the database's clock.
    let dueAt: Date

    init(row: Row) throws {
        tenant = try row["tenant_id"]
        id = try row["id"]
        kind = try row["kind"]
        attempt = try row["attempt"]
        worker = try row["worker"]
        dueAt = try row["run_at"]
    }

    /// Marks it done; touches no row when another worker has it.
    var finish: SQL {
        """
        update jobs.queue set state = 'done', finished_at = now(), worker = null, lease_until = null
         where tenant_id = \(tenant) and id = \(id) and \(isMine)
        """
    }

    /// Lets it wait for its next try.
    func retry(at: Date?, after wait: Duration) -> SQL {
        """
        update jobs.queue set state = 'queued', run_at = coalesce(\(at), now()) + \(wait.seconds) * interval '1 second',
               worker = null, lease_until = null
         where tenant_id = \(tenant) and id = \(id) and \(isMine)
        """
    }

    /// As if it had not been tried. It lets go of its key, which another may hold by now.
    func putOff(until time: Date) -> SQL {
        """
        update jobs.queue set state = 'queued', attempt = attempt - 1, run_at = \(time), unique_key = null, worker = null, lease_until = null
         where tenant_id = \(tenant) and id = \(id) and \(isMine)
        """
    }

    var park: SQL {
        """
        update jobs.queue set state = 'parked', finished_at = now(), worker = null, lease_until = null
         where tenant_id = \(tenant) and id = \(id) and \(isMine)
        """
    }

    /// Keeps the reason beside the arguments, behind the wall.
    func note(_ error: String) -> SQL {
        "update app.job set last_error = \(String(error.prefix(4_000))) where tenant_id = \(tenant) and id = \(id)"
    }

    private var isMine: SQL { "state = 'running' and worker = \(worker) and attempt = \(attempt)" }
}

/// A job's arguments, read with its company's ticket.
struct LoadedJob: Record, Sendable {
    let id: UUID
    let args: JSONBytes
    let actor: UUID?
    let requestID: String?

    init(row: Row) throws {
        id = try row["id"]
        args = try row["args"]
        actor = try row["actor_id"]
        requestID = try row["request_id"]
    }

    static func load(_ ids: [UUID], tenant: Int32) -> Query<[LoadedJob]> {
        .many("select id, args, actor_id, request_id from app.job where tenant_id = \(tenant) and id = any(\(ids))")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
