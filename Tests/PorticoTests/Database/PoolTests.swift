import Foundation
import Testing

@testable import Database

@Suite("The pool")
struct PoolTests {
    /// Companies that each hold one row whose name is their own number.
    private func companies(_ count: Int) async throws -> [Int32] {
        let database = try await TestDatabase.shared.database()
        return try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let tenant = try await TestDatabase.shared.freshTenant()
                    try await database.tenant(TxFacts(tenant: tenant)).write { tx in
                        try await tx.execute(
                            """
                            insert into app.event(tenant_id, id, name, subject, facts)
                            values (\(tenant), \(UUID.v7()), \(String(tenant)), \(UUID()), \(JSONBytes(Array("{}".utf8))))
                            """)
                    }
                    return tenant
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// No filter by tenant: only the wall decides what is seen.
    private static let everything: SQL = "select name from app.event"

    @Test("P07 one connection serves 1,000 alternating companies, killed in between, and never shows a foreign row")
    func alternating() async throws {
        let tenants = try await companies(20)
        let database = try await TestDatabase.shared.database(size: 1)
        for round in 0..<1_000 {
            let tenant = tenants[round % tenants.count]
            let walled = database.tenant(TxFacts(tenant: tenant))
            let seen =
                switch round % 3 {
                case 0: try await walled.read(Query.values(Self.everything, String.self))
                case 1: try await walled.read { tx in try await tx.values(Self.everything, String.self) }
                default: try await walled.write { tx in try await tx.values(Self.everything, String.self) }
                }
            #expect(seen == [String(tenant)])
            if round % 50 == 25 { try await TestDatabase.shared.terminateBackends(of: database) }
        }
        let foreign = try await database.withoutTenant { tx in try await tx.values(Self.everything, String.self) }
        #expect(foreign.isEmpty)
    }

    @Test("T85 all backends terminated 100 times under load: no answer for the wrong company, healed within 2 seconds")
    func terminated() async throws {
        let tenants = try await companies(8)
        let database = try await TestDatabase.shared.database(size: 6)
        let foreign = Tallied<Int>()
        let answered = Tallied<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for tenant in tenants {
                group.addTask {
                    var round = 0
                    while !Task.isCancelled {
                        round += 1
                        let walled = database.tenant(TxFacts(tenant: tenant))
                        let seen =
                            round.isMultiple(of: 3)
                            ? try? await walled.write { tx in try await tx.values(Self.everything, String.self) }
                            : try? await walled.read(Query.values(Self.everything, String.self))
                        guard let seen else { continue }
                        answered.add(1)
                        if seen != [String(tenant)] { foreign.add(1) }
                    }
                }
            }
            for _ in 0..<100 {
                try await Task.sleep(for: .milliseconds(15))
                try await TestDatabase.shared.terminateBackends(of: database)
                let start = ContinuousClock.now
                _ = try await database.tenant(TxFacts(tenant: tenants[0])).read(Query.values(Self.everything, String.self))
                #expect(start.duration(to: .now) < .seconds(5))
            }
            group.cancelAll()
        }
        #expect(foreign.count == 0)
        #expect(answered.count > 100)
    }

    @Test("A transaction whose connection is lost before COMMIT runs again by itself")
    func lostInside() async throws {
        let tenant = try await TestDatabase.shared.freshTenant()
        let database = try await TestDatabase.shared.database(size: 2)
        let runs = Tallied<Int>()
        let value = try await database.tenant(TxFacts(tenant: tenant)).write { tx in
            let value = try await tx.value("select 41::bigint", Int.self)
            if runs.add(1) == 1 { try await TestDatabase.shared.terminateBackends(of: database) }
            return value + (try await tx.value("select 1::bigint", Int.self))
        }
        #expect(value == 42 && runs.count == 2)
    }

