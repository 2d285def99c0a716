import Foundation

/// A program of the system that makes bytes of bytes: it reads its standard input to the end, then writes its standard output. It looks at
/// what strangers sent, so it gets none of this process' secrets and files, writes no file, and is ended when it takes more than it may.
public struct Tool: Sendable {
    private let executable: String
    private let program: WorkerProgram

    public enum Failure: Error, Equatable, Sendable {
        /// It is not installed, or no process can be started.
        case unavailable(String)
        /// The time was over.
        case late
    }

    /// - Parameters:
    ///   - executable: absolute path.
    ///   - allowance: memory is all of the process' own.
    public init(_ executable: String, _ arguments: [String], _ allowance: Allowance) {
        self.executable = executable
        // setrlimit(2) for a process that is not ours; a part of util-linux, which every Debian has.
        let limits = ["--data=\(allowance.memory)", "--cpu=\(allowance.seconds)", "--fsize=0", "--core=0", "--nofile=64"]
        var program = WorkerProgram(executable: "/usr/bin/prlimit", arguments: limits + [executable] + arguments)
        program.answersOnOutput = true
        self.program = program
    }

    /// What it says about the input, or as much as it said before it was ended; nothing when the input is not for it. Blocks, so call it on
    /// a thread for that.
    ///
    /// - Parameter most: bytes after which it is not listened to any more.
    public func run(_ input: [UInt8], most: Int, before deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        guard access(executable, X_OK) == 0 else { throw .unavailable("\(executable) is not there") }
        let process: WorkerProcess
        do { process = try WorkerProcess(program) } catch { throw .unavailable(error.description) }
        do {
            try process.channel.write(input, before: deadline)
            process.channel.finish()
            return try process.channel.rest(most: most, before: deadline)
        } catch .late {
            throw .late
        } catch {
            return []
        }
    }
}
