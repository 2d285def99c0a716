import Database
import Foundation
import ServiceLifecycle
import Testing

@testable import Jobs

@Suite("Workers")
struct WorkerTests {
    /// Runs the worker beside the body, and ends it the way a deploy does.
    private func running<T: Sendable>(_ workers: Worker..., body: @escaping @Sendable () async throws -> T) async throws -> T {
        let group = ServiceGroup(
            configuration: .init(services: workers.map { .init(service: $0) }, logger: TestDatabase.quiet))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            defer { tasks.cancelAll() }
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }

    @Test("A job starts soon after its commit, without waiting for a poll")
    func prompt() async throws {
        struct Timed: Job { static let kind = "test.timed" }
        var house = try await JobHouse.fresh()
        let starts = Tallied<ContinuousClock.Instant>()
        house.handlers.register(Timed.self) { _, _ in starts.add(.now) }
        let worker = house.worker { $0.poll = .seconds(30) }
        try await running(worker) { [house] in
            try await Task.sleep(for: .milliseconds(300))
            var waits: [Duration] = []
            for number in 1...10 {
                try await house.walled.write { tx in try tx.enqueue(Timed()) }
                let committed = ContinuousClock.now
                try await eventually("it has started") { starts.count == number }
                waits.append(committed.duration(to: starts.all[number - 1]))
            }
            // 50 ms is the aim; the bound leaves room for other tests on the same two cores.
            #expect(waits.sorted()[5] < .milliseconds(150), "\(waits)")
        }
    }

    @Test("T82 the jobs of a dead worker run again elsewhere, each effect once in the database")
    func deadWorker() async throws {
        let house = try await JobHouse.fresh()
        try await house.walled.write { tx in for number in 0..<20 { try tx.enqueue(NoteJob(text: "\(number)")) } }
        // A worker that claims, runs a few and is never heard of again.
        let doomed = house.worker { $0.lease = .milliseconds(700) }
        let shift = Shift(doomed, tenants: [house.tenant], asOf: nil)
        let claims = try await shift.claim(limit: 12)
        #expect(claims.count == 12)
        #expect(try await house.worker().drain() == 8)
        let rescuer = house.worker {
            $0.rescueEvery = .milliseconds(200)
            $0.heartbeat = .milliseconds(200)
            $0.lease = .seconds(2)
        }
        try await running(rescuer) { try await eventually("all are done") { try await house.counts() == [.done: 20] } }
        #expect(try await house.notes().sorted() == (0..<20).map(String.init).sorted())
    }

