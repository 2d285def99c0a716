import ArgumentParser
import Database
import Foundation
import Jobs
import Synchronization

/// Jobs that do nothing, from commit to durably done.
struct JobsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jobs", abstract: "No-op jobs through the durable queue.")
    private static let samples = 50

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("jobs") { report in
            let house = try await BenchHouse.open()
            let queue = BenchQueue(house)
            try await queue.empty()
            let worker = Task { try await queue.worker.run() }
            let updates = try await queue.updates(seconds: min(options.seconds, 3))
            report.say("first starts of \(Self.samples) jobs")
            try await Task.sleep(for: .milliseconds(500))
            let waits = try await queue.firstStarts(Self.samples).sorted()
            report.say("jobs for \(options.seconds) s")
            let (done, seconds) = try await queue.flood(seconds: options.seconds)
            worker.cancel()
            _ = await worker.result
            report.add(
                "jobs, enqueued 100 to a commit, until durably done", Double(done) / seconds, "jobs/s", atLeast: 5_000,
                beside: .init(name: "UPDATEs of single jobs, one commit each, one connection", value: updates))
            report.add("jobs done", Double(done), "jobs")
            report.add("commit to first start, half within", waits[waits.count / 2] * 1000, "ms")
            report.add("commit to first start, all within", (waits.last ?? 0) * 1000, "ms", atMost: 50)
            try await queue.empty()
            await house.close()
        }
    }
}

private struct Nothing: Job {
    static let kind = "bench.nothing"
    var committed: Date?
}

/// The queue as the bench uses it: its own company and its own kind of job.
private struct BenchQueue: Sendable {
    private let house: BenchHouse
    private let started = Started()
    let worker: Worker

    private final class Started: Sendable {
        let count = Atomic<Int>(0)
        let last = Mutex<CheckedContinuation<Void, Never>?>(nil)
    }

    init(_ house: BenchHouse) {
        self.house = house
        var handlers = JobHandlers()
        handlers.register(Nothing.self) { [started] _, _ in
            started.count.add(1, ordering: .relaxed)
            let waiting = started.last.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume()
        }
        worker = Worker(
            database: house.app.workerDatabase, handlers: handlers, settings: .init(concurrency: 16, tenants: [house.tenant.id]),
            logger: house.app.logger)
    }

    /// Forgets the bench's jobs.
    func empty() async throws {
        let tenant = house.tenant.id
        for _ in 0..<100 {
            let gone = try await house.app.workerDatabase.tenant(TxFacts(tenant: tenant)).write { tx in
                try await tx.execute(
                    """
                    delete from jobs.queue where tenant_id = \(tenant) and id in
                      (select id from jobs.queue where tenant_id = \(tenant) and kind = \(Nothing.kind) limit 20000)
                    """)
            }
            if gone == 0 { return }
        }
    }

    /// Seconds from commit to the start of the handler, one job after the other on an idle queue.
    func firstStarts(_ count: Int) async throws -> [Double] {
        var waits: [Double] = []
        for _ in 0..<count {
            async let start: ContinuousClock.Instant = nextStart()
            // Let it stand in line before the job can run.
            try await Task.sleep(for: .milliseconds(20))
            try await house.walled.write { tx in _ = try tx.enqueue(Nothing()) }
            let commit = ContinuousClock.now
            waits.append(max(0, (await start - commit).inSeconds))
        }
        return waits
    }

    private func nextStart() async -> ContinuousClock.Instant {
        await withCheckedContinuation { continuation in started.last.withLock { $0 = continuation } }
        return .now
    }

    /// Enqueues from four sides for as long, and waits until the last job is done in the database.
    func flood(seconds: Int) async throws -> (done: Int, seconds: Double) {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let house = self.house
        let before = started.count.load(ordering: .relaxed)
        let sent = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        try await house.walled.write { tx in for _ in 0..<100 { try tx.enqueue(Nothing()) } }
                        count += 100
                        // No further ahead than a few seconds of work.
                        while count * 4 > started.count.load(ordering: .relaxed) - before + 20_000 {
                            try await Task.sleep(for: .milliseconds(2))
                        }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        while try await waiting() > 0 { try await Task.sleep(for: .milliseconds(10)) }
        return (sent, start.duration(to: .now).inSeconds)
    }

    private func waiting() async throws -> Int {
        try await house.walled.read(
            Query.value(
                """
                select count(*) from jobs.queue where tenant_id = \(house.tenant.id) and kind = \(Nothing.kind) and state in ('queued', 'running')
                """, Int.self))
    }

    /// The yardstick: rows of the same table changed one by one, a commit each.
    func updates(seconds: Int) async throws -> Double {
        let tenant = house.tenant.id
        // Far in the future, so that no worker takes it.
        let later = Date().addingTimeInterval(86_400)
        let id = try await house.walled.write { tx in try tx.enqueue(Nothing(), at: later) }
        let start = ContinuousClock.now
        var count = 0
        while start.duration(to: .now) < .seconds(seconds) {
            try await house.walled.write { tx in
                tx.atCommit(
                    "update jobs.queue set run_at = run_at + interval '1 second' where tenant_id = \(tenant) and id = \(id)")
            }
            count += 1
        }
        let perSecond = Double(count) / start.duration(to: .now).inSeconds
        try await empty()
        return perSecond
    }
}
