import Database
import Foundation
import Logging
import Metrics
import ServiceLifecycle

/// Runs jobs of every company, up to a number at once, until it is told to stop.
///
/// Each claimed job has a lease that a heartbeat moves on. When a worker dies its leases run out and another worker takes the
/// jobs up: within 15 seconds with the standard settings.
public struct Worker: Sendable {
    public struct Settings: Sendable {
        /// Handlers that run at the same time.
        public var concurrency: Int
        /// Only jobs of these companies; nil for all. Tests run the jobs of their own company.
        public var tenants: [Int32]?
        public var heartbeat: Duration = .seconds(4)
        /// Longer than two heartbeats; with `rescueEvery` it makes the time until a dead worker's jobs run again.
        public var lease: Duration = .seconds(11)
        public var rescueEvery: Duration = .seconds(2)
        /// How often to look for jobs that nobody announced, those whose time has come among them.
        public var poll: Duration = .seconds(1)
        /// How long handlers may go on after the signal to stop; then they are cancelled and their jobs go back.
        public var grace: Duration = .seconds(20)
        /// Done and discarded jobs are forgotten after this time.
        public var keep: Duration = .days(7)
        /// This machine's.
        public var clock: @Sendable () -> Date = { Date() }
        /// Asked before a job runs in a member's name; false parks it. nil asks nobody.
        public var mayAct: (@Sendable (Walled, UUID) async throws -> Bool)?
        /// Told when a job was parked.
        public var onPark: (@Sendable (ParkedJob) async -> Void)?

        public init(concurrency: Int = 16, tenants: [Int32]? = nil) {
            self.concurrency = max(1, concurrency)
            self.tenants = tenants
        }
    }

    let database: Database
    let handlers: JobHandlers
    let settings: Settings
    let logger: Logger

    /// - Parameter database: of role `portico_worker`.
    public init(
        database: Database, handlers: JobHandlers, settings: Settings = Settings(), logger: Logger = Logger(label: "worker")
    ) {
        self.database = database
        self.handlers = handlers
        self.settings = settings
        self.logger = logger
    }

    /// Runs every job that is due, those that these jobs enqueue too, and returns how many were run. For tests and commands.
    /// - Parameters:
    ///   - tenant: only this company's jobs.
    ///   - asOf: run what is due at this time; waits for retries count from it.
    @discardableResult
    public func drain(tenant: Int32? = nil, asOf: Date? = nil) async throws -> Int {
        let shift = Shift(self, tenants: tenant.map { [$0] } ?? settings.tenants, asOf: asOf)
        var count = 0
        while true {
            let claims = try await shift.claim(limit: 100)
            if claims.isEmpty { return count }
            count += claims.count
            for batch in await shift.load(claims) { await shift.perform(batch) }
            try await shift.flush()
        }
    }
}

/// A job that needs an operator.
public struct ParkedJob: Sendable {
    public let tenant: Int32
    public let id: UUID
    public let kind: String
    public let error: String
}

extension Worker: Service {
    /// Works until graceful shutdown or cancellation.
    public func run() async throws {
        let shift = Shift(self, tenants: settings.tenants, asOf: nil)
        try await shift.work()
    }
}

/// So that a `ServiceGroup` closes the connections after everyone else has stopped.
extension Database: Service {
    /// Waits for graceful shutdown or cancellation, then closes the pool.
    public func run() async {
        try? await gracefulShutdown()
        await shutdown()
    }
}
