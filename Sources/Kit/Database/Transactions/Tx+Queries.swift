extension Tx {
    /// Every row as a record.
    public func many<R: Record>(_ sql: SQL, _: R.Type = R.self) async throws -> [R] { try await query(.many(sql, R.self)) }

    /// The first row, nil when there is none.
    public func first<R: Record>(_ sql: SQL, _: R.Type = R.self) async throws -> R? { try await query(.first(sql, R.self)) }

    /// The first row; throws `NotFound` when there is none.
    public func one<R: Record>(_ sql: SQL, _: R.Type = R.self) async throws -> R { try await query(.one(sql, R.self)) }

    /// The first column of every row.
    public func values<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type = V.self) async throws -> [V] {
        try await query(.values(sql, V.self))
    }

    /// The first column of the first row; throws `NotFound` when there is no row.
    public func value<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type = V.self) async throws -> V {
        try await query(.value(sql, V.self))
    }

    /// The first column of the first row, nil when there is no row.
    public func firstValue<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type = V.self) async throws -> V? {
        try await query(.firstValue(sql, V.self))
    }

    /// Gives the number of rows it touched.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int { try await query(.execute(sql)) }
}
