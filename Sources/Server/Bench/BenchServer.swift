import Foundation

/// A server in a process of its own that bench has started: this binary, or a yardstick.
final class BenchServer: Sendable {
    let wire: Wire
    let pid: Int32
    /// From the start of the process to the end of its first answer.
    let startSeconds: Double
    private let process: Process

    /// Starts `portico serve --role web` of this same binary.
    static func portico(_ house: BenchHouse) async throws -> BenchServer {
        guard let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            throw ToolMissing(description: "this binary cannot be found through /proc/self/exe")
        }
        let port = try Wire.freePort()
        var environment = house.environment
        environment["PORTICO_PORT"] = String(port)
        return try await start(
            binary, ["serve", "--role", "web"], environment, port, log: house.folder.appending(path: "serve.log"))
    }

    /// Starts a program and waits until `GET /login` is answered.
    static func start(_ binary: String, _ arguments: [String], _ environment: [String: String], _ port: UInt16, log: URL)
        async throws -> BenchServer
    {
        let process = Process()
        process.executableURL = URL(filePath: binary)
        process.arguments = arguments
        process.environment = environment
        // A file, because that is what a server in production writes its log to.
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        let wire = Wire(port: port, host: BenchCompany.host)
        let start = ContinuousClock.now
        try process.runHearing()
        while start.duration(to: .now) < .seconds(20) {
            if let answer = try? wire.ask("GET", "/login", seconds: 5), answer.status == 200 {
                return BenchServer(process, wire, since: start)
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        process.terminate()
        let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw ToolFailed(description: "\(binary) does not answer: \(said.suffix(2_000))")
    }

    private init(_ process: Process, _ wire: Wire, since start: ContinuousClock.Instant) {
        self.process = process
        self.wire = wire
        pid = process.processIdentifier
        startSeconds = (ContinuousClock.now - start).inSeconds
    }

    func stop() async {
        process.terminate()
        for _ in 0..<500 where process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        if process.isRunning { kill(pid, SIGKILL) }
        process.waitUntilExit()
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
