import Foundation

/// What one piece of work may take of a worker process.
public struct Allowance: Sendable {
    /// Bytes beyond what the process has after its start.
    public let memory: Int
    /// Of processor time.
    public let seconds: Int

    public init(memory: Int, seconds: Int) {
        (self.memory, self.seconds) = (memory, seconds)
    }
}

/// What the system enforces on a worker that looks at what strangers sent: when it takes more, it is ended.
public struct Confinement {
    /// Bytes before the first piece of work.
    private let used: Int?

    /// To be made after everything is loaded that the work needs: no file is written from here on.
    /// - Parameter most: bytes that no piece of work may go beyond.
    public init(most: Int) {
        // Files that the server had open when it started this process.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 { close(descriptor) }
        // Writable memory, not address space: libraries and unused stack are not what hostile work takes.
        used = Self.writableMemory()
        if let used { Self.limit(RLIMIT_DATA, soft: used + most, hard: used + most) }
        Self.limit(RLIMIT_CORE, soft: 0, hard: 0)
        Self.limit(RLIMIT_FSIZE, soft: 0, hard: 0)
    }

    /// From now on.
    public func grant(_ allowance: Allowance) {
        if let used { Self.limit(RLIMIT_DATA, soft: used + allowance.memory, hard: nil) }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        // The limit counts whole seconds since the process began.
        Self.limit(RLIMIT_CPU, soft: usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + allowance.seconds + 1, hard: nil)
    }

    private static func limit(_ resource: __rlimit_resource, soft: Int, hard: Int?) {
        var limits = rlimit()
        let resource = __rlimit_resource_t(resource.rawValue)
        getrlimit(resource, &limits)
        limits.rlim_cur = min(rlim_t(clamping: soft), limits.rlim_max)
        if let hard { limits.rlim_max = min(rlim_t(clamping: hard), limits.rlim_max) }
        setrlimit(resource, &limits)
    }

    /// VmData of /proc/self/status, in bytes.
    private static func writableMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmData:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
}
