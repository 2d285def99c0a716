import Foundation
import Testing

@testable import Database
@testable import Jobs

private let plansURL = ProcessInfo.processInfo.environment["PORTICO_PLANS_DATABASE_URL"]

/// How workers read a queue that grows from nothing, in the database of `bin/test --only plans`, where nobody else has jobs.
@Suite(.enabled(if: plansURL != nil, "bin/test --only plans brings the database"))
struct JobPlanTests {
    @Test("What was planned while the table was small is not read as a whole when a burst of jobs comes")
    func burst() async throws {
        let url = try #require(plansURL)
        let admin = try AdminSession(
            url: try #require(ProcessInfo.processInfo.environment["PORTICO_PLANS_ADMIN_URL"]), role: nil)
        defer { admin.close() }
        func number(_ question: String) throws -> Int {
            let answer = try admin.rows(question).first?.first ?? ""
            return try #require(Int(answer))
        }
        let looked = "select coalesce(seq_tup_read, 0) from pg_stat_user_tables where relid = 'app.job'::regclass"
        let tenant = Int32(clamping: try number("select min(id) from app.tenant"))
        let before = try number(looked)

        func database(_ role: String) -> Database {
            Database(
                .init(url: url, role: role, size: 1, checkoutTimeout: .seconds(60)), ticketKey: TestDatabase.shared.key,
                logger: TestDatabase.quiet)
        }
        let (web, workers) = (database("portico_app"), database("portico_worker"))
        let shift = Shift(
            Worker(database: workers, handlers: JobHandlers(), settings: .init(), logger: TestDatabase.quiet), tenants: [tenant],
            asOf: nil)
        func work(jobs: Int, batches: Int) async throws {
            try await web.tenant(TxFacts(tenant: tenant, requestID: "test")).write { tx in
                for number in 1...jobs { try tx.enqueue(NoteJob(text: "\(number)")) }
            }
            for _ in 0..<batches {
                let claims = try await shift.claim(limit: jobs / batches)
                #expect(claims.count == jobs / batches)
                #expect(await shift.load(claims).count == claims.count)
            }
        }
        // As often as it takes for a plan to be kept, made when the table was known to be small.
        try await work(jobs: 50, batches: 1)
        try admin.run("vacuum analyze app.job")
        for _ in 0..<10 { try await work(jobs: 1, batches: 1) }
        try await work(jobs: 3_000, batches: 10)
        // A connection reports what it has read when it ends, if not before.
        await workers.shutdown()
        await web.shutdown()
        try await eventually("the connections have reported") {
            try number(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = 'portico_worker'") == 0
        }
        let read = try number(looked) - before
        #expect(read < 3_000, "\(read) rows of app.job were read one after the other")
    }
}
