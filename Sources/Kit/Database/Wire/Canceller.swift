import CPostgres
import Foundation
import Synchronization

/// Asks Postgres, over a connection of its own, to stop what a backend is doing.
final class Canceller: @unchecked Sendable {
    private let handle: OpaquePointer
    private let busy = Atomic<Bool>(false)

    init?(_ connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
    }

    deinit { PQfreeCancel(handle) }

    /// Returns at once; PQcancel blocks, so it has a thread of its own. One request at a time.
    func ask() {
        guard !busy.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let thread = Thread {
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                _ = PQcancel(self.handle, message.baseAddress, 256)
            }
            self.busy.store(false, ordering: .releasing)
        }
        thread.stackSize = 256 * 1024
        thread.start()
    }
}
