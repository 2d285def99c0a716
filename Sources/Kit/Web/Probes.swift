import HTTPTypes
import Hummingbird
import NIOCore

/// Addresses for machines that watch this process; they need no company's host.
public struct Probes: Sendable {
    let house: House
    let ready: @Sendable () async -> Bool

    func answer(_ request: Hummingbird.Request) async throws -> Response? {
        switch request.uri.path {
        case "/healthz": return plain("ok\n", .ok)
        case "/readyz": return await ready() ? plain("ready\n", .ok) : plain("not ready\n", .serviceUnavailable)
        case "/metrics":
            // Not public: without the operator's token this address does not exist (ASVS V13.4.5).
            guard let token = house.settings.metricsToken, Self.equal(request.headers[.authorization] ?? "", "Bearer \(token)")
            else {
                throw Failure.notFound
            }
            let census = house.database.census
            let gauges = [
                ("database_connections", Double(census.open)), ("database_busy", Double(census.busy)),
                ("database_waiting", Double(census.waiting))
            ]
            return plain(house.meters.text(gauges: gauges), .ok)
        default: return nil
        }
    }

    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func plain(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
