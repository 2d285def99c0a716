import Foundation
import Outbound
import Testing

@testable import Storage

/// Moto's server: a real S3 as far as anybody here can tell. `bin/test` prepares it.
final class Moto {
    let port: Int
    private let process = Process()

    /// Starts it and makes the bucket; on a port of its own unless one is given.
    init(port: Int? = nil) async throws {
        self.port = try port ?? Self.freePort()
        let folder = try #require(ProcessInfo.processInfo.environment["PORTICO_PEERS"], "bin/test sets PORTICO_PEERS")
        process.executableURL = URL(filePath: folder).appending(path: "moto_server")
        process.arguments = ["-H", "127.0.0.1", "-p", String(self.port)]
        process.environment = ["MOTO_S3_CUSTOM_ENDPOINTS": "http://127.0.0.1:\(self.port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await eventually(within: .seconds(60), "moto listens") { try await makeBucket() }
    }

    deinit { stop() }

    /// Kills it; what it kept is gone with it.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var environment: [String: String] {
        [
            "PORTICO_S3_ENDPOINT": "http://127.0.0.1:\(port)", "PORTICO_S3_BUCKET": "portico-test", "PORTICO_S3_KEY": "key",
            "PORTICO_S3_SECRET": "secret", "PORTICO_S3_REGION": "eu-central-1"
        ]
    }

    var bucket: BucketSettings {
        get throws {
            try #require(
                BucketSettings(
                    endpoint: "http://127.0.0.1:\(port)", bucket: "portico-test", region: "eu-central-1", key: "key",
                    secret: "secret", inPath: true))
        }
    }

    private func makeBucket() async throws -> Bool {
        // A bucket is made with a signed PUT of nothing; outside us-east-1 S3 wants to be told where.
        let body = Array(
            "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>".utf8)
        let request = OutboundRequest(.put, "http://127.0.0.1:\(port)/portico-test", entered: .byOperator, body: body)
        return (try? await Outbound().send(request, to: OutboundService("moto", tenant: 0)).status) == 200
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(bound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
