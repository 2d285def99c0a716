import Foundation

/// A few threads of our own for work that blocks or computes for long (hashing, images, disk), so that neither event loops
/// nor Swift's own small pool ever wait for it. Work starts in the order it was asked for.
public final class BoundedThreads: Sendable {
    private let queue: WorkQueue

    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`.
    ///   - count: how many pieces of work run at once.
    ///   - waiting: how many more may wait; beyond that `run` throws ``Overloaded`` at once.
    public init(name: String, count: Int, waiting: Int = 1000) {
        let count = max(1, count)
        queue = WorkQueue(threads: count, waiting: waiting)
        for _ in 0..<count {
            let thread = Thread { [queue] in
                Thread.current.name = name  // only a running thread has one that the system shows
                queue.serve()
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit { queue.close() }

    /// How many pieces of work wait for a thread now.
    public var waiting: Int { queue.waiting }

    /// Runs the work on one of the threads and gives its result back. A caller that is cancelled while its work still waits
    /// gets `CancellationError` and the work never starts; work that has begun is finished.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let turn = Turn<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard turn.wait(continuation) else { return }
                let accepted = queue.add {
                    guard let continuation = turn.take() else { return }
                    continuation.resume(with: Result { try work() })
                }
                if !accepted { turn.take()?.resume(throwing: Overloaded()) }
            }
        } onCancel: {
            turn.cancel()
        }
    }
}

/// Too much of this work is asked for at once; the web answers 503 with Retry-After.
public struct Overloaded: Error {
    public init() {}
}
