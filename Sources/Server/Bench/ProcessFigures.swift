import Database
import Foundation

/// What Linux says about processes: `/proc/<pid>/stat` and `/proc/<pid>/status`.
enum ProcessFigures {
    private static let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Processor seconds of a process so far, with those of its children that have ended; nil when there is no such process.
    static func seconds(_ pid: Int32) -> Double? {
        // The fields behind the name in parentheses: state, ppid, … utime, stime, cutime, cstime are the 12th to 15th.
        fields(pid).map { fields in fields[11...14].compactMap(Double.init).reduce(0, +) / ticksPerSecond }
    }

    static func parent(of pid: Int32) -> Int32? {
        fields(pid).flatMap { Int32($0[1]) }
    }

    /// A line of `/proc/<pid>/status` in KiB, such as VmRSS or VmHWM (its highest).
    static func kibibytes(_ pid: Int32, _ name: String) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
    }

    static func children(of pid: Int32) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { parent(of: $0) == pid }
    }

    private static func fields(_ pid: Int32) -> [Substring]? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 14 ? fields : nil
    }
}

/// The processor time of Postgres, when it runs on this machine.
struct PostgresClock: Sendable {
    private let postmaster: Int32

    /// Nil when the backends are not processes of this machine.
    init?(_ walled: Walled) async throws {
        let backend = try await walled.read(Query.value("select pg_backend_pid()", Int32.self))
        guard let postmaster = ProcessFigures.parent(of: backend), postmaster > 1 else { return nil }
        self.postmaster = postmaster
    }

    /// Processor seconds of all its processes so far.
    var seconds: Double {
        ([postmaster] + ProcessFigures.children(of: postmaster)).compactMap(ProcessFigures.seconds).reduce(0, +)
    }
}

/// Processor seconds of children that have ended and were waited for: the load generators.
enum EndedChildren {
    static var seconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
