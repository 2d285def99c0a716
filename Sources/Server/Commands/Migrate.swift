import ArgumentParser
import Database
import Foundation
import Logging

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database's schema up to this binary's.")

    func run() async throws {
        let settings = try Settings()
        let logger = Log.start(settings)
        let migrator = Migrator(
            adminURL: settings.adminURL, migratorURL: settings.databaseURL,
            folder: settings.home.appending(path: "Migrations").path,
            ticketKey: settings.ticketKey, logger: logger)
        let applied = try await migrator.migrate()
        print(applied.isEmpty ? "The schema is up to date." : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }
}
