import Database
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Starts what is due, whichever node gets to it first. After downtime everything that was missed is caught up with once.
public struct Scheduler: Sendable {
    /// A company and the zone its day is counted in.
    public struct Tenant: Sendable {
        public var id: Int32
        public var timeZone: TimeZone

        public init(id: Int32, timeZone: TimeZone) {
            self.id = id
            self.timeZone = timeZone
        }
    }

    private let database: Database
    private let schedule: Schedule
    private let tenants: @Sendable () -> [Tenant]
    private let logger: Logger
    private let entered = Entered()

    /// Entries that have a row already; asked again after a restart.
    private final class Entered: Sendable {
        let keys = Mutex<Set<String>>([])
    }

    /// - Parameter database: of role `portico_worker`.
    public init(
        database: Database, schedule: Schedule, tenants: @escaping @Sendable () -> [Tenant],
        logger: Logger = Logger(label: "scheduler")
    ) {
        self.database = database
        self.schedule = schedule
        self.tenants = tenants
        self.logger = logger
    }

    /// Starts everything that is due at `now`, and gives the names of what was started here. An entry seen for the first time is
    /// due at its next instant after `now`.
    @discardableResult
    public func tick(now: Date) async throws -> [String] {
        let zones = Dictionary(tenants().map { ($0.id, $0.timeZone) }, uniquingKeysWith: { first, _ in first })
        try await enter(zones, now)
        let due: [DueRow] = try await database.withoutTenant { [schedule] tx in
            try await tx.many(
                """
                select name, tenant_id from jobs.schedule
                 where next_at <= \(now) and name = any(\(schedule.names)) and tenant_id = any(\(Array(zones.keys) + [0])) order by next_at
                """)
        }
        var started: [String] = []
        for row in due {
            guard let entry = schedule.entries.first(where: { $0.name == row.name }) else { continue }
            do {
                if try await start(entry, tenant: row.tenant, zone: zones[row.tenant] ?? .gmt, now) { started.append(row.name) }
            } catch {
                logger.error(
                    "a schedule failed", metadata: ["schedule": "\(row.name)", "tenant": "\(row.tenant)", "error": "\(error)"])
            }
        }
        return started
    }

    private func start(_ entry: Schedule.Entry, tenant: Int32, zone: TimeZone, _ now: Date) async throws -> Bool {
        let due = entry.recurrence.latest(at: now, in: zone)
        let next = entry.recurrence.next(after: now, in: zone)
        switch entry.work {
        case .job(let job):
            return try await database.tenant(TxFacts(tenant: tenant, requestID: "schedule-\(entry.name)", now: now)).write { tx in
                guard try await Self.take(entry.name, tenant, now, next, tx) else { return false }
                try tx.enqueue(job(tenant, due))
                return true
            }
        case .fleet(let run):
            let mine = try await database.withoutTenant { tx in try await Self.take(entry.name, 0, now, next, tx) }
            guard mine else { return false }
            do { try await run(database, due) } catch {
                try await again(entry.name, now)
                throw error
            }
            return true
        }
    }

    /// Moves the row on. Of several nodes one changes it; the others wait for its lock and find it moved.
    private static func take(_ name: String, _ tenant: Int32, _ now: Date, _ next: Date, _ tx: Tx) async throws -> Bool {
        try await tx.execute(
            """
            update jobs.schedule set next_at = \(next), last_at = \(now)
             where name = \(name) and tenant_id = \(tenant) and next_at <= \(now)
            """) == 1
    }

    private func again(_ name: String, _ now: Date) async throws {
        try await database.withoutTenant { tx in
            _ = try await tx.execute(
                "update jobs.schedule set next_at = \(now.addingTimeInterval(60)) where name = \(name) and tenant_id = 0")
        }
    }

    /// Gives every entry its row.
    private func enter(_ zones: [Int32: TimeZone], _ now: Date) async throws {
        var names: [String] = []
        var ids: [Int32] = []
        var times: [Date] = []
        for entry in schedule.entries {
            let perTenant = if case .job = entry.work { true } else { false }
            for (id, zone) in perTenant ? zones : [0: TimeZone.gmt] where !isEntered(entry.name, id) {
                names.append(entry.name)
                ids.append(id)
                times.append(entry.recurrence.next(after: now, in: zone))
            }
        }
        guard !names.isEmpty else { return }
        let (allNames, allIDs, allTimes) = (names, ids, times)
        try await database.withoutTenant { tx in
            _ = try await tx.execute(
                """
                insert into jobs.schedule(name, tenant_id, next_at)
                select * from unnest(\(allNames), \(allIDs), \(allTimes)) on conflict do nothing
                """)
        }
        entered.keys.withLock { keys in
            for (name, id) in zip(names, ids) { keys.insert("\(id) \(name)") }
        }
    }

    private func isEntered(_ name: String, _ tenant: Int32) -> Bool { entered.keys.withLock { $0.contains("\(tenant) \(name)") } }
}

private struct DueRow: Record {
    let name: String
    let tenant: Int32

    init(row: Row) throws {
        name = try row["name"]
        tenant = try row["tenant_id"]
    }
}

extension Scheduler: Service {
    /// Looks once a second until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await tick(now: Date()) } catch {
                    logger.warning("the schedule was not read", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
