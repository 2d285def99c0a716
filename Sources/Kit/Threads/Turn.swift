import Synchronization

/// Who resumes the caller: the thread that reaches the work, or the cancellation, whichever comes first, and only that one.
final class Turn<Value: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Value, any Error>)
        case over
    }

    private let state = Mutex(State.new)

    /// False when the caller was cancelled before; it has been told then.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let waits = state.withLock { state in
            guard case .new = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !waits { continuation.resume(throwing: CancellationError()) }
        return waits
    }

    /// The caller, if nobody has taken it yet.
    func take() -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            defer { state = .over }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
    }

    func cancel() {
        take()?.resume(throwing: CancellationError())
    }
}
