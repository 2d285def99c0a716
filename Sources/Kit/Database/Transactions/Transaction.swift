/// Runs a body in a transaction, again when Postgres asks for it.
struct Transaction {
    let database: Database
    let facts: TxFacts
    let mode: Tx.Mode
    var first: Query<Void> = .known(())

    func run<T>(_ body: (Tx) async throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await once(body)
            } catch  where attempt < Self.tries(after: error) && !Task.isCancelled {
                // Two that hit each other should not do so again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...10) * attempt))
                attempt += 1
            }
        }
    }

    private func once<T>(_ body: (Tx) async throws -> T) async throws -> T {
        let tx = Tx(database: database, facts: facts, mode: mode, first: first)
        do {
            let result = try await body(tx)
            try await tx.commit()
            return result
        } catch {
            await tx.rollBack()
            throw error
        }
    }

    /// How often the body may run. Three times after a serialization failure, a deadlock, or a cancellation meant for whoever had the
    /// connection before; a little more often when connections are lost before COMMIT: when all backends end at once, several may be met.
    private static func tries(after error: any Error) -> Int {
        guard let error = error as? DatabaseError else { return 1 }
        if error.isWorthRetrying || error.wasCancelledForAnother { return 3 }
        return error.kind == .connection && error.sqlState == "08006" && !error.outcomeUnknown ? 6 : 1
    }
}
