import ArgumentParser
import Foundation

/// From the start of `portico serve` to its first page, and what it holds in memory after 10,000 requests.
struct StartBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Time to the first page; memory after 10,000 requests.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("start") { report in
            let house = try await BenchHouse.open()
            let load = try Wrk(house)
            var starts: [Double] = []
            for _ in 0..<7 {
                let server = try await BenchServer.portico(house)
                starts.append(server.startSeconds)
                await server.stop()
            }
            starts.sort()
            report.add("start to first answer, in the middle of 7", starts[3] * 1000, "ms", atMost: 500)
            report.add("start to first answer, slowest of 7", starts[6] * 1000, "ms")
            try await memory(house, load, &report)
            await house.close()
        }
    }

    private func memory(_ house: BenchHouse, _ load: Wrk, _ report: inout BenchReport) async throws {
        let server = try await BenchServer.portico(house)
        report.add("memory at rest", (ProcessFigures.kibibytes(server.pid, "VmRSS") ?? 0) / 1024, "MiB")
        var requests = 0.0
        while requests < 10_000 {
            let result = try await load.load(server.wire, PageBench.path, seconds: 1)
            guard result.failures == 0, result.requests > 0 else { break }
            requests += result.requests
        }
        report.add("list pages asked for", requests, "requests", atLeast: 10_000)
        report.add("memory after them", (ProcessFigures.kibibytes(server.pid, "VmRSS") ?? 0) / 1024, "MiB", atMost: 120)
        report.add("memory at its highest", (ProcessFigures.kibibytes(server.pid, "VmHWM") ?? 0) / 1024, "MiB")
        await server.stop()
    }
}
