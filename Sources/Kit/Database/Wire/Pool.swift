import Logging
import Synchronization

/// The connections of one role.
///
/// Transactions have a connection to themselves. Reads that are one round trip share the first few connections ("lanes"): many of
/// them in one pipeline cost Postgres and us fewer wake-ups than each on its own. A lane whose oldest read takes longer than
/// `patience` gets no further ones until it is done, so that a slow query holds up only what was sent along with it.
///
/// Both kinds wait in order of arrival. A transaction that finds every connection flying reserves the emptiest one, which then
/// takes no new reads, so neither kind starves the other.
final class Pool: @unchecked Sendable {
    let settings: Database.Settings
    let logger: Logger
    private let state: Mutex<PoolState>
    private let keeper = Mutex<Keeper?>(nil)

    init(settings: Database.Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        state = Mutex(PoolState(settings))
    }

    deinit { close() }

    // MARK: for reads

    /// Sends a read on a lane, or lets it wait for one.
    func send(_ flight: Flight) {
        let now = Instant.now
        // Most of the time a lane is free and nobody waits.
        if let connection = state.withLock({ $0.lane(at: now) }) {
            if flight.routed(to: connection) { connection.send(flight) } else { abort(flight, on: connection) }
            return
        }
        flight.deadline = flight.deadline ?? now + settings.checkoutTimeout
        guard flight.routed(to: self) else { return flight.fail(CancellationError()) }
        perform { $0.add(.read(flight)) }
    }

    // MARK: for transactions

    /// A connection for one transaction; `release` it in any case.
    func lease() async throws -> Lease {
        let waiter = LeaseWaiter(deadline: .now + settings.checkoutTimeout)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                waiter.begin(continuation)
                perform { $0.add(.lease(waiter)) }
            }
        } onCancel: {
            waiter.answer(.failure(CancellationError()))
            perform { $0.forget(waiter) }
        }
    }

    /// Takes a connection back. Only one whose transaction has ended is used again.
    func release(_ lease: Lease, reusable: Bool) {
        perform { $0.release(lease.connection, reusable: reusable) }
    }

    // MARK: life

    func close() {
        perform { $0.close() }
        keeper.withLock { keeper in
            keeper?.stop()
            keeper = nil
        }
    }

    /// Connections now open, of them lent or flying, and how many callers wait.
    var census: (open: Int, busy: Int, waiting: Int) { state.withLock { $0.census } }

    /// Once in a while: gives up on those who waited too long, replaces old connections, tries again after failures.
    func tend() {
        perform { $0.tend(.now) }
    }

    /// Changes the state under its lock and does outside of it what follows from that.
    private func perform(_ change: (inout sending PoolState) -> Void) {
        let actions = state.withLock { state in
            change(&state)
            state.settle(.now)
            return state.takeActions()
        }
        for action in actions { perform(action) }
    }

    private func perform(_ action: PoolState.Action) {
        switch action {
        case .fly(let flight, let connection):
            if flight.routed(to: connection) { connection.send(flight) } else { abort(flight, on: connection) }
        case .grant(let waiter, let connection):
            let lease = Lease(pool: self, connection: connection)
            if !waiter.answer(.success(lease)) { release(lease, reusable: true) }
        case .fail(let flight, let error): flight.fail(error)
        case .refuse(let waiter, let error): waiter.answer(.failure(error))
        case .open: open()
        case .close(let connection): connection.close()
        }
    }

    private func abort(_ flight: Flight, on connection: Connection) {
        flight.fail(CancellationError())
        landed(connection, reads: 1)
    }

    private func open() {
        keeper.withLock { keeper in
            if keeper == nil { keeper = Keeper { [weak self] in self?.tend() } }
        }
        do throws(DatabaseError) {
            try Connection(settings: settings.connection, owner: self).start()
        } catch {
            perform { $0.failedToOpen(error, .now) }
        }
    }
}

extension Pool: ConnectionOwner {
    func opened(_ connection: Connection) {
        perform { $0.opened(connection, .now) }
    }

    func failedToOpen(_ connection: Connection, _ error: DatabaseError) {
        logger.warning("no connection to Postgres", metadata: ["error": "\(error.message)"])
        perform { $0.failedToOpen(error, .now) }
    }

    func landed(_ connection: Connection, reads: Int) {
        let now = Instant.now
        let somebodyWaits = state.withLock { $0.landed(connection, reads: reads, now) }
        if somebodyWaits { perform { _ in } }
    }

    func repeats(_ flight: Flight) { send(flight) }

    func sendElsewhere(_ flight: Flight) {
        // Only onto a connection that has nothing to do: under load everything is slow, and doing it twice would not help.
        guard let connection = state.withLock({ $0.idleLane(at: .now) }) else { return perform { $0.openOne() } }
        flight.repeats += 1
        if flight.routed(to: connection) { connection.send(flight) } else { abort(flight, on: connection) }
    }

    func lost(_ connection: Connection, _ error: DatabaseError) {
        perform { $0.lost(connection) }
    }
}

extension Pool: FlightCancelling {
    func cancel(_ flight: Flight) {
        perform { $0.forget(flight) }
    }
}

/// A connection lent out for one transaction.
final class Lease: Sendable {
    private let pool: Pool
    let connection: Connection

    init(pool: Pool, connection: Connection) {
        self.pool = pool
        self.connection = connection
    }

    func release(reusable: Bool) { pool.release(self, reusable: reusable) }
}

/// Someone who waits for a connection.
final class LeaseWaiter: Sendable {
    let deadline: Instant
    private let state = Mutex<(continuation: UnsafeContinuation<Lease, any Error>?, early: Result<Lease, any Error>?)>((nil, nil))

    init(deadline: Instant) { self.deadline = deadline }

    func begin(_ continuation: UnsafeContinuation<Lease, any Error>) {
        let early = state.withLock { state in
            if state.early == nil { state.continuation = continuation }
            return state.early
        }
        if let early { continuation.resume(with: early) }
    }

    /// False when it was answered before.
    @discardableResult
    func answer(_ result: Result<Lease, any Error>) -> Bool {
        let continuation: UnsafeContinuation<Lease, any Error>? = state.withLock { state in
            guard state.early == nil else { return nil }
            state.early = result
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(with: result)
        return continuation != nil
    }
}
