import Foundation
import Synchronization

/// How many jobs of a sort run at the same time in this process, altogether and for one company. What takes long and comes in crowds would
/// otherwise hold every place of a worker, and everybody else's jobs would wait.
public final class JobLane: Sendable {
    private let most: Int
    private let mostOfCompany: Int
    /// More than the others may have, for what is urgent.
    private static let reserve = 2
    /// Seconds until a job comes again, and between two that do.
    private static let pause = 1.0
    private static let pace = 0.1

    private struct State {
        var busy: [Int32: Int] = [:]
        /// When the last one that waits comes again.
        var last: [Int32: Date] = [:]
    }

    private let state = Mutex(State())

    public init(most: Int, ofCompany: Int) {
        (self.most, mostOfCompany) = (most, ofCompany)
    }

    /// Runs it as soon as there is a place.
    ///
    /// - Parameter urgent: has places of its own, and passes those of its company that wait.
    /// - Throws: `JobFailure.wait` while there is none.
    public func run(_ context: JobContext, urgent: Bool = false, _ body: () async throws -> Void) async throws {
        if let later = enter(context.tenant, urgent: urgent, now: context.now) { throw JobFailure.wait(until: later) }
        defer { leave(context.tenant) }
        try await body()
    }

    /// - Returns: nil with a place, which is given back with `leave`; otherwise when to come again.
    func enter(_ tenant: Int32, urgent: Bool = false, now: Date) -> Date? {
        state.withLock { state in
            let all = state.busy.values.reduce(0, +)
            let isFree = urgent ? all < most + Self.reserve : all < most && state.busy[tenant, default: 0] < mostOfCompany
            if isFree {
                state.busy[tenant, default: 0] += 1
                return nil
            }
            let soon = now.addingTimeInterval(Self.pause)
            guard !urgent else { return soon }
            let next = max(soon, state.last[tenant] ?? now).addingTimeInterval(Self.pace)
            state.last[tenant] = next
            return next
        }
    }

    func leave(_ tenant: Int32) {
        state.withLock { state in
            let rest = state.busy[tenant, default: 1] - 1
            state.busy[tenant] = rest > 0 ? rest : nil
        }
    }
}
