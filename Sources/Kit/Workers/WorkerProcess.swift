import CSpawn
import Foundation
import Synchronization

/// One running worker, seen from the web process; used by one thread at a time.
public final class WorkerProcess: Sendable {
    public let channel: Channel
    let process: pid_t
    private let taken = Atomic(0)
    private let isReaped = Atomic(false)

    /// How often it was taken from its pool.
    var jobs: Int { taken.load(ordering: .relaxed) }

    init(_ program: WorkerProgram) throws(WorkerUnavailable) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw WorkerUnavailable(description: String(cString: strerror(errno)))
        }
        defer { close(ends[1]) }
        guard let started = Self.spawn(program, input: ends[1]) else {
            close(ends[0])
            throw WorkerUnavailable(description: "cannot start \(program.executable)")
        }
        process = started
        channel = Channel(descriptor: ends[0])
    }

    func count() { taken.add(1, ordering: .relaxed) }

    /// Ends the worker, whatever it does, and waits until the system has taken it away.
    deinit {
        close(channel.descriptor)
        _ = end()
    }

    /// Ends it if it still runs.
    /// - Returns: the signal that it died of; nil when it was ended before.
    public func end() -> Int32? {
        guard isReaped.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return nil }
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F
    }

    /// With nothing of this process but one end of the socket: no secrets of its environment, no blocked or ignored
    /// signals. SwiftNIO's sockets are inherited unless they are closed here: a worker that is just loading would keep a killed
    /// server's port taken and its connections open.
    private static func spawn(_ program: WorkerProgram, input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        if program.answersOnOutput {
            posix_spawn_file_actions_adddup2(&actions, input, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A session of its own: Ctrl-C goes to the server alone, which finishes first what it began; and Linux shares the
        // processor out by session before it looks at anybody's nice value (see `stepBack`).
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(portico_spawn_setsid)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let words = ([program.executable] + program.arguments).map { strdup($0) } + [nil]
        // Where the Swift runtime is, if it had to be told; nothing else.
        let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { strdup("LD_LIBRARY_PATH=" + $0) }
        let environment = program.environment.map { strdup($0) } + [library ?? nil, nil]
        defer { for word in words + environment { free(word) } }
        var process: pid_t = 0
        return posix_spawn(&process, program.executable, &actions, &attributes, words, environment) == 0 ? process : nil
    }
}
