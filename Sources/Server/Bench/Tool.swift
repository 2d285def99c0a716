import Foundation

/// A program that is not there. Bench never installs anything.
struct ToolMissing: Error, CustomStringConvertible {
    let description: String
}

struct ToolFailed: Error, CustomStringConvertible {
    let description: String
}

/// A program of this machine.
struct Tool: Sendable {
    let path: String

    /// - Parameter package: the Debian package that has it, for the message.
    init(_ name: String, package: String, also folders: [String] = []) throws {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        guard let folder = (path + folders).first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }) else {
            throw ToolMissing(description: "\(name) is not installed: apt-get install \(package)")
        }
        self.path = "\(folder)/\(name)"
    }

    /// Runs it to its end.
    /// - Returns: what it printed on standard output.
    @discardableResult
    func run(_ arguments: [String], environment: [String: String]? = nil, in folder: URL? = nil) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let environment { process.environment = environment }
        if let folder { process.currentDirectoryURL = folder }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        let name = (path as NSString).lastPathComponent
        return try await withCheckedThrowingContinuation { continuation in
            // Threads of its own: reading blocks, and a full pipe would stop the program.
            Thread.detachNewThread {
                do {
                    try process.runHearing()
                    let complaints = Reading(errors)
                    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    guard process.terminationStatus == 0 else {
                        throw ToolFailed(description: "\(name) failed: \(complaints.text.suffix(2_000))")
                    }
                    continuation.resume(returning: text)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}

/// What a pipe says, read on a thread of its own.
private final class Reading: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var data = Data()

    init(_ pipe: Pipe) {
        Thread.detachNewThread { [self] in
            data = pipe.fileHandleForReading.readDataToEndOfFile()
            done.signal()
        }
    }

    /// Waits for the end.
    var text: String {
        done.wait()
        defer { done.signal() }
        return String(decoding: data, as: UTF8.self)
    }
}
