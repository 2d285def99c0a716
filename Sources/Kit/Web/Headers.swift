import Foundation
import HTML
import HTTPTypes
import Hummingbird
import NIOCore

enum HostHeader {
    /// The codec takes the first Host as authority; one that is left over is a second Host.
    static let name = HTTPField.Name("Host") ?? .age
}

enum Headers {
    /// A page asks by itself, because it was told that something changed: nobody is at work.
    static let live = HTTPField.Name("X-Portico-Live") ?? .eTag
    static let requestID = HTTPField.Name("X-Request-Id") ?? .eTag
    /// In development alone: browsers' own tools show it beside each request.
    static let serverTiming = HTTPField.Name("Server-Timing") ?? .eTag
    private static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy") ?? .eTag
    private static let frameOptions = HTTPField.Name("X-Frame-Options") ?? .eTag
    static let robots = HTTPField.Name("X-Robots-Tag") ?? .eTag
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .eTag
    private static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .eTag
    private static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy") ?? .eTag
    private static let permissionsPolicy = HTTPField.Name("Permissions-Policy") ?? .eTag

    private static let policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        + "form-action 'self'; frame-ancestors 'none'"

    /// On every answer, errors too (ASVS V3.4).
    static func secure(_ response: inout Response, _ tls: Bool) {
        response.headers[contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[frameOptions] = "DENY"
        if response.headers[referrerPolicy] == nil { response.headers[referrerPolicy] = "same-origin" }
        response.headers[openerPolicy] = "same-origin"
        response.headers[resourcePolicy] = "same-origin"
        response.headers[permissionsPolicy] = "camera=(self), microphone=(), geolocation=()"
        if tls { response.headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
    }
}

enum ClientAddress {
    private static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .eTag

    /// The peer, or what a trusted proxy says of it; a stranger's `X-Forwarded-For` counts for nothing (ASVS V15.3.4).
    static func of(_ request: Hummingbird.Request, _ context: BaseContext, _ settings: WebSettings) -> String? {
        let peer = context.channel.remoteAddress?.ipAddress
        guard let peer, settings.trustedProxies.contains(peer), let chain = request.headers[forwardedFor] else { return peer }
        let hops = chain.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let client = hops.last { !settings.trustedProxies.contains($0) }
        return client.flatMap { (try? SocketAddress(ipAddress: $0, port: 0)) == nil ? nil : $0 } ?? peer
    }
}

enum Negotiation {
    /// The first language of `Accept-Language`, in the order of its weights, that the company offers.
    static func language(_ header: String?, among offered: [String]) -> Language? {
        guard let header, header.utf8.count <= 512 else { return nil }
        let wanted = header.split(separator: ",").prefix(20).enumerated().compactMap { index, item -> (String, Double, Int)? in
            let parts = item.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let tag = parts.first?.split(separator: "-").first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (tag.lowercased(), weight, index)
        }
        return wanted.filter { $0.1 > 0 && offered.contains($0.0) }
            .max { ($0.1, $1.2) < ($1.1, $0.2) }
            .flatMap { Language(rawValue: $0.0) }
    }
}

/// Request ids: unpredictable per process, counted within it.
enum RequestNumber {
    static func next() -> String {
        let number = UInt64.random(in: .min ... .max)
        let text = String(number, radix: 36)
        return text.count < 13 ? String(repeating: "0", count: 13 - text.count) + text : text
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
