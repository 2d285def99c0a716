import ArgumentParser
import Foundation

/// What the wall costs: the list page's reads with ticket and row security, beside the same reads as a role without row security.
struct WallBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wall", abstract: "Ticket and row security, beside an explicit filter alone.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("wall") { report in
            let house = try await BenchHouse.open()
            let pgbench = try Pgbench(house)
            var walled: [Pgbench.Result] = []
            var bare: [Pgbench.Result] = []
            // In turns, so that both see the same machine.
            let turn = max(1, options.seconds / 5)
            for round in 0..<6 {
                report.say("round \(round + 1) of 6, 2 × \(turn) s")
                let with = try await pgbench.run("list", role: "portico_app", clients: 2, seconds: turn)
                let without = try await pgbench.run("list-bare", role: "portico_backup", clients: 2, seconds: turn)
                // The first round only warms up.
                if round > 0 {
                    walled.append(with)
                    bare.append(without)
                }
            }
            add(walled, bare, to: &report)
            await house.close()
        }
    }

    private func add(_ walled: [Pgbench.Result], _ bare: [Pgbench.Result], to report: inout BenchReport) {
        let (with, without) = (Self.middle(walled.map(\.perSecond)), Self.middle(bare.map(\.perSecond)))
        report.add("wall overhead", (without / max(with, 1) - 1) * 100, "% of the time without", atMost: 15)
        report.add(
            "list page's reads behind the wall", with, "pages/s", beside: .init(name: "without row security", value: without))
        let (costs, bareCosts) = (walled.compactMap(\.each), bare.compactMap(\.each))
        if !costs.isEmpty, !bareCosts.isEmpty {
            report.add(
                "processor, Postgres", Self.middle(costs), "µs/page",
                beside: .init(name: "without row security", value: Self.middle(bareCosts)))
        }
    }

    private static func middle(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
