import CSpawn
import Foundation
import Synchronization

/// One running worker, seen from the web process; used by one thread at a time.
final class WorkerProcess: Sendable {
    private let process: pid_t
    private let channel: Channel
    private let begun = Atomic(0)
    private let isReaped = Atomic(false)

    /// Photos it was given so far.
    var jobs: Int { begun.load(ordering: .relaxed) }

    init(_ executable: String, _ arguments: [String]) throws(PhotoError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .unavailable(String(cString: strerror(errno)))
        }
        defer { close(ends[1]) }
        let started = Self.spawn(executable, arguments, input: ends[1])
        guard let started else {
            close(ends[0])
            throw .unavailable("cannot start \(executable)")
        }
        process = started
        channel = Channel(descriptor: ends[0])
    }

    /// Ends the worker, whatever it does, and waits until the system has taken it away.
    deinit {
        close(channel.descriptor)
        _ = end()
    }

    /// Ends it if it still runs.
    /// - Returns: the signal that it died of; nil when it was ended before.
    func end() -> Int32? {
        guard isReaped.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return nil }
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F
    }

    /// - Throws: a ``PhotoError`` that the worker answered, or `Channel.Failure` when it died or is late: then it is done for.
    func prepare(_ bytes: [UInt8], _ limits: PhotoLimits, within time: Duration) throws -> PreparedPhoto {
        begun.add(1, ordering: .relaxed)
        let deadline = ContinuousClock.now + time
        try channel.write(WorkerFrame.request(bytes, limits), before: deadline)
        let head = WorkerFrame.numbers(from: try channel.read(WorkerFrame.replyNumbers * 4, before: deadline))
        guard head.count == WorkerFrame.replyNumbers else { throw Channel.Failure.closed }
        guard head[0] == 0 else { throw WorkerFrame.error(head[0]) }
        // It has decoded a stranger's file: what it says is a stranger's word too.
        guard head[3] <= 32 << 20, head[6] <= 4 << 20 else { throw Channel.Failure.closed }
        let full = try channel.read(head[3], before: deadline)
        let thumb = try channel.read(head[6], before: deadline)
        return PreparedPhoto(
            full: .init(bytes: full, width: head[1], height: head[2]), thumb: .init(bytes: thumb, width: head[4], height: head[5])
        )
    }

    /// With nothing of this process but one end of the socket: no secrets of its environment, no blocked or ignored
    /// signals. SwiftNIO's sockets are inherited unless they are closed here: a worker that is just loading would keep a killed
    /// server's port taken and its connections open.
    private static func spawn(_ executable: String, _ arguments: [String], input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
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
        // Its own group: Ctrl-C goes to the server alone, which finishes its photos first.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        // Where the Swift runtime is, if it had to be told; nothing else.
        let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { strdup("LD_LIBRARY_PATH=" + $0) }
        // One heap for all threads: what one decoder frees, the next can use, within the worker's little memory.
        // Nor does libvips put large images into temporary files, which the worker may not write.
        let settings = ["MALLOC_ARENA_MAX=1", "VIPS_DISC_THRESHOLD=4g", "VIPS_WARNING=0"]
        let environment = settings.map { strdup($0) } + [library ?? nil, nil]
        defer { for word in words + environment { free(word) } }
        var process: pid_t = 0
        return posix_spawn(&process, executable, &actions, &attributes, words, environment) == 0 ? process : nil
    }
}
