/// The database as one company and person see it: everything read or written here carries a ticket for that tenant.
public struct Walled: Sendable {
    public let database: Database
    public let facts: TxFacts

    init(database: Database, facts: TxFacts) {
        self.database = database
        self.facts = facts
    }

    /// Reads in one round trip: the ticket and the query travel together and are a READ ONLY transaction of their own.
    /// It may be sent again when its connection is lost.
    @discardableResult
    public func read<O>(_ query: Query<O>) async throws -> O {
        try await read(after: .known(()), query)
    }

    /// Reads several things in one round trip, in one READ ONLY transaction. They may be sent again when their connection is
    /// lost.
    @discardableResult
    public func read<each O>(_ queries: repeat Query<each O>) async throws -> (repeat each O) {
        try await read(after: .known(()), repeat each queries)
    }

    /// The same, with another question first: when reading its answer throws, the other answers are not looked at.
    public func read<each O>(after first: Query<Void>, _ queries: repeat Query<each O>) async throws -> (repeat each O) {
        var statements = [TicketSQL.forReading(database.ticket(for: facts))]
        if let sql = first.sql { statements.append(sql) }
        for query in repeat each queries { if let sql = query.sql { statements.append(sql) } }
        var answers = statements.count > 1 ? try await fly(statements) : Answers.none
        try first.read(&answers)
        return (repeat try (each queries).read(&answers))
    }

    private func fly(_ statements: [SQL]) async throws -> Answers {
        let flight = Flight(statements, isRead: true)
        facts.meter.count(statements: statements.count)
        await flight.fly { database.pool.send($0) }
        if let error = flight.error { throw error }
        return Answers(flight, skipping: 1)
    }

    /// Several steps of reading, one after the other, in one READ ONLY transaction.
    @discardableResult
    public func read<T>(_ body: (Tx) async throws -> T) async throws -> T {
        try await Transaction(database: database, facts: facts, mode: .reading).run(body)
    }

    /// Runs the body in a transaction and commits. When this returns, the change stands.
    ///
    /// BEGIN and the ticket travel with the first statement. After a serialization failure, a deadlock or a connection lost
    /// before COMMIT the body runs again, three to six times in all: it must not do anything but SQL that may not happen twice.
    @discardableResult
    public func write<T>(_ body: (Tx) async throws -> T) async throws -> T {
        try await write(after: .known(()), body)
    }

    /// The same, with another question first, which travels with the transaction's first statement: when reading its answer throws, so does
    /// that statement, and nothing is changed.
    public func write<T>(after first: Query<Void>, _ body: (Tx) async throws -> T) async throws -> T {
        try await Transaction(database: database, facts: facts, mode: .writing, first: first).run(body)
    }
}

enum TicketSQL {
    /// For a transaction that consists of one flight; it also becomes READ ONLY, which is what lets it be sent twice.
    static func forReading(_ ticket: String) -> SQL {
        "select sec.enter(\(ticket)), set_config('transaction_read_only', 'on', true)"
    }

    static func set(_ ticket: String) -> SQL { "select sec.enter(\(ticket))" }
}

/// Hands out the results of a flight in order.
struct Answers {
    static let none = Answers(results: [], index: 0)

    private let results: [ResultSet]
    private var index: Int

    init(_ flight: Flight, skipping count: Int) {
        self.init(results: flight.results, index: count)
    }

    private init(results: [ResultSet], index: Int) {
        self.results = results
        self.index = index
    }

    mutating func next() throws -> ResultSet {
        guard results.indices.contains(index) else {
            throw DatabaseError.connection("Postgres did not answer every statement")
        }
        defer { index += 1 }
        return results[index]
    }
}
