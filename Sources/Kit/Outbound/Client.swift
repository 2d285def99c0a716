import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP client that ends with its last user; AsyncHTTPClient's own must be told.
final class Client: Sendable {
    private let http: HTTPClient

    /// - Parameter addresses: where names lead, instead of what they resolve to.
    init(addresses: [String: String] = [:]) {
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(3), read: nil),
            connectionPool: .init(idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: 32))
        settings.httpVersion = .http1Only
        settings.dnsOverride = addresses
        http = HTTPClient(eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: settings)
    }

    deinit { http.shutdown { _ in } }

    func send(_ request: OutboundRequest) async throws -> OutboundAnswer {
        var wanted = HTTPClientRequest(url: request.url)
        wanted.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.fields { wanted.headers.replaceOrAdd(name: field.name, value: field.value) }
        if !request.body.isEmpty { wanted.body = .bytes(ByteBuffer(bytes: request.body)) }
        let answer = try await http.execute(wanted, deadline: .now() + TimeAmount(request.total))
        let fields = answer.headers.map { OutboundField($0.name, $0.value) }
        var body = ByteBuffer()
        // The answer to HEAD names a length and has none.
        if request.method != .head {
            do {
                body = try await answer.body.collect(upTo: request.mostBytes)
            } catch is NIOTooManyBytesError {
                throw OutboundError.tooLarge
            }
        }
        return OutboundAnswer(status: Int(answer.status.code), fields: fields, body: Array(body.readableBytesView))
    }
}
