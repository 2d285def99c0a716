import Foundation
import Synchronization

/// Places for handlers that run at the same time. One task asks for places, many give them back.
final class Crew: Sendable {
    private let state: Mutex<(free: Int, waiting: CheckedContinuation<Void, Never>?)>

    init(size: Int) { state = Mutex((size, nil)) }

    /// Waits for a place. False when the task was cancelled meanwhile.
    func join() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.free > 0 || Task.isCancelled { return true }
                    state.waiting = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        if Task.isCancelled { return false }
        state.withLock { $0.free -= 1 }
        return true
    }

    func leave() {
        state.withLock { $0.free += 1 }
        wake()
    }

    private func wake() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}

/// How many jobs to claim at once: as many as can start within a twentieth of a second, so that quick jobs come in large batches
/// and slow ones stay in the queue, where other workers find them.
final class Pace: Sendable {
    private let concurrency: Int
    /// Seconds that a job takes, smoothed.
    private let average = Mutex(0.05)

    init(concurrency: Int) { self.concurrency = concurrency }

    var batch: Int {
        let each = average.withLock { max($0, 1e-5) }
        return min(max(concurrency, Int((0.05 / each).rounded()) * concurrency), 500)
    }

    func note(_ duration: Duration) {
        average.withLock { $0 += (duration.seconds - $0) / 32 }
    }
}
