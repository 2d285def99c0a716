import ArgumentParser
import Foundation

/// `portico bench …`: what Portico must reach, measured, each figure beside a yardstick of the same run.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure pages, rendering, the wall, jobs, sign-in, start and live updates.",
        discussion: """
            Needs PORTICO_DATABASE_URL with a migrated schema and makes a company of its own there, "bench", which stays.
            Figures mean something only from a release build on a machine that does nothing else.
            """,
        subcommands: [
            PageBench.self, RenderBench.self, WallBench.self, JobsBench.self, StartBench.self, SignInBench.self,
            RoundTripsBench.self, ImportBench.self, ListsBench.self, LiveBench.self, MessagesBench.self
        ])
}

/// What every bench takes.
struct BenchOptions: ParsableArguments {
    @Flag(help: "Print nothing but the JSON object.")
    var json = false

    @Option(help: "How long each measurement lasts.")
    var seconds = 10

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds must be from 1 to 3600") }
    }
}

extension BenchOptions {
    /// Runs one bench: says how far it is on standard error, prints its figures, and exits with 1 when one was missed.
    func report(_ name: String, _ measure: (inout BenchReport) async throws -> Void) async throws {
        guard ProcessInfo.processInfo.environment["PORTICO_ENV"] != "production" else {
            throw ValidationError("bench makes load and data of its own: it refuses PORTICO_ENV=production")
        }
        var report = BenchReport(bench: name)
        #if DEBUG
        report.note("built for debugging: these figures say nothing; use `swift build -c release`")
        #endif
        do {
            try await measure(&report)
        } catch let missing as ToolMissing {
            throw ValidationError(missing.description)
        }
        if !json { print(report.text) }
        print(try report.line())
        if !report.reached { throw ExitCode(1) }
    }
}
