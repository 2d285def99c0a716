import ArgumentParser
import Foundation

/// The signed-in list of faults under load, beside the same page in Go and beside Postgres alone.
struct PageBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "page", abstract: "The list of faults, 20 rows, 32 connections.")
    static let path = "/faults"
    static let rowMark = "<th scope=\"row\">"

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("page") { report in
            let house = try await BenchHouse.open()
            let load = try Wrk(house)
            report.say("Portico, \(options.seconds) s")
            let portico = try await measured(try await BenchServer.portico(house), load, house)
            let go = try await yardstick(load, house, &report)
            let alone = try await postgresAlone(house, &report)
            add(portico, go, alone, to: &report)
            await house.close()
        }
    }

    private struct Run {
        var load: Wrk.Result
        var checked: Wrk.Result
        var server: Double
        var postgres: Double?
        var generator: Double
        var peak: Double
    }

    private func measured(_ server: BenchServer, _ load: Wrk, _ house: BenchHouse) async throws -> Run {
        do {
            let checked = try await load.check(server.wire, Self.path, mark: Self.rowMark, times: 20, seconds: 2)
            _ = try await load.load(server.wire, Self.path, seconds: 2)
            let postgres = try await PostgresClock(house.walled)
            let before = (ProcessFigures.seconds(server.pid) ?? 0, postgres?.seconds ?? 0, EndedChildren.seconds)
            var result = try await load.load(server.wire, Self.path, seconds: options.seconds)
            let run = Run(
                load: result, checked: checked, server: (ProcessFigures.seconds(server.pid) ?? 0) - before.0,
                postgres: postgres.map { $0.seconds - before.1 }, generator: EndedChildren.seconds - before.2,
                peak: ProcessFigures.kibibytes(server.pid, "VmHWM") ?? 0)
            await server.stop()
            // Every answer of the load must be as long as those that were looked at; a redirect would be much shorter.
            result = run.load
            guard abs(result.bytesEach - checked.bytesEach) < checked.bytesEach * 0.01 else {
                throw ToolFailed(
                    description: "answers under load have \(Int(result.bytesEach)) bytes, the page has \(Int(checked.bytesEach))")
            }
            return run
        } catch {
            await server.stop()
            throw error
        }
    }

    private func yardstick(_ load: Wrk, _ house: BenchHouse, _ report: inout BenchReport) async throws -> Run? {
        do {
            report.say("the same page in Go, \(options.seconds) s")
            return try await measured(try await GoYardstick.server(house), load, house)
        } catch let missing as ToolMissing {
            report.note("no yardstick in Go: \(missing)")
            return nil
        }
    }

    private func postgresAlone(_ house: BenchHouse, _ report: inout BenchReport) async throws -> Pgbench.Result? {
        do {
            report.say("its statements alone, \(options.seconds) s")
            return try await Pgbench(house).run("page", role: "portico_app", seconds: options.seconds)
        } catch let missing as ToolMissing {
            report.note("no yardstick of Postgres alone: \(missing)")
            return nil
        }
    }

    private func add(_ run: Run, _ go: Run?, _ alone: Pgbench.Result?, to report: inout BenchReport) {
        let each = { (seconds: Double) in seconds / max(run.load.requests, 1) * 1_000_000 }
        let beside = go.map { Figure.Yardstick(name: "Go, requests per second", value: $0.load.perSecond) }
        report.add("list page", run.load.perSecond, "requests/s", atLeast: 10_000, beside: beside)
        report.add(
            "list page, half within", run.load.p50 / 1000, "ms", beside: go.map { .init(name: "Go", value: $0.load.p50 / 1000) })
        report.add(
            "list page, 99 of 100 within", run.load.p99 / 1000, "ms", atMost: 15,
            beside: go.map { .init(name: "Go", value: $0.load.p99 / 1000) })
        report.add("wrong answers", run.load.failures + run.checked.failures, "answers", atMost: 0)
        report.add("answers looked at row by row", run.checked.requests, "answers")
        if let go { report.add("times as fast as Go", run.load.perSecond / max(go.load.perSecond, 1), "×", atLeast: 2.5) }
        report.add(
            "processor, server", each(run.server), "µs/request",
            beside: go.map { .init(name: "Go", value: $0.server / max($0.load.requests, 1) * 1e6) })
        if let postgres = run.postgres {
            let other = go.flatMap { go in
                go.postgres.map { Figure.Yardstick(name: "Go", value: $0 / max(go.load.requests, 1) * 1e6) }
            }
            report.add("processor, Postgres", each(postgres), "µs/request", beside: other)
        }
        report.add("processor, load generator", each(run.generator), "µs/request")
        report.add("page", run.checked.bytesEach, "bytes", beside: go.map { .init(name: "Go", value: $0.checked.bytesEach) })
        report.add(
            "server's memory at its highest", run.peak / 1024, "MiB", beside: go.map { .init(name: "Go", value: $0.peak / 1024) })
        if let alone { report.add("Postgres alone, the page's statements", alone.perSecond, "pages/s") }
    }
}
