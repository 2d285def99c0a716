import Synchronization

/// A program that runs a worker: it takes requests from its standard input, a socket (``Channel/toServer``), and answers there.
public struct WorkerProgram: Sendable {
    let executable: String
    let arguments: [String]
    /// All that it gets, as `NAME=value`: none of the server's secrets.
    private(set) var environment: [String] = []
    /// Answers on its standard output, which is the same socket.
    var answersOnOutput = false

    /// - Parameters:
    ///   - executable: absolute path.
    ///   - arguments: what makes the program a worker, as in `["image-worker"]`.
    public init(executable: String, arguments: [String]) {
        (self.executable, self.arguments) = (executable, arguments)
    }

    public func with(environment: [String]) -> WorkerProgram {
        var program = self
        program.environment = environment
        return program
    }
}

/// A worker could not be started.
public struct WorkerUnavailable: Error, CustomStringConvertible {
    public let description: String
}

/// Keeps a few worker processes warm.
public final class WorkerPool: Sendable {
    private let program: WorkerProgram
    private let jobsEach: Int
    private let idle = Mutex<[(worker: WorkerProcess, since: ContinuousClock.Instant)]>([])

    /// - Parameter jobsEach: a worker makes way for a fresh one after that many jobs, since libraries leak and fragment memory.
    public init(_ program: WorkerProgram, jobsEach: Int = 200) {
        (self.program, self.jobsEach) = (program, jobsEach)
    }

    /// A worker that nobody else uses; it ends when it is let go of without ``keep(_:)``.
    public func take() throws(WorkerUnavailable) -> WorkerProcess {
        let idle = idle.withLock { $0.popLast()?.worker }
        let worker: WorkerProcess
        if let idle { worker = idle } else { worker = try WorkerProcess(program) }
        worker.count()
        return worker
    }

    public func keep(_ worker: WorkerProcess) {
        guard worker.jobs < jobsEach else { return }
        idle.withLock { $0.append((worker, .now)) }
    }

    /// Ends the workers that nobody has asked for that long.
    public func dismiss(idleFor time: Duration) {
        let end = ContinuousClock.now - time
        let rested = idle.withLock { idle in
            let rested = idle.filter { $0.since <= end }
            idle.removeAll { $0.since <= end }
            return rested
        }
        // They end here, outside the lock, when nobody holds them any more.
        _ = rested
    }
}