    @Test("A worker whose lease was taken over cannot finish the job, nor keep its change")
    func lateWorker() async throws {
        var house = try await JobHouse.fresh()
        let failures = Tallied<String>()
        let started = Tallied<Int>()
        let takenOver = Tallied<Int>()
        house.handlers.register(NoteJob.self) { job, context in
            started.add(context.attempt)
            while context.attempt == 1, takenOver.count == 0 { try await Task.sleep(for: .milliseconds(5)) }
            do {
                try await context.write { tx in try await tx.note("\(job.text) \(context.attempt)") }
            } catch {
                failures.add("\(error)")
                throw error
            }
        }
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "x")) }
        let slow = house.worker { $0.lease = .zero }
        async let first = slow.drain()
        try await eventually("the first try has begun") { started.count == 1 }
        try await Shift(house.worker(), tenants: [house.tenant], asOf: nil).rescue()
        #expect(try await house.worker().drain() == 1)
        takenOver.add(1)
        #expect(try await first == 1)
        #expect(try await house.notes() == ["x 2"])
        #expect(failures.count == 1)
        #expect(try await house.counts() == [.done: 1])
    }

    @Test("A job whose worker dies every time is parked, and the rest flows")
    func poison() async throws {
        let house = try await JobHouse.fresh()
        try await house.walled.write { tx in try tx.enqueue(FailingJob()) }
        let doomed = house.worker { $0.lease = .zero }
        for _ in 0..<3 {
            #expect(try await Shift(doomed, tenants: [house.tenant], asOf: nil).claim(limit: 5).count == 1)
            try await Task.sleep(for: .milliseconds(5))
            try await Shift(house.worker(), tenants: [house.tenant], asOf: nil).rescue()
        }
        let job = try #require(try await house.jobs(.parked).first)
        #expect(job.attempt == 3 && job.lastError?.contains("its worker died") == true)
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "fine")) }
        #expect(try await house.worker().drain() == 1)
    }

    @Test("The signal to stop lets a job in hand finish, and hands back what was not started")
    func shutdown() async throws {
        var house = try await JobHouse.fresh()
        let started = Tallied<String>()
        house.handlers.register(NoteJob.self) { job, context in
            started.add(job.text)
            try await Task.sleep(for: .milliseconds(400))
            try await context.write { tx in try await tx.note(job.text) }
        }
        try await house.walled.write { tx in for number in 0..<10 { try tx.enqueue(NoteJob(text: "\(number)")) } }
        let worker = house.worker { $0.concurrency = 3 }
        try await running(worker) { try await eventually("three run") { started.count >= 3 } }
        let counts = try await house.counts()
        #expect(counts[.running] == nil && (counts[.done] ?? 0) >= 3 && (counts[.done] ?? 0) + (counts[.queued] ?? 0) == 10)
        #expect(try await house.notes().count == counts[.done])
        #expect(try await house.jobs(.queued).allSatisfy { $0.attempt == 0 })
    }

    @Test("A handler that does not stop in time is cancelled, and its job goes back")
    func grace() async throws {
        var house = try await JobHouse.fresh()
        let started = Tallied<Int>()
        house.handlers.register(NoteJob.self) { _, _ in
            started.add(1)
            try await Task.sleep(for: .seconds(60))
        }
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "slow")) }
        let worker = house.worker { $0.grace = .milliseconds(200) }
        let clock = ContinuousClock.now
        try await running(worker) { try await eventually("it runs") { started.count == 1 } }
        #expect(clock.duration(to: .now) < .seconds(5))
        #expect(try await house.counts() == [.queued: 1])
    }

    @Test("T85 a worker survives the loss of every connection, no job is lost and each has its effect once")
    func lostConnections() async throws {
        struct PersistentJob: Job {
            static let kind = "test.persistent"
            static let retry = Retry(waits: Array(repeating: .milliseconds(50), count: 200))
            let text: String
        }
        var house = try await JobHouse.fresh()
        house.handlers.register(PersistentJob.self) { job, context in
            try await context.write { tx in try await tx.note(job.text) }
        }
        let worker = house.worker {
            $0.lease = .seconds(2)
            $0.heartbeat = .milliseconds(300)
            $0.rescueEvery = .milliseconds(300)
        }
        try await running(worker) { [house] in
            for round in 0..<20 {
                try await house.walled.write { tx in
                    for number in 0..<10 { try tx.enqueue(PersistentJob(text: "\(round)-\(number)")) }
                }
                try await TestDatabase.shared.terminateBackends(of: house.workers)
                try await Task.sleep(for: .milliseconds(20))
            }
            try await eventually(within: .seconds(30), "all are done") { try await house.counts() == [.done: 200] }
        }
        let notes = try await house.notes()
        #expect(notes.count == 200)
        #expect(Set(notes).count == 200)
    }

    @Test("Finished jobs are forgotten after a while, parked ones are not")
    func pruning() async throws {
        let house = try await JobHouse.fresh()
        try await house.walled.write { tx in
            try tx.enqueue(NoteJob(text: "x"))
            try tx.enqueue(FailingJob())
        }
        try await house.worker().drain()
        try await house.workers.withoutTenant { [tenant = house.tenant] tx in
            try await tx.execute("update jobs.queue set finished_at = now() - interval '20 days' where tenant_id = \(tenant)")
            try await tx.execute(QueueSQL.prune(olderThan: .days(15)))
        }
        #expect(try await house.counts() == [.parked: 1])
        #expect(try await house.walled.read(Query.value("select count(*) from app.job", Int.self)) == 1)
    }
}
