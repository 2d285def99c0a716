import Foundation

/// An open transaction: the only way to run SQL. It belongs to one task and ends with the closure that got it.
public final class Tx {
    public let facts: TxFacts
    public let subscriptions: any Subscribing

    let database: Database
    private let mode: Mode
    private var lease: Lease?
    private var isOver = false
    private var ticketUntil = Instant.now
    private var riders: [any CommitRider] = []
    /// Asked along with the first statement; nothing goes on before its answer is read.
    private var first: Query<Void>?
    /// The first error of a statement: Postgres accepts nothing but ROLLBACK after it.
    private(set) var failure: (any Error)?

    enum Mode { case reading, writing, outsideTheWall }

    init(database: Database, facts: TxFacts, mode: Mode, first: Query<Void> = .known(())) {
        self.database = database
        self.facts = facts
        self.mode = mode
        self.first = first.sql == nil ? nil : first
        subscriptions = database.subscriptions
    }

    /// Runs one query: one round trip. The first of a transaction takes BEGIN and the ticket along.
    public func query<O>(_ query: Query<O>) async throws -> O {
        var answers = query.sql == nil ? Answers.none : try await send([query.sql].compactMap(\.self))
        return try query.read(&answers)
    }

    /// Runs independent queries in one round trip. They run in order; when one fails, those after it do not run.
    public func batch<each O>(_ queries: repeat Query<each O>) async throws -> (repeat each O) {
        var statements: [SQL] = []
        for query in repeat each queries { if let sql = query.sql { statements.append(sql) } }
        var answers = statements.isEmpty ? Answers.none : try await send(statements)
        return (repeat try (each queries).read(&answers))
    }

    /// Mints a new ticket. A ticket is good for 60 seconds; after 45 this happens by itself with the next statement.
    public func renewTicket() async throws {
        ticketUntil = .now
        _ = try await send([])
    }

    /// Runs a statement with COMMIT, in the order of these calls, without a round trip of its own. When it fails, so does the
    /// commit. Later statements of this transaction do not see what it does.
    public func atCommit(_ sql: SQL) {
        rider { LooseStatements() }.statements.append(sql)
    }

    /// The rider of that type, made on first use. Riders are asked in the order of their making.
    package func rider<R: CommitRider>(_ make: () -> R) -> R {
        for case let rider as R in riders { return rider }
        let rider = make()
        riders.append(rider)
        return rider
    }

    // MARK: the transaction's ends

    func commit() async throws {
        defer { isOver = true }
        var statements: [SQL] = []
        for rider in riders { statements += try rider.statements(facts) }
        guard lease != nil || !statements.isEmpty else { return }
        if first != nil { _ = try await send([]) }
        if let failure { throw failure }
        statements.append("commit")
        let last = try await fly(statements, shielded: true)
        if let error = last.error {
            if var lost = error as? DatabaseError, last.standing == .lost {
                lost.outcomeUnknown = mode != .reading
                throw lost
            }
            throw error
        }
        // COMMIT of a transaction that had failed is answered with ROLLBACK and no error.
        guard last.results.last?.tag == "COMMIT" else {
            throw DatabaseError.misuse("the transaction had failed and was rolled back")
        }
        giveBack(last.standing)
        for rider in riders { rider.committed() }
    }

    /// Ends the transaction without effect. A connection that cannot say that it has is closed.
    func rollBack() async {
        isOver = true
        guard lease != nil else { return }
        let flight = Flight(["rollback"], isRead: false)
        facts.meter.count(statements: 1)
        if let lease { await flight.fly(shielded: true) { lease.connection.send($0) } }
        giveBack(flight.error == nil ? flight.standing : .lost)
    }

    private func giveBack(_ standing: Flight.Standing) {
        lease?.release(reusable: standing == .idle)
        lease = nil
    }

    deinit { lease?.release(reusable: false) }

    // MARK: sending

    private func send(_ statements: [SQL]) async throws -> Answers {
        guard !isOver else { throw DatabaseError.misuse("the transaction has ended") }
        if let failure { throw failure }
        let asked = first
        first = nil
        let statements = [asked?.sql].compactMap(\.self) + statements
        let flight = try await fly(statements, shielded: false)
        if let error = flight.error {
            failure = error
            throw error
        }
        var answers = Answers(flight, skipping: flight.statements.count - statements.count)
        do {
            try asked?.read(&answers)
        } catch {
            failure = error
            throw error
        }
        return answers
    }

    private func fly(_ statements: [SQL], shielded: Bool) async throws -> Flight {
        let flight = Flight(preamble + statements, isRead: false)
        let lease = try await leased()
        facts.meter.count(statements: flight.statements.count)
        await flight.fly(shielded: shielded) { flight in
            if flight.routed(to: lease.connection) { lease.connection.send(flight) } else { flight.fail(CancellationError()) }
        }
        return flight
    }

    private func leased() async throws -> Lease {
        if let lease { return lease }
        let fresh = try await database.pool.lease()
        lease = fresh
        return fresh
    }

    /// BEGIN and ticket before the first statement; a new ticket when the old one nears its end.
    private var preamble: [SQL] {
        let begins = lease == nil
        var statements: [SQL] = begins ? [mode == .reading ? "begin read only" : "begin"] : []
        if mode != .outsideTheWall, begins || ticketUntil < .now {
            statements.append(TicketSQL.set(database.ticket(for: facts)))
            ticketUntil = .now + .seconds(45)
        }
        return statements
    }
}

/// Something that wants to write with COMMIT. Collects while the transaction runs.
package protocol CommitRider: AnyObject {
    func statements(_ facts: TxFacts) throws -> [SQL]
    /// The change stands.
    func committed()
}

extension CommitRider {
    package func committed() {}
}

private final class LooseStatements: CommitRider {
    var statements: [SQL] = []
    func statements(_: TxFacts) -> [SQL] { statements }
}
