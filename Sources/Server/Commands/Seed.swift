import ArgumentParser
import Database
import Foundation
import Logging
import Storage
import Tenancy
import Web

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fill the database with data.", subcommands: [Demo.self])

    struct Demo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Two companies with 400 homes and 18 months of faults.")

        @Flag(help: "Only print the demo sign-ins, as JSON.")
        var signIns = false

        func run() async throws {
            let settings = try Settings()
            guard settings.environment != .production else {
                throw SettingsError("Demo data is refused when PORTICO_ENV=production")
            }
            if signIns {
                let tenants = TenantFolder.load(settings.home.appending(path: "tenants").path, rules: Sections.rules).tenants
                let known = tenants.map { Tenant(id: 0, configuration: $0) }
                print(String(decoding: try JSON.encode(DemoSeed.signIns(known)), as: UTF8.self))
                return
            }
            let logger = Log.start(settings)
            let app = try await App.build(settings, logger: logger)
            let seed = DemoSeed(
                database: app.database, tenants: app.tenants.all, store: app.parts.store, tokens: app.parts.tokens,
                hashPassword: { try await app.parts.passwords.hash($0) }, now: Date(), logger: logger)
            let summary = try await seed.run()
            for slug in summary.seeded { print("seeded \(slug)") }
            for slug in summary.present { print("\(slug) has its data already") }
            await app.database.shutdown()
            await app.workerDatabase.shutdown()
        }
    }
}
