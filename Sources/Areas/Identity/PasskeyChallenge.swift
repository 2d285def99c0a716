import Crypto
import Database
import Foundation
import Tokens
import Web
import WebAuthn

/// What an authenticator is given to sign: sixteen random bytes and the second, then our own signature over both, the purpose, the company and
/// whoever asked. So nothing is stored for those who only look at a sign-in page; what was answered is (`spend`).
struct PasskeyChallenge: Sendable {
    enum Purpose: String, Sendable {
        case make, signIn, secondStep, prove
    }

    /// Seconds.
    static let life = 300
    /// 24 bytes in base64url, and 32.
    private static let (head, tail) = (32, 43)

    private let purpose: Purpose
    /// Session, visit or challenge of the second step: an answer is good for nobody else.
    private let holder: String
    private let tenant: String
    private let secret: Secret
    private let now: Date

    init(_ purpose: Purpose, holder: String, _ context: TenantContext) {
        self.purpose = purpose
        self.holder = holder
        tenant = String(context.tenant.id)
        secret = context.house.secret
        now = context.arrival.now
    }

    /// For somebody who is signed in.
    init(_ purpose: Purpose, _ context: MemberContext) {
        self.init(purpose, holder: context.session.id.text, context.outer)
    }

    func make() -> String {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let second = withUnsafeBytes(of: UInt64(clamping: Int(now.timeIntervalSince1970)).bigEndian, Array.init)
        let text = Base64URL.encode(noise + second)
        return text + secret.sign("passkey", purpose.rawValue, tenant, holder, text)
    }

    func isGood(_ text: String) -> Bool {
        guard text.utf8.count == Self.head + Self.tail, let bytes = Base64URL.decode(text),
            secret.verify(
                String(text.dropFirst(Self.head)), "passkey", purpose.rawValue, tenant, holder, String(text.prefix(Self.head))),
            let second = Int(exactly: bytes[16..<24].reduce(UInt64(0)) { ($0 << 8) | UInt64($1) })
        else { return false }
        let present = Int(now.timeIntervalSince1970)
        return second <= present && present < second.addingReportingOverflow(Self.life).partialValue
    }

    /// - Returns: false when it was answered before.
    static func spend(_ text: String, _ tx: Tx) async throws -> Bool {
        let hash = Array(SHA256.hash(data: Data(text.utf8)))
        let isNew = try await tx.execute(
            """
            insert into app.spent_challenge(tenant_id, hash, expires_at)
            values (\(tx.facts.tenant), \(hash), \(tx.facts.now.addingTimeInterval(Double(life)))) on conflict do nothing
            """)
        return isNew == 1
    }
}

extension TenantContext {
    var passkeySite: PasskeySite { PasskeySite(host: host, origin: origin) }
}
