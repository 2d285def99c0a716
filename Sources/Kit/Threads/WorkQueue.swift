import Foundation
import Synchronization

/// First in, first out, with a cap on those who wait.
final class WorkQueue: Sendable {
    private struct State {
        var items: [@Sendable () -> Void] = []
        var head = 0  // those before it are taken; compacted now and then, so that taking stays cheap
        var busy = 0
        var closed = false

        var waiting: Int { items.count - head }
    }

    private let threads: Int
    private let limit: Int
    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    init(threads: Int, waiting: Int) {
        self.threads = threads
        limit = waiting
    }

    var waiting: Int { state.withLock { $0.waiting } }

    /// False when too many wait already. A thread that is idle counts as room, so work runs also with a limit of 0.
    func add(_ item: @escaping @Sendable () -> Void) -> Bool {
        let added = state.withLock { state in
            guard !state.closed, state.waiting + state.busy < limit + threads else { return false }
            state.items.append(item)
            return true
        }
        if added { signal.signal() }
        return added
    }

    /// A thread's life: one piece of work after the other until the queue is closed and empty.
    func serve() {
        while true {
            signal.wait()
            guard let item = take() else { return }
            item()
            state.withLock { $0.busy -= 1 }
        }
    }

    func close() {
        state.withLock { $0.closed = true }
        for _ in 0..<threads { signal.signal() }
    }

    private func take() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waiting > 0 else { return nil }
            let item = state.items[state.head]
            state.items[state.head] = {}
            state.head += 1
            state.busy += 1
            if state.head > 256, state.head * 2 > state.items.count {
                state.items.removeFirst(state.head)
                state.head = 0
            }
            return item
        }
    }
}
