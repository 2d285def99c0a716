import Database
import Foundation
import Jobs
import Testing

@Suite("Enqueueing and publishing")
struct OutboxTests {
    @Test("A job exists if and only if the transaction was committed")
    func committed() async throws {
        struct Undo: Error {}
        let house = try await JobHouse.fresh()
        try? await house.walled.write { tx in
            try tx.enqueue(NoteJob(text: "undone"))
            throw Undo()
        }
        #expect(try await house.jobs().isEmpty)
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "done")) }
        #expect(try await house.worker().drain() == 1)
        #expect(try await house.notes() == ["done"])
        #expect(try await house.counts() == [.done: 1])
    }

    @Test("However many jobs and events, they cost no round trip of their own")
    func noTrips() async throws {
        let walled = try await JobHouse.fresh().walled
        try await walled.write { tx in
            try await tx.note("change")
            for number in 0..<50 { try tx.enqueue(NoteJob(text: "\(number)")) }
            try tx.publish(Noted(subject: UUID(), texts: []))
        }
        #expect(walled.facts.meter.roundTrips == 2)
    }

    @Test("An event is recorded and its subscribers' jobs are enqueued with it")
    func events() async throws {
        var subscriptions = Subscriptions()
        subscriptions.when(Noted.self) { event, facts in event.texts.map { NoteJob(text: "\($0) in \(facts.requestID)") } }
        subscriptions.when(Noted.self) { _, _ in [NoteJob(text: "second subscriber")] }
        let house = try await JobHouse.fresh(subscriptions)
        let subject = UUID()
        let actor = UUID()
        try await house.web.tenant(TxFacts(tenant: house.tenant, actor: actor, requestID: "r1")).write { tx in
            try tx.publish(Noted(subject: subject, texts: ["a", "b"]))
        }
        let found = try await house.walled.read(
            Query.many("select name, subject, facts, actor_id, request_id from app.event") { row in
                (
                    try row["name"] as String, try row["subject"] as UUID, try row["facts"] as JSONBytes,
                    try row["actor_id"] as UUID?,
                    try row["request_id"] as String?
                )
            })
        let event = try #require(found.first)
        #expect(event.0 == "Noted" && event.1 == subject && event.3 == actor && event.4 == "r1")
        #expect(try event.2.decode(Noted.self).texts == ["a", "b"])
        try await house.worker().drain()
        #expect(Set(try await house.notes()) == ["Noted", "a in r1", "b in r1", "second subscriber"])
    }

    @Test("Of jobs with the same key one waits at a time; once it runs another may wait")
    func unique() async throws {
        let house = try await JobHouse.fresh()
        for _ in 0..<3 {
            try await house.walled.write { tx in
                try tx.enqueue(NoteJob(text: "x", key: "k"))
                try tx.enqueue(NoteJob(text: "x", key: "k"))
                try tx.enqueue(NoteJob(text: "y", key: "other"))
            }
        }
        #expect(try await house.counts() == [.queued: 2])
        try await house.worker().drain()
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "x", key: "k")) }
        #expect(try await house.counts() == [.queued: 1, .done: 2])
    }

    @Test("A job for later does not run before its time")
    func later() async throws {
        let house = try await JobHouse.fresh()
        let time = Date(timeIntervalSinceNow: 3_600)
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "later"), at: time) }
        #expect(try await house.worker().drain() == 0)
        #expect(try await house.worker().drain(asOf: time.addingTimeInterval(-1)) == 0)
        #expect(try await house.worker().drain(asOf: time.addingTimeInterval(1)) == 1)
    }

    @Test("What a job takes for now is never before the time it was for, also where its worker's clock is behind")
    func slowClock() async throws {
        struct Clocked: Job { static let kind = "test.clocked" }
        var house = try await JobHouse.fresh()
        let told = Tallied<Date>()
        house.handlers.register(Clocked.self) { _, context in told.add(context.now) }
        let time = Date(timeIntervalSinceNow: -60)
        try await house.walled.write { tx in try tx.enqueue(Clocked(), at: time) }
        #expect(try await house.worker { $0.clock = { time.addingTimeInterval(-3_600) } }.drain() == 1)
        let now = try #require(told.all.first)
        #expect(abs(now.timeIntervalSince(time)) < 0.001)
    }

    @Test("A job that has to wait comes again then, as if it had not been tried")
    func waits() async throws {
        struct Waiting: Job {
            static let kind = "test.waiting"
            static let retry = Retry.never
        }
        var house = try await JobHouse.fresh()
        let (attempts, later) = (Tallied<Int>(), Date(timeIntervalSinceNow: 600))
        house.handlers.register(Waiting.self) { _, context in
            let count = attempts.add(context.attempt)
            if count < 3 { throw JobFailure.wait(until: later.addingTimeInterval(Double(count) * 10)) }
        }
        try await house.walled.write { tx in try tx.enqueue(Waiting()) }
        #expect(try await house.worker().drain() == 1)
        #expect(try await house.worker().drain() == 0)
        #expect(try await house.worker().drain(asOf: later.addingTimeInterval(11)) == 1)
        #expect(try await house.worker().drain(asOf: later.addingTimeInterval(21)) == 1)
        #expect(attempts.all == [1, 1, 1])
        #expect(try await house.counts() == [.done: 1])
    }

    @Test("A job enqueued by a job runs too, and carries the request's id on")
    func chain() async throws {
        struct Starter: Job { static let kind = "test.starter" }
        var house = try await JobHouse.fresh()
        house.handlers.register(Starter.self) { _, context in
            try await context.write { tx in _ = try tx.enqueue(NoteJob(text: tx.facts.requestID)) }
        }
        try await house.walled.write { tx in try tx.enqueue(Starter()) }
        #expect(try await house.worker().drain() == 2)
        #expect(try await house.notes() == ["test"])
    }
}
