import Database
import Foundation
import Jobs

/// A job that writes a line into `app.event`, so that its effects can be counted.
struct NoteJob: Job, Equatable {
    static let kind = "test.note"
    var text: String
    var key: String?
    var uniqueKey: String? { key }
}

struct FailingJob: Job {
    static let kind = "test.failing"
    var id = UUID()
}

struct OnceJob: Job {
    static let kind = "test.once"
    static let retry = Retry.never
}

struct Noted: Event {
    static let name = "Noted"
    var subject: UUID
    var texts: [String]
}

extension Tx {
    /// One line in `app.event`, as the effect of a job.
    func note(_ text: String) async throws {
        try await execute(
            """
            insert into app.event(tenant_id, id, name, subject, facts)
            values (\(facts.tenant), \(UUID.v7()), \(text), \(UUID()), \(JSONBytes(Array("{}".utf8))))
            """)
    }
}

/// A company with pools of its own for web and worker, and handlers that note what they did.
struct JobHouse: Sendable {
    let tenant: Int32
    let web: Database
    let workers: Database
    var handlers = JobHandlers()

    static func fresh(_ subscriptions: Subscriptions = Subscriptions(), size: Int = 6) async throws -> JobHouse {
        let tenant = try await TestDatabase.shared.freshTenant()
        var house = JobHouse(
            tenant: tenant, web: try await TestDatabase.shared.database(subscriptions: subscriptions),
            workers: try await TestDatabase.shared.database(role: "portico_worker", size: size, subscriptions: subscriptions))
        house.handlers.register(NoteJob.self) { job, context in
            try await context.write { tx in try await tx.note(job.text) }
        }
        return house
    }

    var facts: TxFacts { TxFacts(tenant: tenant, requestID: "test") }
    var walled: Walled { web.tenant(facts) }

    func worker(_ change: (inout Worker.Settings) -> Void = { _ in }) -> Worker {
        var settings = Worker.Settings(concurrency: 4, tenants: [tenant])
        change(&settings)
        return Worker(database: workers, handlers: handlers, settings: settings, logger: TestDatabase.quiet)
    }

    func notes() async throws -> [String] {
        try await walled.read(Query.values("select name from app.event order by id", String.self))
    }

    func jobs(_ state: JobState? = nil) async throws -> [QueuedJob] {
        try await walled.read { tx in try await Queue(tx).list(state: state) }
    }

    func counts() async throws -> [JobState: Int] {
        try await walled.read { tx in try await Queue(tx).counts() }
    }
}
