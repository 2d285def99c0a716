import Synchronization

/// Statements that travel to Postgres together, end with one Sync and are answered together: one round trip.
///
/// Fields are written by whoever has the flight at the time: the task that makes it, then the connection under its gate, then the task
/// again once it is resumed. Only `cancel` may come from anywhere.
final class Flight: @unchecked Sendable {
    let statements: [SQL]
    /// A transaction of its own that only reads: it may be sent again, and share a connection with others.
    let isRead: Bool

    /// One for each statement when all went well.
    var results: [ResultSet] = []
    var error: (any Error)?
    /// Where the connection's transaction stood after the flight.
    var standing: Standing = .idle
    /// How often the flight was sent before; reads that were lost with their connection go again.
    var repeats = 0
    /// When it reached the pool, for the checkout's time limit.
    var deadline: Instant?
    var sequence: UInt64 = 0
    /// The read is answered already (cancelled, moved elsewhere): what still comes for it is dropped.
    var isAbandoned = false
    var sentAt: Instant?

    private let state = Mutex(State())

    private struct State {
        var waiting: UnsafeContinuation<Void, Never>?
        var finished = false
        var cancelled = false
        var route: (any FlightCancelling)?
    }

    enum Standing { case idle, inTransaction, failed, lost }

    init(_ statements: [SQL], isRead: Bool) {
        self.statements = statements
        self.isRead = isRead
        results.reserveCapacity(statements.count)
    }

    var isCancelled: Bool { state.withLock { $0.cancelled } }

    /// Says who has the flight now, so that a cancellation finds it. False when it was cancelled before.
    func routed(to route: any FlightCancelling) -> Bool {
        state.withLock { state in
            state.route = route
            return !state.cancelled
        }
    }

    /// Sends by way of `send` and waits for the answer. A shielded flight is not cancelled with its task.
    func fly(shielded: Bool = false, _ send: (Flight) -> Void) async {
        if shielded { return await wait(send) }
        await withTaskCancellationHandler {
            await wait(send)
        } onCancel: {
            cancel()
        }
    }

    private func wait(_ send: (Flight) -> Void) async {
        await withUnsafeContinuation { continuation in
            state.withLock { $0.waiting = continuation }
            send(self)
        }
    }

    /// Resumes the waiting task, once. False when it was resumed before.
    @discardableResult
    func finish() -> Bool {
        let continuation: UnsafeContinuation<Void, Never>? = state.withLock { state in
            guard !state.finished else { return nil }
            state.finished = true
            state.route = nil
            let waiting = state.waiting
            state.waiting = nil
            return waiting
        }
        continuation?.resume()
        return continuation != nil
    }

    func fail(_ error: any Error) {
        self.error = self.error ?? error
        finish()
    }

    /// Only a read may be sent twice, and not for ever.
    var mayRepeat: Bool { isRead && repeats < 3 && !isAbandoned && !isCancelled }

    func prepareToRepeat() {
        results.removeAll()
        error = nil
        sentAt = nil
        repeats += 1
    }

    private func cancel() {
        let route = state.withLock { state in
            state.cancelled = true
            return state.finished ? nil : state.route
        }
        route?.cancel(self)
    }
}

/// Whoever holds a flight: the pool while it waits, a connection afterwards.
protocol FlightCancelling: AnyObject, Sendable {
    func cancel(_ flight: Flight)
}
