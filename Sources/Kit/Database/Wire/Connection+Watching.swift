import CPostgres

/// Cancellation and time limits. Everything here happens behind the gate.
extension Connection {
    /// How long Postgres may take to confirm a cancellation before the connection is given up.
    static let cancelGrace: Duration = .seconds(1)

    /// A task has lost interest in its flight. A read is answered at once; within a transaction it has to be known how it ended.
    func drop(_ flight: Flight) {
        var isHead = true
        for passage in inAir {
            if passage.flight === flight, !passage.isVoid {
                if flight.isRead {
                    passage.isVoid = true
                    flight.fail(CancellationError())
                }
                if isHead { askToCancel() }
            }
            isHead = false
        }
    }

    private func askToCancel() {
        guard cancelAskedAt == nil else { return }
        cancelAskedAt = .now
        canceller?.ask()
    }

    /// Once a second, and after every turn: has the flight at the head been cancelled meanwhile, is Postgres silent for too long?
    func watch(_ now: Instant) {
        guard failure == nil, let head = inAir.first else { return }
        if head.flight.isCancelled { askToCancel() }
        if let asked = cancelAskedAt, asked + Self.cancelGrace < now {
            failure = .connection("Postgres did not confirm a cancellation in time")
        }
        guard let limit = settings.statementTimeout else { return }
        // Postgres ends a statement at the limit by itself; silence beyond that means that it cannot be reached.
        if progressAt + limit + .seconds(2) < now {
            failure = .connection("Postgres has not answered for \(limit + .seconds(2))")
        }
    }

    /// True when something waits behind the head that was not found another connection yet.
    var isHoldingUp: Bool { inAir.count + backlog.count > 1 && movedBehind != inAir.first.map(ObjectIdentifier.init) }

    /// When the read at the head takes long, those behind it may fly elsewhere; whichever passage answers first counts.
    func moveOn(_ now: Instant) {
        guard isHoldingUp, progressAt + settings.patience < now, let head = inAir.popFirst() else { return }
        for passage in inAir where !passage.isVoid { moving.append(passage.flight) }
        inAir.prepend(head)
        moving += backlog
        moving.removeAll { !$0.isRead || $0.repeats > 0 }
        if moving.isEmpty { movedBehind = ObjectIdentifier(head) }
    }
}
