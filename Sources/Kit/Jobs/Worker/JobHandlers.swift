import Database
import Foundation

/// What is done for each kind of job.
public struct JobHandlers: Sendable {
    struct Handler: Sendable {
        let retry: Retry
        let run: @Sendable (JSONBytes, JobContext) async throws -> Void
    }

    private var handlers: [String: Handler] = [:]

    public init() {}

    /// A later handler for the same kind takes the place of the earlier one.
    public mutating func register<J: Job>(_: J.Type, _ run: @escaping @Sendable (J, JobContext) async throws -> Void) {
        handlers[J.kind] = Handler(retry: J.retry) { args, context in
            let job: J
            do {
                job = try args.decode()
            } catch {
                throw JobFailure.park("the arguments cannot be read as \(J.self): \(error)")
            }
            try await run(job, context)
        }
    }

    /// The kinds there is a handler for.
    public var kinds: [String] { handlers.keys.sorted() }

    subscript(kind: String) -> Handler? { handlers[kind] }
}

/// What a handler may throw to say more than "it failed".
public enum JobFailure: Error, Sendable, CustomStringConvertible {
    /// No further tries: an operator has to look.
    case park(String)
    /// Another worker has the job by now; this one's change was rolled back.
    case leaseLost
    /// Not now: it comes again then, as if it had not been tried.
    case wait(until: Date)

    public var description: String {
        switch self {
        case .park(let reason): reason
        case .leaseLost: "another worker has taken the job over"
        case .wait(let time): "waits until \(time.formatted(.iso8601))"
        }
    }
}
