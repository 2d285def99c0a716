import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

/// A server outside, on a port of this machine, that answers as a test wants and remembers what it was asked.
final class TestPeer: Sendable {
    struct Heard: Sendable {
        let method: String
        let path: String
        let headers: HTTPFields
        let body: [UInt8]
    }

    let heard = Tallied<Heard>()
    private let answer: @Sendable (Heard) async throws -> Response
    private let task = Mutex<Task<Void, any Error>?>(nil)
    private let place = Mutex<Int?>(nil)

    private init(_ answer: @escaping @Sendable (Heard) async throws -> Response) {
        self.answer = answer
    }

    /// Runs the body while the peer listens.
    static func serving<T>(
        _ answer: @escaping @Sendable (Heard) async throws -> Response, _ body: (TestPeer) async throws -> T
    ) async throws -> T {
        let peer = TestPeer(answer)
        try await peer.start()
        defer { peer.stop() }
        return try await body(peer)
    }

    static func ok(_ text: String = "ok") -> Response {
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    var port: Int { place.withLock { $0 ?? 0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    private func start() async throws {
        let responder = CallbackResponder { [self] (request: Request, _: BasicRequestContext) in
            let body = try await request.body.collect(upTo: 16 << 20)
            let heard = Heard(
                method: request.method.rawValue, path: request.uri.string, headers: request.headers,
                body: Array(body.readableBytesView))
            self.heard.add(heard)
            return try await answer(heard)
        }
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { [self] channel in place.withLock { $0 = channel.localAddress?.port } }, logger: TestHouse.logger)
        task.withLock { $0 = Task { try await application.run() } }
        try await eventually("the peer listens") { port > 0 }
    }

    private func stop() { task.withLock { $0?.cancel() } }
}
