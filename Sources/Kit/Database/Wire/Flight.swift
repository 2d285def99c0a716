import Synchronization

/// Statements that travel to Postgres together, end with one Sync and are answered together: one round trip.
final class Flight: @unchecked Sendable {
    let statements: [SQL]
    /// A transaction of its own that only reads: it may be sent again, and share a connection with others.
    let isRead: Bool

    // The answer. Written once, before the task is resumed that reads it.
    /// One for each statement when all went well.
    private(set) var results: [ResultSet] = []
    private(set) var error: (any Error)?
    /// Where the connection's transaction stood after the flight.
    private(set) var standing: Standing = .idle

    // Written by whoever has the flight at the time: the task, the pool, a connection behind its gate.
    /// How often it was sent again.
    var repeats = 0
    /// Until when it may wait for a connection.
    var deadline: Instant?

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
    }

    var isCancelled: Bool { state.withLock { $0.cancelled } }

    /// Nobody waits for the answer: cancelled, or answered by another passage.
    var isUnwanted: Bool { state.withLock { $0.cancelled || $0.finished } }

    /// Says who has the flight now, so that a cancellation finds it. False when it was cancelled or answered before.
    func routed(to route: any FlightCancelling) -> Bool {
        state.withLock { state in
            guard !state.cancelled, !state.finished else { return false }
            state.route = route
            return true
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

    /// Gives the answer and resumes the waiting task. Only the first answer counts.
    func land(_ results: [ResultSet], _ error: (any Error)?, _ standing: Standing) {
        let continuation: UnsafeContinuation<Void, Never>? = state.withLock { state in
            guard !state.finished else { return nil }
            state.finished = true
            state.route = nil
            self.results = results
            self.error = error
            self.standing = standing
            defer { state.waiting = nil }
            return state.waiting
        }
        continuation?.resume()
    }

    func fail(_ error: any Error, _ standing: Standing = .idle) { land([], error, standing) }

    /// Only a read may be sent twice, and not for ever. When all backends end at once, it may meet several of them one after the other.
    var mayRepeat: Bool { isRead && repeats < 12 && !isUnwanted }

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
