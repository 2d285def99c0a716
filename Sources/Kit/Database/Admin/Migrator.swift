import Foundation
import Logging

/// Brings a schema up to the files of a folder: `NNNN_name.sql`, in order, one transaction each.
///
/// A file whose first line is `-- as: superuser` runs on the administrator's connection, every other one as `portico_migrator`.
/// Each is entered in `sec.migration` with its SHA-256; a file that was changed, taken away or slipped in between afterwards is
/// refused, and so is a schema that is newer than the folder. Several may migrate at once: an advisory lock lets one after the
/// other.
public struct Migrator: Sendable {
    let adminURL: String?
    let migratorURL: String
    let folder: String
    let ticketKey: TicketKey
    let logger: Logger

    /// - Parameters:
    ///   - adminURL: URL of a superuser; needed while files for a superuser are waiting and to store a ticket key.
    ///   - migratorURL: URL without a user; `portico_migrator` is added.
    public init(
        adminURL: String?, migratorURL: String, folder: String, ticketKey: TicketKey, logger: Logger = Logger(label: "migrator")
    ) {
        self.adminURL = adminURL
        self.migratorURL = migratorURL
        self.folder = folder
        self.ticketKey = ticketKey
        self.logger = logger
    }

    /// Applies what is waiting and gives the names of those files. Throws `MigrationError`.
    public func migrate() async throws -> [String] {
        try await BlockingThread.run {
            let files = try MigrationFile.all(in: folder)
            let sessions = MigrationSessions(adminURL: adminURL, migratorURL: migratorURL)
            defer { sessions.close() }
            try sessions.lock()
            let waiting = try MigrationLedger.waiting(files, applied: sessions.applied(), refusing: true)
            for file in waiting {
                try sessions.apply(file)
                logger.info("migration applied", metadata: ["file": "\(file.name)"])
            }
            try sessions.store(ticketKey)
            return waiting.map(\.name)
        }
    }

    /// How a database stands to the files of a folder, as the role of that database sees it.
    public static func status(of database: Database, folder: String) async throws -> MigrationStatus {
        let files = try MigrationFile.all(in: folder)
        let applied: [AppliedMigration]
        do {
            applied = try await database.withoutTenant { tx in try await tx.many(AppliedMigration.query) }
        } catch let error as DatabaseError where ["42P01", "3F000", "42501"].contains(error.sqlState) {
            applied = []  // no ledger, or none that this role may read: nothing was migrated
        }
        return MigrationLedger.status(files, applied: applied)
    }
}

/// How a schema stands to the files.
public enum MigrationStatus: Sendable, Equatable {
    case current
    /// These files wait to be applied.
    case behind([String])
    /// The schema has these, and the folder does not: a newer binary migrated it.
    case ahead([String])
    /// Files and ledger contradict each other.
    case drifted(String)
}

/// Why a migration was refused or failed.
public struct MigrationError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
