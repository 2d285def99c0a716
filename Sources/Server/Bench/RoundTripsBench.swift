import ArgumentParser
import Foundation

/// How many round trips to Postgres each kind of page takes, as the server itself counts them.
struct RoundTripsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round-trips", abstract: "Round trips to Postgres for each page.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("round-trips") { report in
            let house = try await BenchHouse.open()
            let server = try await BenchServer.portico(house)
            for path in [PageBench.path, "/faults/F-2026-0001", "/dashboard", "/buildings", "/notifications"] {
                let answer = try server.wire.ask("GET", path, ["Cookie: portico=\(house.token.text)"])
                guard answer.status == 200, let trips = Self.trips(answer.head) else {
                    throw ToolFailed(description: "\(path) answers \(answer.status) without its round trips")
                }
                report.add("GET \(path)", Double(trips), "round trips", atMost: 2)
            }
            await server.stop()
            await house.close()
        }
    }

    /// From `Server-Timing: db;desc="2 round trips"`, which a server in development sends.
    private static func trips(_ head: String) -> Int? {
        head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("server-timing:") }
            .flatMap { $0.firstMatch(of: /db;desc="([0-9]+) round trips"/).flatMap { Int($0.1) } }
    }
}
