/// A statement together with the way its rows are read; or an answer that needs no statement.
public struct Query<Output>: Sendable {
    private let source: Source

    private enum Source: Sendable {
        case statement(SQL, decode: @Sendable (ResultSet) throws -> Output)
        case known(@Sendable () throws -> Output)
    }

    init(sql: SQL, decode: @escaping @Sendable (ResultSet) throws -> Output) {
        source = .statement(sql, decode: decode)
    }

    /// An answer that is here already: it travels along with others without asking the database.
    public static func known(_ answer: Output) -> Query<Output> where Output: Sendable {
        Query(known: { answer })
    }

    fileprivate init(known: @escaping @Sendable () throws -> Output) { source = .known(known) }

    /// What has to be sent; nil when the answer is known.
    var sql: SQL? {
        if case .statement(let sql, _) = source { sql } else { nil }
    }

    /// Takes the answer that is next if it asked for one.
    func read(_ answers: inout Answers) throws -> Output {
        switch source {
        case .statement(_, let decode): try decode(answers.next())
        case .known(let answer): try answer()
        }
    }

    /// The same question with its answer put another way. What the closure throws, the read throws.
    public func map<Other>(_ transform: @escaping @Sendable (Output) throws -> Other) -> Query<Other> {
        switch source {
        case .statement(let sql, let decode): Query<Other>(sql: sql) { try transform(decode($0)) }
        case .known(let answer): Query<Other>(known: { try transform(answer()) })
        }
    }

    /// Every row as a record.
    public static func many<R: Record>(_ sql: SQL, _: R.Type = R.self) -> Query<[R]> where Output == [R] {
        many(sql) { try R(row: $0) }
    }

    /// Every row through a closure.
    public static func many<R>(_ sql: SQL, _ read: @escaping @Sendable (Row) throws -> R) -> Query<[R]> where Output == [R] {
        Query<[R]>(sql: sql) { set in
            var rows: [R] = []
            rows.reserveCapacity(set.rowCount)
            for index in 0..<set.rowCount { rows.append(try read(set.row(index))) }
            return rows
        }
    }

    /// The first row, nil when there is none.
    public static func first<R: Record>(_ sql: SQL, _: R.Type = R.self) -> Query<R?> where Output == R? {
        Query<R?>(sql: sql) { $0.rowCount > 0 ? try R(row: $0.row(0)) : nil }
    }

    /// The first column of every row.
    public static func values<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type = V.self) -> Query<[V]>
    where Output == [V] {
        many(sql) { try $0[at: 0] }
    }

    /// The first column of the first row, nil when there is no row.
    public static func firstValue<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type = V.self) -> Query<V?>
    where Output == V? {
        Query<V?>(sql: sql) { $0.rowCount > 0 ? try $0.row(0)[at: 0] : nil }
    }
}

extension Query where Output == Int {
    /// Runs the statement; gives the number of rows it touched.
    public static func execute(_ sql: SQL) -> Query<Int> { Query<Int>(sql: sql) { $0.affected } }
}

extension Query where Output: Record {
    /// The first row; throws `NotFound` when there is none.
    public static func one(_ sql: SQL, _: Output.Type = Output.self) -> Query<Output> {
        Query(sql: sql) { set in
            guard set.rowCount > 0 else { throw NotFound() }
            return try Output(row: set.row(0))
        }
    }
}

extension Query where Output: SQLDecodable & SendableMetatype {
    /// The first column of the first row; throws `NotFound` when there is no row.
    public static func value(_ sql: SQL, _: Output.Type = Output.self) -> Query<Output> {
        Query(sql: sql) { set in
            guard set.rowCount > 0 else { throw NotFound() }
            return try set.row(0)[at: 0]
        }
    }
}
