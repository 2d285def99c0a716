/// Runs a body in a transaction, again when Postgres asks for it.
struct Transaction {
    let database: Database
    let facts: TxFacts
    let mode: Tx.Mode

    private static let tries = 3

    func run<T>(_ body: (Tx) async throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await once(body)
            } catch  where attempt < Self.tries && Self.isWorthAnother(error) && !Task.isCancelled {
                // Two that hit each other should not do so again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...10) * attempt))
                attempt += 1
            }
        }
    }

    private func once<T>(_ body: (Tx) async throws -> T) async throws -> T {
        let tx = Tx(database: database, facts: facts, mode: mode)
        do {
            let result = try await body(tx)
            try await tx.commit()
            return result
        } catch {
            await tx.rollBack()
            throw error
        }
    }

    /// Serialization failure, deadlock, a connection that was lost before COMMIT was sent, or hit by a cancellation meant for
    /// whoever had the connection before.
    private static func isWorthAnother(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.isWorthRetrying || error.wasCancelledForAnother
            || error.kind == .connection && error.sqlState == "08006" && !error.outcomeUnknown
    }
}
