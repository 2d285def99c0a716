import Crypto
import Foundation
import Synchronization
import Tokens

/// The key by which push services know this platform (RFC 8292). Browsers bind their subscription to it: with another key every device has
/// to be registered anew.
public struct VAPIDKey: Sendable {
    let key: P256.Signing.PrivateKey

    /// Takes 64 hex digits or more, from which the key is derived, or a private P-256 key as PEM.
    ///
    /// - Returns: nil for anything else.
    public init?(_ text: String) {
        if text.contains("-----BEGIN") {
            guard let key = try? P256.Signing.PrivateKey(pemRepresentation: text) else { return nil }
            self.key = key
            return
        }
        let digits = Array(text.utf8)
        guard digits.count >= 64, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        let secret = SymmetricKey(data: digits)
        // One in four thousand million strings of 32 bytes is no key of this curve; then the next one is.
        for count in 0..<16 {
            let candidate = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret, info: Data("portico push \(count)".utf8), outputByteCount: 32)
            if let key = candidate.withUnsafeBytes({ try? P256.Signing.PrivateKey(rawRepresentation: $0) }) {
                self.key = key
                return
            }
        }
        return nil
    }

    /// As browsers want it: 65 bytes in base64url.
    public var publicText: String { Base64URL.encode(Array(key.publicKey.x963Representation)) }
}

/// Says to push services who sends (RFC 8292).
public final class VAPID: Sendable {
    public let key: VAPIDKey
    /// `mailto:` or `https:`: whom the service writes to when something is wrong.
    private let contact: String
    /// By origin. One is good for twelve hours and used for eleven.
    private let known = Mutex<[String: (text: String, until: Date)]>([:])

    private static let life: TimeInterval = 12 * 3600
    private static let mostKnown = 200

    public init(_ key: VAPIDKey, contact: String) {
        self.key = key
        self.contact = contact
    }

    /// The value of `Authorization` for a service: scheme, host and port of an endpoint.
    func authorization(for origin: String, now: Date) throws -> String {
        if let found = known.withLock({ $0[origin] }), found.until > now { return found.text }
        let text = "vapid t=\(try token(for: origin, now: now)), k=\(key.publicText)"
        known.withLock { known in
            if known.count >= Self.mostKnown { known = [:] }
            known[origin] = (text, now.addingTimeInterval(Self.life - 3600))
        }
        return text
    }

    private func token(for origin: String, now: Date) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A minute less than the most that is allowed: clocks differ.
        let end = Int64(now.timeIntervalSince1970) + Int64(Self.life) - 60
        let claims = Claims(aud: origin, exp: end, sub: contact)
        let header = Base64URL.encode(try encoder.encode(["alg": "ES256", "typ": "JWT"]))
        let signed = header + "." + Base64URL.encode(try encoder.encode(claims))
        let signature = try key.key.signature(for: Data(signed.utf8))
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }

    private struct Claims: Encodable {
        let aud: String
        let exp: Int64
        let sub: String
    }
}
