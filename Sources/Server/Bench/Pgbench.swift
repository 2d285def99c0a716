import Database
import Foundation

/// pgbench with the statements of `Tests/Bench/*.pgbench`: what Postgres gives without any server before it.
struct Pgbench: Sendable {
    struct Result: Sendable {
        let perSecond: Double
        let transactions: Double
        /// Processor seconds of Postgres; nil when it runs elsewhere.
        let postgres: Double?

        /// Microseconds of Postgres for each transaction.
        var each: Double? { postgres.map { $0 / max(transactions, 1) * 1_000_000 } }
    }

    private let tool: Tool
    private let house: BenchHouse

    init(_ house: BenchHouse) throws {
        tool = try Tool("pgbench", package: "postgresql-15", also: ["/usr/lib/postgresql/15/bin"])
        self.house = house
    }

    /// - Parameter script: the name of the file, without its ending.
    func run(_ script: String, role: String, clients: Int = 8, seconds: Int) async throws -> Result {
        let file = house.root.appending(path: "Tests/Bench/\(script).pgbench")
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw ToolMissing(description: "\(file.path) is missing: run bench from a checkout")
        }
        // One ticket for the whole run: it is minted for the time of its end.
        let ticket = house.app.settings.ticketKey.mint(
            tenant: house.tenant.id, actor: house.manager.uuidString, now: Date().addingTimeInterval(Double(seconds)))
        let clock = try await PostgresClock(house.walled)
        let before = clock?.seconds ?? 0
        let text = try await tool.run([
            "-n", "-M", "prepared", "-c", String(clients), "-j", "1", "-T", String(seconds), "-f", file.path, "-D",
            "ticket=\(ticket)",
            "-D", "tenant=\(house.tenant.id)", "-D", "hash=\\x\(house.token.hash.hex)",
            "-U", role, house.app.settings.databaseURL
        ])
        return Result(
            perSecond: try Self.number(in: text, after: "tps = "),
            transactions: try Self.number(in: text, after: "number of transactions actually processed: "),
            postgres: clock.map { $0.seconds - before })
    }

    private static func number(in text: String, after words: String) throws -> Double {
        guard let range = text.range(of: words),
            let number = Double(text[range.upperBound...].prefix { $0.isNumber || $0 == "." })
        else {
            throw ToolFailed(description: "pgbench said nothing that can be read: \(text.suffix(500))")
        }
        return number
    }
}
