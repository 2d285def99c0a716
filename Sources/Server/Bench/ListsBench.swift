import ArgumentParser
import Database
import Foundation
import Logging

/// Lists, search and board of one company among 200 that have a million faults together, under the wall.
struct ListsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lists", abstract: "List, search and board beside 1,000,000 faults of 200 companies.",
        discussion: """
            Makes a database of its own, portico_bench_lists, beside the one of PORTICO_ADMIN_URL, which takes some minutes and
            2 GB the first time and stays.
            """)
    private static let database = "portico_bench_lists"
    private static let pages: [(name: String, path: String)] = [
        ("list", "/faults"), ("list, open ones", "/faults?state=open"),
        ("list, category and building", "/faults?category=heating&building=\(building)"),
        ("list, a page in the middle", "/faults?cursor=a\(middle)"),
        ("list, a word", "/faults?q=radiator"), ("search box, a misspelt word", "/search?q=radiatro"), ("board", "/faults/board")
    ]
    private static let building = "BUILDING"
    /// The time between the oldest and the newest fault.
    private static var middle: String { UUID.v7(now: Date().addingTimeInterval(-10_000 * 3600)).uuidString.lowercased() }

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("lists") { report in
            let environment = try await furnished(&report)
            let house = try await BenchHouse.open(environment)
            let load = try Wrk(house)
            let server = try await BenchServer.portico(house)
            let building = try await house.walled.read(
                Query.firstValue("select id from app.building where tenant_id = \(house.tenant.id) limit 1", UUID.self))
            for (name, path) in Self.pages {
                report.say("\(name), \(options.seconds) s")
                let path = path.replacing(Self.building, with: building?.uuidString.lowercased() ?? "")
                _ = try await load.load(server.wire, path, connections: 8, seconds: 1)
                let run = try await load.load(server.wire, path, connections: 8, seconds: options.seconds)
                report.add(
                    "\(name), 99 of 100 within", run.p99 / 1000, "ms", atMost: 50,
                    beside: .init(name: "half within, ms", value: run.p50 / 1000))
                report.add("\(name), pages", run.perSecond, "requests/s")
                report.add("\(name), wrong answers", run.failures, "answers", atMost: 0)
            }
            await server.stop()
            await house.close()
        }
    }

    /// - Returns: the environment whose database has the rows.
    private func furnished(_ report: inout BenchReport) async throws -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        let given = try Settings(environment)
        guard let admin = given.adminURL else { throw ToolMissing(description: "PORTICO_ADMIN_URL is not set") }
        let psql = try Tool("psql", package: "postgresql-client-15")
        let ask = { (database: String, text: String) in
            try await psql.run(["-XqAt", "-d", database, "-c", text]).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        environment["PORTICO_DATABASE_URL"] = try Self.renamed(given.databaseURL)
        let bench = try Self.renamed(admin)
        environment["PORTICO_ADMIN_URL"] = bench
        if try await ask(admin, "select count(*) from pg_database where datname = '\(Self.database)'") == "0" {
            try await ask(admin, "create database \(Self.database)")
        }
        let settings = try Settings(environment)
        _ = try await Migrator(
            adminURL: bench, migratorURL: settings.databaseURL, folder: given.home.appending(path: "Migrations").path,
            ticketKey: settings.ticketKey, logger: Logger(label: "bench")
        ).migrate()
        let house = try await BenchHouse.open(environment)
        await house.close()
        if try await ask(bench, "select count(*) from app.tenant") == "1" {
            report.say("making 1,000,000 faults, once")
            let script = given.home.appending(path: "Tests/Bench/lists.sql").path
            try await psql.run(["-XqAt", "-d", bench, "-f", script])
        }
        report.add("faults beside", Double(try await ask(bench, "select count(*) from app.fault")) ?? 0, "faults")
        return environment
    }

    /// The same server, the other database.
    private static func renamed(_ url: String) throws -> String {
        guard var parts = URLComponents(string: url) else { throw ToolFailed(description: "\(url) is no URL") }
        parts.path = "/" + database
        return parts.string ?? url
    }
}
