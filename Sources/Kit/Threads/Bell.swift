import Foundation
import Synchronization

/// Wakes one waiting task. Rings between two waits are not lost, and count once.
package final class Bell: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let silenced = Atomic<Bool>(false)

    package init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func ring() { continuation.yield() }

    /// Ends the waiting of now and later.
    package func silence() {
        silenced.store(true, ordering: .relaxed)
        ring()
    }

    package var isSilenced: Bool { silenced.load(ordering: .relaxed) }

    /// Returns when the bell rings or the time is over; false once it is silenced or the task is cancelled.
    package func wait(atMost limit: Duration) async -> Bool {
        guard !isSilenced else { return false }
        let alarm = Task {
            try await Task.sleep(for: limit)
            ring()
        }
        var iterator = stream.makeAsyncIterator()
        _ = await iterator.next()
        alarm.cancel()
        return !isSilenced && !Task.isCancelled
    }
}
