import Database
import Foundation
import Web

/// Which jobs a list shows.
enum QueueTab: String, Sendable, CaseIterable {
    case parked, late, queued, running

    fileprivate func condition(_ now: Date) -> SQL {
        switch self {
        case .parked: "state = 'parked'"
        case .late: "state = 'queued' and run_at < \(now.addingTimeInterval(-60))"
        case .queued: "state = 'queued'"
        case .running: "state = 'running'"
        }
    }
}

/// Jobs of the whole fleet by state. What they are about stands behind each company's wall.
struct QueueFigures: Record, Sendable {
    let parked: Int
    let late: Int
    let waiting: Int
    let running: Int

    init(row: Row) throws {
        parked = try row["parked"]
        late = try row["late"]
        waiting = try row["waiting"]
        running = try row["running"]
    }

    static func all(now: Date, tenant: Int32? = nil) -> Query<QueueFigures> {
        let one: SQL = tenant.map { "and tenant_id = \($0)" } ?? SQL.empty
        return .one(
            """
            select count(*) filter (where state = 'parked') as parked,
                   count(*) filter (where state = 'queued' and run_at < \(now.addingTimeInterval(-60))) as late,
                   count(*) filter (where state = 'queued') as waiting, count(*) filter (where state = 'running') as running
              from jobs.queue where state in ('queued', 'running', 'parked') \(one)
            """)
    }

    subscript(tab: QueueTab) -> Int {
        switch tab {
        case .parked: parked
        case .late: late
        case .queued: waiting
        case .running: running
        }
    }
}

struct FleetJob: Record, Sendable {
    let id: UUID
    let tenant: Int32
    let kind: String
    let state: String
    let attempt: Int
    let maxAttempts: Int
    let runAt: Date

    init(row: Row) throws {
        id = try row["id"]
        tenant = try row["tenant_id"]
        kind = try row["kind"]
        state = try row["state"]
        attempt = Int(try row["attempt"] as Int32)
        maxAttempts = Int(try row["max_attempts"] as Int32)
        runAt = try row["run_at"]
    }

    /// The newest first; one more than `size`.
    static func page(_ tab: QueueTab, tenant: Int32?, _ cursor: Cursor, size: Int, now: Date) -> Query<[FleetJob]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and id < \(id)", "desc")
            case .before(let id): ("and id > \(id)", "asc")
            }
        let one: SQL = tenant.map { "and tenant_id = \($0)" } ?? SQL.empty
        return .many(
            """
            select tenant_id, id, kind, state, attempt, max_attempts, run_at from jobs.queue
             where \(tab.condition(now)) \(one) \(seek) order by id \(order) limit \(size + 1)
            """)
    }
}
