import Database
import Foundation
import Testing

@testable import Jobs

@Suite("Jobs and the wall")
struct JobWallTests {
    @Test("T11 a job of one company with another's ids fails closed")
    func foreignIDs() async throws {
        struct Touch: Job {
            static let kind = "test.touch"
            static let retry = Retry.never
            var event: UUID
        }
        let victim = try await JobHouse.fresh()
        try await victim.walled.write { tx in try await tx.note("CNRY") }
        let id = try await victim.walled.read(Query.value("select id from app.event", UUID.self))
        var house = try await JobHouse.fresh()
        house.handlers.register(Touch.self) { job, context in
            let name = try await context.db.read(Query.value("select name from app.event where id = \(job.event)", String.self))
            try await context.db.write { tx in try await tx.note(name) }
        }
        try await house.walled.write { tx in try tx.enqueue(Touch(event: id)) }
        try await house.worker().drain()
        #expect(try await house.notes() == [])
        #expect(try await house.jobs().first?.lastError == "NotFound()")
    }

    @Test("The web sees and changes only its own company's queue")
    func ownQueue() async throws {
        let victim = try await JobHouse.fresh()
        let id = try await victim.walled.write { tx in
            try tx.enqueue(NoteJob(text: "secret"), at: Date(timeIntervalSinceNow: 900))
        }
        let house = try await JobHouse.fresh()
        #expect(try await house.walled.write { tx in try await Queue(tx).discard(id) } == false)
        #expect(try await house.walled.read(Query.value("select count(*) from jobs.queue", Int.self)) == 0)
        #expect(try await house.web.withoutTenant { tx in try await tx.value("select count(*) from jobs.queue", Int.self) } == 0)
        for database in [house.web, house.workers] {
            await #expect(throws: DatabaseError.self) {
                try await database.tenant(house.facts).write { tx in
                    try await tx.execute(
                        "insert into jobs.queue(tenant_id, id, kind, max_attempts) values (\(victim.tenant), \(UUID()), 'x', 1)")
                }
            }
        }
        #expect(try await victim.counts() == [.queued: 1])
    }

    @Test("Without a ticket a worker claims, but reads no arguments")
    func noTicket() async throws {
        let house = try await JobHouse.fresh()
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "secret")) }
        let (queue, args) = try await house.workers.withoutTenant { [tenant = house.tenant] tx in
            try await tx.batch(
                Query.value("select count(*) from jobs.queue where tenant_id = \(tenant)", Int.self),
                Query.value("select count(*) from app.job where tenant_id = \(tenant)", Int.self))
        }
        #expect(queue == 1 && args == 0)
    }

    @Test(
        "A state that makes no sense cannot be stored",
        arguments: [
            "update jobs.queue set state = 'running'", "update jobs.queue set state = 'done'",
            "update jobs.queue set finished_at = now()",
            "update jobs.queue set attempt = 9", "update jobs.queue set state = 'lost'"
        ])
    func states(_ text: StaticString) async throws {
        let house = try await JobHouse.fresh()
        try await house.walled.write { tx in try tx.enqueue(NoteJob(text: "x"), at: Date(timeIntervalSinceNow: 900)) }
        do {
            try await house.workers.tenant(house.facts).write { tx in
                let statement = SQL(stringLiteral: text)
                _ = try await tx.execute("\(statement) where tenant_id = \(house.tenant)")
            }
            Issue.record("\(text) was accepted")
        } catch let error as DatabaseError {
            #expect(error.sqlState == "23514")
        }
    }
}