    @Test("Nobody waits longer than the limit, and nobody beyond the limit waits at all")
    func limits() async throws {
        let database = try await TestDatabase.shared.database(size: 1) {
            $0.checkoutTimeout = .milliseconds(300)
            $0.maxWaiters = 3
        }
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        try await walled.write { tx in
            try await tx.execute("select 1")
            let start = ContinuousClock.now
            let refused = await withTaskGroup(of: Duration?.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        do {
                            if number.isMultiple(of: 2) {
                                _ = try await walled.read(Query.execute("select 1"))
                            } else {
                                try await walled.write { tx in _ = try await tx.execute("select 1") }
                            }
                            return nil
                        } catch is PoolTimeout { return start.duration(to: .now) } catch { return nil }
                    }
                }
                return await group.reduce(into: [Duration]()) { if let time = $1 { $0.append(time) } }
            }
            #expect(refused.count == 10)
            // Of a pool of one that is lent, one transaction waits on the connection itself, three callers in the queue.
            #expect(refused.count { $0 < .milliseconds(200) } >= 6)
            #expect(refused.allSatisfy { $0 < .milliseconds(900) })
        }
        #expect(try await walled.read(Query.value("select 1::bigint", Int.self)) == 1)
    }

    @Test("Those who wait are served in order")
    func order() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        let served = Tallied<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await walled.write { tx in
                try await tx.execute("select 1")
                for number in 0..<12 {
                    group.addTask {
                        try await walled.write { tx in
                            _ = try await tx.execute("select 1")
                            served.add(number)
                        }
                    }
                    try await eventually("the waiter is in the queue") { database.census.waiting >= number }
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            try await group.waitForAll()
        }
        #expect(served.all == Array(0..<12))
    }

    @Test("Neither reads nor transactions starve on a pool of one")
    func fairness() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let tenant = try await TestDatabase.shared.freshTenant()
        let reads = Tallied<Int>()
        let writes = Tallied<Int>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    while !Task.isCancelled {
                        let walled = database.tenant(TxFacts(tenant: tenant))
                        if (try? await walled.read(Query.execute("select 1"))) != nil { reads.add(1) }
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        let walled = database.tenant(TxFacts(tenant: tenant))
                        if (try? await walled.write { tx in try await tx.execute("select 1") }) != nil { writes.add(1) }
                    }
                }
            }
            try? await Task.sleep(for: .milliseconds(800))
            group.cancelAll()
        }
        let (r, w) = (reads.count, writes.count)
        #expect(r > 3 && w > 3, "reads \(r), writes \(w)")
    }

    @Test("A slow read holds up only those that were sent along with it")
    func slowNeighbour() async throws {
        let database = try await TestDatabase.shared.database(size: 4)
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        _ = try await walled.read(Query.execute("select 1"))
        async let slow = walled.read(Query.value("select 1::bigint from pg_sleep(4)", Int.self))
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        for _ in 0..<30 { _ = try await walled.read(Query.execute("select 1")) }
        #expect(start.duration(to: .now) < .milliseconds(3_500))
        #expect(try await slow == 1)
    }

    @Test("Reads that were sent along with a slow one are answered by another connection")
    func movedOn() async throws {
        let database = try await TestDatabase.shared.database(size: 3) {
            $0.lanes = 1
            $0.statementTimeout = .seconds(20)
        }
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        _ = try await walled.read(Query.execute("select 1"))
        async let slow = walled.read(Query.value("select 1::bigint from pg_sleep(8)", Int.self))
        try await withThrowingTaskGroup(of: Void.self) { group in
            let start = ContinuousClock.now
            for number in 0..<8 {
                group.addTask {
                    let answer = try await walled.read(Query.value("select \(number)", Int.self))
                    #expect(answer == number)
                    #expect(start.duration(to: .now) < .seconds(6))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await slow == 1)
    }

    @Test("Old connections are replaced without anybody noticing")
    func renewal() async throws {
        let database = try await TestDatabase.shared.database(size: 2) { $0.connectionLife = .milliseconds(100) }
        let tenant = try await TestDatabase.shared.freshTenant()
        let walled = database.tenant(TxFacts(tenant: tenant))
        var backends: Set<Int> = []
        for _ in 0..<40 {
            backends.insert(try await walled.read(Query.value("select pg_backend_pid()", Int.self)))
            try await Task.sleep(for: .milliseconds(25))
        }
        #expect(backends.count >= 3)
    }

    @Test("After shutdown everything is refused and no backend is left")
    func shutdown() async throws {
        let database = try await TestDatabase.shared.database(size: 2)
        let walled = database.tenant(TxFacts(tenant: 1))
        _ = try await walled.read(Query.execute("select 1"))
        await database.shutdown()
        await #expect(throws: DatabaseError.self) { try await walled.read(Query.execute("select 1")) }
        try await eventually("no backend is left") { try await TestDatabase.shared.activity(of: database).isEmpty }
    }

    @Test("Without a server callers are told so in time")
    func noServer() async throws {
        var settings = Database.Settings(url: "postgresql:///nowhere?host=/nonexistent", role: "portico_app")
        settings.checkoutTimeout = .milliseconds(400)
        let database = Database(settings, ticketKey: TestDatabase.shared.key, logger: TestDatabase.quiet)
        let start = ContinuousClock.now
        do {
            try await database.health()
            Issue.record("it answered")
        } catch let error as DatabaseError {
            #expect(error.kind == .connection)
        }
        #expect(start.duration(to: .now) < .seconds(10))
    }
}
