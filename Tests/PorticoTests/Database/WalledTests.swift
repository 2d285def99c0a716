import Foundation
import Testing

@testable import Database

@Suite("Reading and writing behind the wall")
struct WalledTests {
    private func fresh(size: Int = 2) async throws -> Walled {
        let tenant = try await TestDatabase.shared.freshTenant()
        return try await TestDatabase.shared.database(size: size).tenant(TxFacts(tenant: tenant))
    }

    /// The same company, counted anew.
    private func again(_ walled: Walled) -> Walled {
        walled.database.tenant(TxFacts(tenant: walled.facts.tenant))
    }

    private func insert(_ walled: Walled, _ name: String = "Test") -> SQL {
        """
        insert into app.event(tenant_id, id, name, subject, facts)
        values (\(walled.facts.tenant), \(UUID.v7()), \(name), \(UUID()), \(JSONBytes(Array("{}".utf8))))
        """
    }

    private func names(_ walled: Walled) async throws -> [String] {
        try await again(walled).read(Query.values("select name from app.event order by id", String.self))
    }

    @Test("Several queries are one round trip")
    func oneTrip() async throws {
        let walled = try await fresh()
        let (a, b, c) = try await walled.read(
            Query.value("select 1::bigint", Int.self), Query.values("select g from generate_series(1, 3) g", Int32.self),
            Query.value("select sec.tenant()", Int32.self))
        #expect(a == 1 && b == [1, 2, 3] && c == walled.facts.tenant)
        #expect(walled.facts.meter.roundTrips == 1 && walled.facts.meter.statements == 4)
    }

    @Test("A write of one statement is two round trips, whatever travels with COMMIT")
    func twoTrips() async throws {
        let walled = try await fresh()
        try await walled.write { tx in
            try await tx.execute(insert(walled, "first"))
            tx.atCommit(insert(walled, "second"))
            tx.atCommit(insert(walled, "third"))
        }
        #expect(walled.facts.meter.roundTrips == 2)
        #expect(try await names(walled) == ["first", "second", "third"])
        let riders = again(walled)
        try await riders.write { tx in tx.atCommit(insert(walled, "alone")) }
        #expect(riders.facts.meter.roundTrips == 1)
        let nothing = again(walled)
        try await nothing.write { _ in }
        #expect(nothing.facts.meter.roundTrips == 0)
    }

    @Test("A question before a write travels with its first statement, and what it refuses changes nothing")
    func questionFirst() async throws {
        struct Refused: Error {}
        let walled = try await fresh(size: 1)
        let question = { (answer: Bool) in
            Query.value("select \(answer)", Bool.self).map { if !$0 { throw Refused() } }
        }
        func write(_ answer: Bool, _ name: String, alone: Bool) async throws -> Int {
            let one = again(walled)
            try await one.write(after: question(answer)) { tx in
                if alone { return tx.atCommit(insert(walled, name)) }
                try await tx.execute(insert(walled, name))
                tx.atCommit(insert(walled, name))
            }
            return one.facts.meter.roundTrips
        }
        for alone in [true, false] {
            #expect(try await write(true, "good", alone: alone) == 2)
            await #expect(throws: Refused.self) { try await write(false, "bad", alone: alone) }
        }
        #expect(try await names(walled) == ["good", "good", "good"])
    }

    @Test("P06 after a transaction no ticket is left on the connection, and the next is not disturbed by the empty one")
    func ticketGone() async throws {
        let walled = try await fresh(size: 1)
        _ = try await walled.read(Query.value("select 1::bigint", Int.self))
        func leftover() async throws -> (String?, Int32?) {
            try await walled.database.withoutTenant { tx in
                try await tx.batch(
                    Query.value("select current_setting('backtrace_functions')", String?.self),
                    Query.value("select sec.tenant()", Int32?.self))
            }
        }
        for _ in 0..<2 {
            let (ticket, tenant) = try await leftover()
            #expect(ticket ?? "" == "" && tenant == nil)
            try await again(walled).write { tx in _ = try await tx.value("select sec.tenant()", Int32.self) }
        }
    }

    @Test("An error in the middle undoes what came before it, and names the statement")
    func middle() async throws {
        let walled = try await fresh(size: 1)
        do {
            try await walled.write { tx in
                _ = try await tx.batch(
                    Query.execute(insert(walled)), Query.execute("select 1 / 0"), Query.execute(insert(walled)))
            }
            Issue.record("it was committed")
        } catch let error as DatabaseError {
            #expect(error.sqlState == "22012" && error.statement == "select 1 / 0")
        }
        do {
            _ = try await again(walled).read(
                Query.value("select 1::bigint", Int.self), Query.execute("select nonsense"), Query.execute("select 2"))
            Issue.record("it was answered")
        } catch let error as DatabaseError {
            #expect(error.sqlState == "42703")
        }
        #expect(try await names(walled) == [])
    }

