import Foundation
import Logging

/// One role's way into Postgres: a pool of connections, and the key that signs tickets.
public final class Database: Sendable {
    public struct Settings: Sendable {
        /// A libpq URL or keyword list without a user, e.g. `postgres:///portico?host=/run/postgresql`.
        public var url: String
        /// The role to sign in as; nil takes the one of the URL.
        public var role: String?
        public var password: String?
        /// Connections at most. Single reads share the first `lanes` of them; each transaction needs one to itself.
        public var size: Int
        public var lanes: Int
        /// Reads that may be in the air on one lane.
        public var readsPerLane = 16
        /// A lane whose oldest read takes longer gets no more reads until it is done.
        public var patience: Duration = .milliseconds(20)
        /// Callers that may wait for a connection; more are refused at once with `PoolTimeout`.
        public var maxWaiters: Int
        /// How long a caller waits for a connection.
        public var checkoutTimeout: Duration
        /// How long one statement may run.
        public var statementTimeout: Duration
        /// A connection is replaced after this time: backends grow with the plans they keep.
        public var connectionLife: Duration
        public var applicationName: String

        public init(
            url: String, role: String?, password: String? = nil, size: Int = 20, lanes: Int = 4, maxWaiters: Int = 1_000,
            checkoutTimeout: Duration = .seconds(3), statementTimeout: Duration = .seconds(5),
            connectionLife: Duration = .seconds(1_800), applicationName: String = "portico"
        ) {
            self.url = url
            self.role = role
            self.password = password
            self.size = max(1, size)
            self.lanes = max(1, min(lanes, size))
            self.maxWaiters = maxWaiters
            self.checkoutTimeout = checkoutTimeout
            self.statementTimeout = statementTimeout
            self.connectionLife = connectionLife
            self.applicationName = applicationName
        }

        var connection: ConnectionSettings {
            ConnectionSettings(
                url: url, role: role, password: password, applicationName: applicationName, statementTimeout: statementTimeout)
        }
    }

    public let settings: Settings
    /// What follows an event; Kit/Jobs reads it.
    public let subscriptions: any Subscribing
    public let logger: Logger
    let pool: Pool
    let doorbell = Doorbell()
    let tags: TicketKey
    private let tickets: Tickets

    /// Opens no connection yet: the first query does.
    public init(
        _ settings: Settings, ticketKey: TicketKey, subscriptions: any Subscribing = NoSubscriptions(),
        logger: Logger = Logger(label: "database")
    ) {
        self.settings = settings
        tickets = Tickets(ticketKey)
        tags = ticketKey
        self.subscriptions = subscriptions
        self.logger = logger
        pool = Pool(settings: settings, logger: logger)
    }

    deinit { pool.close() }

    /// The database as one company sees it.
    public func tenant(_ facts: TxFacts) -> Walled { Walled(database: self, facts: facts) }

    /// Asks Postgres for a sign of life; throws when there is none.
    public func health() async throws {
        try await withoutTenant { tx in _ = try await tx.value("select 1::bigint", Int.self) }
    }

    /// Closes every connection; what is in the air fails.
    public func shutdown() async { pool.close() }

    /// Connections open, of them in use, and callers that wait: for /metrics.
    public var census: (open: Int, busy: Int, waiting: Int) { pool.census }

    /// A transaction without a ticket: tables behind the wall look empty. For the migrator, the job claimer and the doctor only.
    @discardableResult
    package func withoutTenant<T>(_ body: (Tx) async throws -> T) async throws -> T {
        try await Transaction(database: self, facts: TxFacts(tenant: 0), mode: .outsideTheWall).run(body)
    }

    func ticket(for facts: TxFacts) -> String { tickets.ticket(tenant: facts.tenant, actor: facts.actor) }
}

/// The table that says what follows an event. Kit/Jobs makes it; here it is only carried to every transaction.
public protocol Subscribing: Sendable {}

/// Nothing follows from anything.
public struct NoSubscriptions: Subscribing {
    public init() {}
}
