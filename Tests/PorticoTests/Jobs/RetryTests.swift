import Database
import Foundation
import Testing

@testable import Jobs

@Suite("Retries and parking")
struct RetryTests {
    struct Broken: Error, CustomStringConvertible { var description: String { "the boiler is cold" } }

    private func failing(_ runs: Tallied<Int>, parked: Tallied<ParkedJob> = .init()) async throws -> (JobHouse, Worker) {
        var house = try await JobHouse.fresh()
        house.handlers.register(FailingJob.self) { _, context in
            runs.add(context.attempt)
            throw Broken()
        }
        return (house, house.worker { $0.onPark = { parked.add($0) } })
    }

    @Test("Three tries, 60 and 120 seconds apart, then parked with its error, and somebody is told")
    func ladder() async throws {
        let runs = Tallied<Int>()
        let parked = Tallied<ParkedJob>()
        let (house, worker) = try await failing(runs, parked: parked)
        try await house.walled.write { tx in try tx.enqueue(FailingJob()) }
        let start = Date(timeIntervalSinceNow: 1)
        #expect(try await worker.drain(asOf: start) == 1)
        #expect(try await worker.drain(asOf: start.addingTimeInterval(59)) == 0)
        #expect(try await worker.drain(asOf: start.addingTimeInterval(61)) == 1)
        #expect(try await worker.drain(asOf: start.addingTimeInterval(61 + 119)) == 0)
        #expect(try await worker.drain(asOf: start.addingTimeInterval(61 + 121)) == 1)
        #expect(runs.all == [1, 2, 3])
        let job = try #require(try await house.jobs().first)
        #expect(job.state == .parked && job.attempt == 3 && job.lastError == "the boiler is cold" && job.finishedAt != nil)
        #expect(parked.all.map(\.id) == [job.id])
        #expect(try await worker.drain(asOf: start.addingTimeInterval(1e6)) == 0)
    }

    @Test("A parked job can be replayed with all its tries, or discarded")
    func replay() async throws {
        let runs = Tallied<Int>()
        let (house, worker) = try await failing(runs)
        try await house.walled.write { tx in try tx.enqueue(FailingJob()) }
        var time = Date(timeIntervalSinceNow: 1)
        func exhaust() async throws {
            for _ in 0..<3 {
                try await worker.drain(asOf: time)
                time.addTimeInterval(200)
            }
        }
        try await exhaust()
        let id = try #require(try await house.jobs(.parked).first?.id)
        #expect(try await house.walled.write { tx in try await Queue(tx).replay(id) })
        #expect(try await house.walled.write { tx in try await !Queue(tx).replay(id) })
        try await exhaust()
        #expect(runs.all == [1, 2, 3, 1, 2, 3])
        #expect(try await house.walled.write { tx in try await Queue(tx).discard(id) })
        #expect(try await house.counts() == [.discarded: 1])
    }

    @Test(
        "One try means one try; a handler that asks to be parked is parked at once; so are an unknown kind and unreadable arguments"
    )
    func atOnce() async throws {
        struct Unknown: Job { static let kind = "test.unknown" }
        struct Misread: Job {
            static let kind = "test.note"
            var texts = 5
        }
        struct Asks: Job { static let kind = "test.asks" }
        var house = try await JobHouse.fresh()
        house.handlers.register(OnceJob.self) { _, _ in throw Broken() }
        house.handlers.register(Asks.self) { _, _ in throw JobFailure.park("nobody can do this") }
        try await house.walled.write { tx in
            try tx.enqueue(OnceJob())
            try tx.enqueue(Asks())
            try tx.enqueue(Unknown())
            try tx.enqueue(Misread())
            try tx.enqueue(NoteJob(text: "good"))
        }
        #expect(try await house.worker().drain() == 5)
        let errors = Dictionary(
            try await house.jobs(.parked).map { ($0.kind, $0.lastError ?? "") }, uniquingKeysWith: { $0 + $1 })
        #expect(errors["test.once"] == "the boiler is cold" && errors["test.asks"] == "nobody can do this")
        #expect(errors["test.unknown"]?.contains("no handler") == true && errors["test.note"]?.contains("cannot be read") == true)
        #expect(try await house.notes() == ["good"])
    }

    @Test("A job in the name of a member who may not act any more is parked, not run")
    func removedMember() async throws {
        let house = try await JobHouse.fresh()
        let (active, removed) = (UUID(), UUID())
        for actor in [active, removed] {
            try await house.web.tenant(TxFacts(tenant: house.tenant, actor: actor)).write { tx in
                try tx.enqueue(NoteJob(text: actor == active ? "active" : "removed"))
            }
        }
        try await house.worker { $0.mayAct = { _, actor in actor == active } }.drain()
        #expect(try await house.notes() == ["active"])
        #expect(try await house.counts() == [.done: 1, .parked: 1])
    }

    @Test("Ladders of other lengths")
    func ladders() {
        #expect(Retry.standard.waits == [.seconds(60), .seconds(120)])
        #expect(Retry(tries: 4, first: .seconds(2)).waits == [.seconds(2), .seconds(4), .seconds(8)])
        #expect(Retry.never.tries == 1 && Retry(tries: 0, first: .zero).tries == 1)
        #expect(
            Retry.standard.wait(after: 1) == .seconds(60) && Retry.standard.wait(after: 3) == nil
                && Retry.standard.wait(after: 0) == nil)
    }
}