    @Test("A statement that failed to be prepared can be tried again, and others are not disturbed")
    func badThenGood() async throws {
        let walled = try await fresh(size: 1)
        let table = "probe_\(UUID().uuidString.prefix(8).lowercased())"
        for _ in 0..<3 {
            await #expect(throws: DatabaseError.self) {
                try await walled.read(Query.value("select missing from app.event", Int.self))
            }
            #expect(try await walled.read(Query.value("select \(table)", String.self)) == table)
        }
    }

    @Test("Reads cannot write")
    func readOnly() async throws {
        let walled = try await fresh()
        for body in [0, 1] {
            do {
                if body == 0 {
                    _ = try await walled.read(Query.execute(insert(walled)))
                } else {
                    try await walled.read { tx in try await tx.execute(insert(walled)) }
                }
                Issue.record("a read wrote")
            } catch let error as DatabaseError {
                #expect(error.sqlState == "25006")
            }
        }
        #expect(try await names(walled) == [])
    }

    @Test("A read that begins a transaction of its own loses its connection instead of leaving it open")
    func strayBegin() async throws {
        let walled = try await fresh(size: 1)
        _ = try? await walled.read(Query.execute("begin"))
        let tenant = try await walled.database.withoutTenant { tx in try await tx.value("select sec.tenant()", Int32?.self) }
        #expect(tenant == nil)
    }

    @Test("An error thrown by the body rolls back, one swallowed by it does not commit")
    func bodies() async throws {
        struct Mine: Error {}
        let walled = try await fresh(size: 1)
        await #expect(throws: Mine.self) {
            try await walled.write { tx in
                try await tx.execute(insert(walled))
                throw Mine()
            }
        }
        await #expect(throws: DatabaseError.self) {
            try await walled.write { tx in
                try await tx.execute(insert(walled))
                _ = try? await tx.execute("select 1 / 0")
            }
        }
        #expect(try await names(walled) == [])
    }

    @Test("An error of what travels with COMMIT fails the commit as a whole")
    func failingRider() async throws {
        let walled = try await fresh(size: 1)
        await #expect(throws: DatabaseError.self) {
            try await walled.write { tx in
                try await tx.execute(insert(walled))
                tx.atCommit("select 1 / 0")
            }
        }
        #expect(try await names(walled) == [])
    }

    @Test("A transaction cannot be used after its end")
    func over() async throws {
        let walled = try await fresh()
        var kept: Tx?
        try await walled.write { tx in kept = tx }
        let tx = try #require(kept)
        do {
            _ = try await tx.execute("select 1")
            Issue.record("it still worked")
        } catch let error as DatabaseError {
            #expect(error.kind == .misuse)
        }
    }

    @Test("A deadlock is run again, and both sides get through")
    func deadlock() async throws {
        let walled = try await fresh(size: 4)
        let ids = [UUID.v7(), UUID.v7()]
        try await walled.write { tx in
            for id in ids {
                try await tx.execute(
                    """
                    insert into jobs.queue(tenant_id, id, kind, max_attempts, run_at)
                    values (\(walled.facts.tenant), \(id), 'test.deadlock', 1, now() + interval '1 day')
                    """)
            }
        }
        let runs = Tallied<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in [ids, ids.reversed()] {
                group.addTask {
                    try await again(walled).write { tx in
                        runs.add(1)
                        for id in order {
                            try await tx.execute(
                                "update jobs.queue set attempt = 0 where tenant_id = \(walled.facts.tenant) and id = \(id)")
                            try await Task.sleep(for: .milliseconds(150))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(runs.count == 3)
    }

    @Test("A serialization failure is run again, three times in all")
    func serialization() async throws {
        let walled = try await fresh()
        let runs = Tallied<Int>()
        let value = try await walled.write { tx in
            if runs.add(1) < 3 {
                try await tx.execute("do $$ begin raise exception 'again' using errcode = '40001'; end $$")
            }
            return 5
        }
        #expect(value == 5 && runs.count == 3)
        await #expect(throws: DatabaseError.self) {
            try await walled.write { tx in
                runs.add(1)
                _ = try? await tx.execute("do $$ begin raise exception 'again' using errcode = '40001'; end $$")
            }
        }
        #expect(runs.count == 6)
    }

    @Test("A statement that takes too long is ended by the database, and the connection goes on")
    func timeout() async throws {
        let tenant = try await TestDatabase.shared.freshTenant()
        let database = try await TestDatabase.shared.database(size: 1) { $0.statementTimeout = .milliseconds(150) }
        let walled = database.tenant(TxFacts(tenant: tenant))
        do {
            _ = try await walled.read(Query.execute("select pg_sleep(5)"))
            Issue.record("it was answered")
        } catch let error as DatabaseError {
            #expect(error.sqlState == "57014" && error.message.contains("timeout"))
        }
        #expect(try await walled.read(Query.value("select 1::bigint", Int.self)) == 1)
    }

    @Test("More statements than a connection keeps prepared still run, and the server's count stays bounded")
    func eviction() async throws {
        let walled = try await fresh(size: 1)
        for number in 0..<700 {
            let text = SQL(text: "select \(number)::bigint")
            #expect(try await again(walled).read(Query.value(text, Int.self)) == number)
        }
        let count = try await walled.database.withoutTenant { tx in
            try await tx.value("select count(*) from pg_prepared_statements", Int.self)
        }
        #expect(count <= Statements.most + 2)
    }

    @Test("Large answers and large binds pass through")
    func large() async throws {
        let walled = try await fresh(size: 1)
        let big = String(repeating: "0123456789", count: 800_000)
        let (length, text) = try await walled.read(
            Query.value("select length(\(big))::bigint", Int.self), Query.value("select repeat('x', 5000000)", String.self))
        #expect(length == 8_000_000 && text.utf8.count == 5_000_000)
        let rows = try await walled.read(Query.values("select g from generate_series(1, 100000) g", Int.self))
        #expect(rows.count == 100_000 && rows.last == 100_000)
    }
}
