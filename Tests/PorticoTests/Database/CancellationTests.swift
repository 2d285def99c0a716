import Foundation
import Testing

@testable import Database

@Suite("Cancellation")
struct CancellationTests {
    private func isSleeping(_ database: Database) async throws -> Bool {
        try await TestDatabase.shared.activity(of: database).contains { $0.state == "active" && $0.query.contains("pg_sleep") }
    }

    @Test("Cancelling a task ends its query in the database and frees the connection", arguments: ["read", "steps", "write"])
    func cancels(_ way: String) async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        let task = Task {
            switch way {
            case "read": _ = try await walled.read(Query.execute("select pg_sleep(5)"))
            case "steps": try await walled.read { tx in _ = try await tx.execute("select pg_sleep(5)") }
            default: try await walled.write { tx in _ = try await tx.execute("select pg_sleep(5)") }
            }
        }
        try await eventually("the query runs") { try await isSleeping(database) }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(start.duration(to: .now) < .seconds(10))
        try await eventually(within: .seconds(3), "the query has ended") { try await !isSleeping(database) }
        #expect(try await walled.read(Query.value("select 1::bigint", Int.self)) == 1)
    }

    @Test("A neighbour on the same connection is answered although another's cancellation may hit it")
    func neighbours() async throws {
        let database = try await TestDatabase.shared.database(size: 1) { $0.patience = .seconds(5) }
        let tenant = try await TestDatabase.shared.freshTenant()
        _ = try await database.tenant(TxFacts(tenant: tenant)).read(Query.execute("select 1"))
        for _ in 0..<20 {
            let walled = database.tenant(TxFacts(tenant: tenant))
            let doomed = Task { try await walled.read(Query.execute("select pg_sleep(0.05)")) }
            let others = (0..<6).map { number in
                Task { try await walled.read(Query.value("select \(number) from pg_sleep(0.01)", Int.self)) }
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
            doomed.cancel()
            for (number, other) in others.enumerated() { #expect(try await other.value == number) }
            _ = try? await doomed.value
        }
    }

    @Test("A task cancelled while it waits for a connection leaves the queue")
    func waiting() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let walled = database.tenant(TxFacts(tenant: 1))
        try await walled.write { tx in
            try await tx.execute("select 1")
            let reader = Task { try await walled.read(Query.execute("select 1")) }
            let writer = Task { try await walled.write { tx in try await tx.execute("select 1") } }
            try await eventually("one waits") { database.census.waiting >= 1 }
            reader.cancel()
            writer.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            await #expect(throws: CancellationError.self) { try await writer.value }
        }
        #expect(try await walled.read(Query.value("select 1::bigint", Int.self)) == 1)
    }

    @Test("Cancelled at any moment, a pool of two stays whole")
    func anyMoment() async throws {
        let database = try await TestDatabase.shared.database(size: 2)
        let tenant = try await TestDatabase.shared.freshTenant()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let walled = database.tenant(TxFacts(tenant: tenant))
                    let task = Task {
                        if number.isMultiple(of: 2) {
                            _ = try await walled.read(Query.execute("select pg_sleep(0.002)"), Query.execute("select 1"))
                        } else {
                            try await walled.write { tx in
                                try await tx.execute("select 1")
                                try await tx.execute("select pg_sleep(0.002)")
                            }
                        }
                    }
                    try? await Task.sleep(for: .microseconds(Int.random(in: 0...60_000)))
                    task.cancel()
                    _ = try? await task.value
                }
            }
        }
        #expect(try await database.tenant(TxFacts(tenant: tenant)).read(Query.value("select sec.tenant()", Int32.self)) == tenant)
        try await eventually("nothing is lent any more") { database.census.busy == 0 && database.census.waiting == 0 }
    }
}
