import Foundation
import Synchronization

/// A thread that calls back ten times a second until it is stopped: time limits of a pool must hold when no task can run.
final class Keeper: Sendable {
    private let stopped = Atomic<Bool>(false)

    init(_ tend: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            while !stopped.load(ordering: .relaxed) {
                usleep(100_000)
                tend()
            }
        }
        thread.name = "postgres-pool"
        thread.stackSize = 256 * 1024
        thread.start()
    }

    func stop() { stopped.store(true, ordering: .relaxed) }
}
