import Database
import Foundation
import Logging
import Testing

/// The database that tests run on: brought up to date once per run, shared by all tests, never cleaned up. Each test makes
/// tenants of its own.
///
/// `PORTICO_DATABASE_URL` says where (without a user), `PORTICO_ADMIN_URL` how a superuser signs in, `PORTICO_TICKET_KEY` (or the
/// file that `PORTICO_TICKET_KEY_FILE` names) is the ticket key.
final class TestDatabase: Sendable {
    static let shared = TestDatabase()

    let url: String
    let adminURL: String?
    let key: TicketKey
    private let migrated: Task<Void, any Error>
    /// For what tests only want to get done.
    private let app: Database
    private let worker: Database

    private init() {
        let environment = ProcessInfo.processInfo.environment
        let url = environment["PORTICO_DATABASE_URL"] ?? "postgresql:///portico"
        let adminURL = environment["PORTICO_ADMIN_URL"]
        let hex =
            environment["PORTICO_TICKET_KEY"]
            ?? environment["PORTICO_TICKET_KEY_FILE"].flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
        guard
            let key = try? TicketKey(
                kid: environment["PORTICO_TICKET_KID"] ?? "1", hex: hex.trimmingCharacters(in: .whitespacesAndNewlines))
        else { fatalError("tests need PORTICO_TICKET_KEY: bin/test sets it") }
        (self.url, self.adminURL, self.key) = (url, adminURL, key)
        // Patient: dozens of tests begin at once, on a machine that has other things to do.
        func pool(_ role: String) -> Database {
            Database(.init(url: url, role: role, size: 3, checkoutTimeout: .seconds(60)), ticketKey: key, logger: Self.quiet)
        }
        app = pool("portico_app")
        worker = pool("portico_worker")
        migrated = Task {
            _ = try await Migrator(
                adminURL: adminURL, migratorURL: url, folder: Self.migrations, ticketKey: key, logger: Self.quiet
            ).migrate()
        }
    }

    static let quiet: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    /// `Migrations` of the repository, three levels above `Tests/PorticoTests/Support`.
    static let migrations = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Migrations").path

    /// A company that nobody else uses.
    func freshTenant() async throws -> Int32 {
        try await migrated.value
        let slug = "t" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(24)
        return try await app.registerTenant(slug)
    }

    /// A pool of its own, which shows in `pg_stat_activity` under its own name.
    func database(
        role: String = "portico_app", size: Int = 4, subscriptions: any Subscribing = NoSubscriptions(),
        change: (inout Database.Settings) -> Void = { _ in }
    ) async throws -> Database {
        try await migrated.value
        var settings = Database.Settings(
            url: url, role: role, size: size, applicationName: "test-\(UUID().uuidString.prefix(12))")
        change(&settings)
        return Database(settings, ticketKey: key, subscriptions: subscriptions, logger: Self.quiet)
    }

    /// Ends every backend of that pool, and says how many there were.
    @discardableResult
    func terminateBackends(of database: Database) async throws -> Int {
        let other = database.settings.role == "portico_worker" ? worker : app
        return try await other.withoutTenant { tx in
            try await tx.value(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where application_name = \(database.settings.applicationName) and pid <> pg_backend_pid()
                """, Int.self)
        }
    }

    /// What the backends of that pool are doing: their `state` and `query`.
    func activity(of database: Database) async throws -> [(state: String, query: String)] {
        let other = database.settings.role == "portico_worker" ? worker : app
        return try await other.withoutTenant { tx in
            try await tx.query(
                Query.many(
                    """
                    select coalesce(state, '') as state, query from pg_stat_activity
                     where application_name = \(database.settings.applicationName)
                    """
                ) { (try $0["state"], try $0["query"]) })
        }
    }
}

/// Waits until something holds; records an issue when it does not in time.
func eventually(
    within limit: Duration = .seconds(15), _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await holds() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
}
