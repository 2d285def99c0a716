import Foundation
import Outbound

/// Sends to browsers through the push services that they have chosen (RFC 8030).
public struct WebPush: Sendable {
    private let vapid: VAPID
    private let outbound: Outbound

    public init(_ vapid: VAPID, outbound: Outbound) {
        self.vapid = vapid
        self.outbound = outbound
    }

    public var publicKey: String { vapid.key.publicText }

    /// - Parameter endpoint: the address that a browser gave; it may lead into no private network.
    /// - Returns: what the service said, for the log.
    public func send(
        _ text: [UInt8], to endpoint: String, _ keys: WebPushKeys, _ terms: PushTerms, for tenant: Int32, now: Date
    ) async throws(PushFailure) -> String {
        do {
            guard let origin = Self.origin(of: endpoint), let host = URL(string: endpoint)?.host else {
                throw PushFailure.gone("no address that can be asked")
            }
            var fields = [
                OutboundField("Authorization", try vapid.authorization(for: origin, now: now)),
                OutboundField("Content-Encoding", "aes128gcm"), OutboundField("Content-Type", "application/octet-stream"),
                OutboundField("TTL", String(terms.life)), OutboundField("Urgency", terms.isUrgent ? "high" : "normal")
            ]
            if let topic = terms.topic { fields.append(OutboundField("Topic", topic)) }
            let answer = try await outbound.send(
                OutboundRequest(
                    .post, endpoint, entered: .byTenant, fields: fields, body: try WebPushMessage.encrypt(text, for: keys),
                    mostBytes: 16 << 10),
                // What one service does says nothing about the others.
                to: OutboundService("push \(host)", tenant: tenant))
            return try Self.judge(answer)
        } catch {
            throw PushFailure(error)
        }
    }

    private static func judge(_ answer: OutboundAnswer) throws(PushFailure) -> String {
        let said = "HTTP \(answer.status)"
        switch answer.status {
        case 200...299: return said
        case 404, 410: throw .gone(said)
        case 408, 429, 500...599: throw .later(said, seconds: answer.retryAfter)
        default: throw .rejected(said)
        }
    }

    /// `https://push.example.net`, with the port where it is not the usual one (RFC 6454, 6.2). Nil where that cannot be told.
    static func origin(of endpoint: String) -> String? {
        guard let url = URL(string: endpoint), let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host?.lowercased(), !host.isEmpty, url.user == nil, url.password == nil
        else { return nil }
        let shown = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        guard let port = url.port, port != (scheme == "https" ? 443 : 80) else { return "\(scheme)://\(shown)" }
        return "\(scheme)://\(shown):\(port)"
    }
}
