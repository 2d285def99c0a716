import Foundation
import Testing

@testable import Database
@testable import Jobs

private let plansURL = ProcessInfo.processInfo.environment["PORTICO_PLANS_DATABASE_URL"]

/// How workers read a queue that grows from nothing, in the database of `bin/test --only plans`, where nobody else has jobs.
@Suite(.enabled(if: plansURL != nil, "bin/test --only plans brings the database"))
struct JobPlanTests {
    @Test("Tables that were small when plans were made are not read as a whole when a burst of jobs comes, is done, and fails")
    func burst() async throws {
        let url = try #require(plansURL)
        let admin = try AdminSession(
            url: try #require(ProcessInfo.processInfo.environment["PORTICO_PLANS_ADMIN_URL"]), role: nil)
        defer { admin.close() }
        func number(_ question: String) throws -> Int {
            let answer = try admin.rows(question).first?.first ?? ""
            return try #require(Int(answer))
        }
        let looked = """
            select sum(seq_tup_read) from pg_stat_user_tables where relid in ('app.job'::regclass, 'jobs.queue'::regclass)
            """
        let tenant = Int32(clamping: try number("select min(id) from app.tenant"))
        let before = try number(looked)

        func database(_ role: String) -> Database {
            Database(
                .init(url: url, role: role, size: 1, checkoutTimeout: .seconds(60)), ticketKey: TestDatabase.shared.key,
                logger: TestDatabase.quiet)
        }
        let (web, workers) = (database("portico_app"), database("portico_worker"))
        var handlers = JobHandlers()
        handlers.register(NoteJob.self) { job, context in
            guard job.key == nil else { throw JobFailure.park("it was to fail") }
            try await context.write { _ in }
        }
        let shift = Shift(
            Worker(database: workers, handlers: handlers, settings: .init(), logger: TestDatabase.quiet), tenants: [tenant],
            asOf: nil)
        func work(jobs: Int, batches: Int) async throws {
            try await web.tenant(TxFacts(tenant: tenant, requestID: "test")).write { tx in
                for number in 1...jobs { try tx.enqueue(NoteJob(text: "\(number)", key: number % 2 == 0 ? "\(number)" : nil)) }
            }
            for _ in 0..<batches {
                let claims = try await shift.claim(limit: jobs / batches)
                #expect(claims.count == jobs / batches)
                let loaded = await shift.load(claims)
                #expect(loaded.count == claims.count)
                for work in loaded { await shift.perform(work) }
            }
        }
        // As often as it takes for a plan to be kept, made when the table was known to be small.
        try await work(jobs: 4, batches: 1)
        try admin.run("vacuum analyze app.job")
        try admin.run("vacuum analyze jobs.queue")
        for _ in 0..<10 { try await work(jobs: 2, batches: 1) }
        try await work(jobs: 1_000, batches: 10)
        // A connection reports what it has read when it ends, if not before.
        await workers.shutdown()
        await web.shutdown()
        try await eventually("the connections have reported") {
            try number(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = 'portico_worker'") == 0
        }
        let read = try number(looked) - before
        #expect(read < 1_000, "\(read) rows were read one after the other")
    }
}
