import Database
import Foundation
import Logging
import ServiceLifecycle
import Threads
import Web

/// Hears what any process of the fleet has changed and tells this one's sockets.
///
/// The lines of `jobs.signal` are the truth and NOTIFY only the bell: a line whose bell was lost is found by the clock.
public struct LiveService: Service {
    private let hub: LiveHub
    private let database: Database
    private let house: House
    private let logger: Logger
    /// Lines are looked for this often even if nobody rings, and at most once in `pause`, so that a busy house costs a hundred queries
    /// a second and not one per change.
    private static let clock = Duration.seconds(1)
    private static let pause = Duration.milliseconds(8)
    /// Sockets that come back fetch everything, so old lines are of no use to anybody.
    private static let keep = 600

    /// - Parameters:
    ///   - database: of a role that reads all of schema jobs, `portico_worker`.
    ///   - house: whose key opens what members say for a moment.
    public init(hub: LiveHub, database: Database, house: House, logger: Logger) {
        self.hub = hub
        self.database = database
        self.house = house
        self.logger = logger
    }

    public func run() async throws {
        let listener = try Listener(database.settings, channels: ["live", LiveUtterance.channel], logger: logger)
        let bell = Bell()
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await hear(listener, bell) }
                group.addTask { await read(bell) }
                await group.next()
                group.cancelAll()
            }
        }
        listener.stop()
    }

    private func hear(_ listener: Listener, _ bell: Bell) async {
        for await event in listener.events {
            if case .notification(LiveUtterance.channel, let payload) = event {
                if let utterance = LiveUtterance.opened(payload, house) { hub.hear(utterance) }
                continue
            }
            // Postgres may have lost its lines with the connection.
            if event == .gap { hub.tellAllToLook() }
            bell.ring()
        }
    }

    private func read(_ bell: Bell) async {
        var log = SignalLog()
        var cleaned = ContinuousClock.now
        while await bell.wait(atMost: Self.clock) {
            do {
                hub.tell(try await log.next(database))
                if cleaned.duration(to: .now) > .seconds(60) {
                    cleaned = .now
                    hub.forget()
                    try await SignalLog.forget(olderThan: Self.keep, database)
                }
            } catch {
                logger.warning("changes cannot be read", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.pause)
        }
    }
}

/// A reader's place in `jobs.signal`. Transactions end in another order than they began, so the place is the oldest one that had not
/// ended at the last look, and those from there on whose lines have been seen.
struct SignalLog {
    private var horizon: Int64?
    private var seen: Set<Int64> = []

    /// Tags of what changed since the last look; nothing at the first one.
    mutating func next(_ database: Database) async throws -> Set<UUID> {
        let from = horizon ?? Int64.max
        let (oldest, lines) = try await database.withoutTenant { tx in
            try await tx.batch(
                Query.value("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", Int64.self),
                Query.many("select xact, topics from jobs.signal where xact >= \(from)", SignalLine.self))
        }
        var found: Set<UUID> = []
        for line in lines where !seen.contains(line.xact) { found.formUnion(line.topics) }
        horizon = oldest
        seen = Set(lines.lazy.map(\.xact).filter { $0 >= oldest })
        return found
    }

    static func forget(olderThan seconds: Int, _ database: Database) async throws {
        try await database.withoutTenant { tx in
            try await tx.execute("delete from jobs.signal where told_at < now() - make_interval(secs => \(Double(seconds)))")
        }
    }
}

private struct SignalLine: Record {
    let xact: Int64
    let topics: [UUID]

    init(row: Row) throws {
        xact = try row["xact"]
        topics = try row["topics"]
    }
}
