import CPostgres

/// Cancellation and time limits. Everything here happens behind the gate.
extension Connection {
    /// How long Postgres may take to confirm a cancellation before the connection is given up.
    static let cancelGrace: Duration = .seconds(1)

    /// A task has lost interest in its flight.
    func drop(_ flight: Flight) {
        guard let head = inAir.first, flight.sentAt != nil else { return }
        if flight.isRead, !flight.isAbandoned {
            flight.isAbandoned = true
            flight.error = CancellationError()
            flight.results.removeAll()
            flight.finish()
        }
        if head === flight { askToCancel() }
    }

    private func askToCancel() {
        guard cancelAskedAt == nil else { return }
        cancelAskedAt = .now
        canceller?.ask()
    }

    /// Once a second, and after every turn: has the flight at the head been cancelled meanwhile, is Postgres silent for too long?
    func watch(_ now: Instant) {
        guard failure == nil, let head = inAir.first else { return }
        if head.isCancelled { askToCancel() }
        if let asked = cancelAskedAt, asked + Self.cancelGrace < now {
            failure = .connection("Postgres did not confirm a cancellation in time")
        }
        guard let limit = settings.statementTimeout else { return }
        // Postgres ends a statement at the limit by itself; silence beyond that means that it cannot be reached.
        if progressAt + limit + .seconds(2) < now {
            failure = .connection("Postgres has not answered for \(limit + .seconds(2))")
        }
    }
}
