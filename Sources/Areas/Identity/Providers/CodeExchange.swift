import Crypto
import Forms
import Foundation
import Outbound
import Tokens

/// Turns a code into the provider's word on who somebody is (OpenID Connect Core, 3.1.3). Its tokens do not leave this place.
struct CodeExchange: Sendable {
    let outbound: Outbound
    let directory: ProviderDirectory
    let secrets: ClientSecrets
    let provider: Provider
    let tenant: Int32
    let slug: String

    struct Code: Sendable {
        let text: String
        let verifier: String
        let nonce: String
        let redirect: String
    }

    /// - Throws: `ProviderFailure`.
    func assertion(_ code: Code, _ metadata: ProviderMetadata, _ patience: Patience, now: Date) async throws -> Assertion {
        let answer = try await tokens(code, metadata, patience, now)
        guard let text = answer["id_token"]?.string else { throw ProviderFailure.disbelieved("no_token") }
        var claims = try await verified(text, code.nonce, metadata, patience, now)
        guard let subject = claims["sub"]?.string else { throw ProviderFailure.disbelieved("subject") }
        if Assertion.isScant(claims, provider), let address = metadata.userInfoEndpoint,
            let access = answer["access_token"]?.string
        {
            claims = claims.completed(by: try await userInfo(address, access, subject, patience))
        }
        return Assertion(provider: provider, subject: subject, claims: claims)
    }

    private func verified(
        _ text: String, _ nonce: String, _ metadata: ProviderMetadata, _ patience: Patience, _ now: Date
    ) async throws -> JSONValue {
        let terms = IDTokenTerms(
            issuers: provider.setting.house.issuers, client: provider.setting.terms.clientID, nonce: nonce)
        let address = metadata.keysAddress
        do {
            let token = try IDToken(presented: text)
            let keys = try await directory.keys(of: provider, tenant, at: address, patience, now: now)
            do {
                return try token.claims(verifiedBy: keys, terms, now: now)
            } catch IDTokenRefusal.key {
                let keys = try await directory.keys(of: provider, tenant, at: address, lacking: true, patience, now: now)
                return try token.claims(verifiedBy: keys, terms, now: now)
            }
        } catch let refusal as IDTokenRefusal {
            throw ProviderFailure.disbelieved(refusal.rawValue)
        }
    }

    private func tokens(
        _ code: Code, _ metadata: ProviderMetadata, _ patience: Patience, _ now: Date
    ) async throws -> JSONValue {
        var form = [
            ("grant_type", "authorization_code"), ("code", code.text), ("redirect_uri", code.redirect),
            ("code_verifier", code.verifier)
        ]
        var fields = [
            OutboundField("Content-Type", "application/x-www-form-urlencoded"), OutboundField("Accept", "application/json")
        ]
        let client = provider.setting.terms.clientID
        switch try credentials(metadata, now) {
        case nil: form.append(("client_id", client))
        case .header(let secret):
            let pair = "\(FormText.encode(client)):\(FormText.encode(secret))"
            fields.append(OutboundField("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
        case .body(let secret): form += [("client_id", client), ("client_secret", secret)]
        }
        let request = OutboundRequest(
            .post, metadata.tokenEndpoint, entered: .byTenant, fields: fields, body: Array(FormText.encode(form).utf8),
            total: try patience.left(), mostBytes: 256 << 10)
        let answer = try await outbound.ask(request, of: provider, tenant)
        return try Self.read(answer)
    }

    private static func read(_ answer: OutboundAnswer) throws(ProviderFailure) -> JSONValue {
        var limits = FormLimits()
        limits.json = 256 << 10
        let json = try? JSONValue(parsing: answer.body, limits: limits)
        if answer.status == 200, let json { return json }
        if answer.status >= 500 || answer.status == 429 { throw .unavailable("answer \(answer.status)") }
        // One of RFC 6749's own words or nothing: what else it says is not for our log.
        let known = [
            "invalid_grant", "invalid_client", "invalid_request", "unauthorized_client", "unsupported_grant_type", "invalid_scope"
        ]
        throw .refused(json?["error"]?.string.flatMap { known.contains($0) ? $0 : nil } ?? "answer \(answer.status)")
    }

    private func userInfo(_ address: String, _ access: String, _ subject: String, _ patience: Patience) async throws -> JSONValue
    {
        guard access.utf8.count <= 16 << 10, access.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ProviderFailure.disbelieved("access_token")
        }
        let request = OutboundRequest(
            .get, address, entered: .byTenant,
            fields: [OutboundField("Authorization", "Bearer \(access)"), OutboundField("Accept", "application/json")],
            total: try patience.left(), mostBytes: 256 << 10)
        let claims = try Self.read(try await outbound.ask(request, of: provider, tenant))
        // Core 5.3.2: another subject's claims must not be used.
        guard claims["sub"]?.string == subject else { throw ProviderFailure.disbelieved("userinfo_subject") }
        return claims
    }

    // MARK: The client's own secret

    private enum Credentials {
        case header(String)
        case body(String)
    }

    private func credentials(_ metadata: ProviderMetadata, _ now: Date) throws(ProviderFailure) -> Credentials? {
        guard let name = provider.setting.terms.secretName else { return nil }
        guard let secret = secrets.secret(name, of: slug) else { throw .misconfigured("the operator has no secret of that name") }
        if case .apple(let team, let keyID) = provider.setting.house {
            guard let key = AppleKey(secret) else { throw .misconfigured("the secret is no signing key") }
            let claims = AppleKey.Claims(
                iss: team, sub: provider.setting.terms.clientID, aud: provider.setting.house.issuer, now: now)
            guard let token = try? key.token(claims, keyID) else { throw .misconfigured("the signing key does not sign") }
            return .body(token)
        }
        return metadata.takesSecretInBody ? .body(secret) : .header(secret)
    }
}

/// Apple's clients have no secret but a key, with which they sign a short-lived one each time (ES256).
struct AppleKey {
    private let key: P256.Signing.PrivateKey

    struct Claims: Encodable {
        let iss: String
        let sub: String
        let aud: String
        let iat: Int
        let exp: Int

        init(iss: String, sub: String, aud: String, now: Date) {
            (self.iss, self.sub, self.aud) = (iss, sub, aud)
            iat = Int(exactly: now.timeIntervalSince1970.rounded(.down)) ?? 0
            exp = iat &+ 300
        }
    }

    /// The `.p8` file between its first and last line, without line breaks.
    init?(_ text: String) {
        guard let der = Data(base64Encoded: text), let key = try? P256.Signing.PrivateKey(derRepresentation: der) else {
            return nil
        }
        self.key = key
    }

    func token(_ claims: Claims, _ keyID: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = ["alg": "ES256", "kid": keyID]
        let signed = Base64URL.encode(try encoder.encode(header)) + "." + Base64URL.encode(try encoder.encode(claims))
        return signed + "." + Base64URL.encode(try key.signature(for: Data(signed.utf8)).rawRepresentation)
    }
}

/// `application/x-www-form-urlencoded`, and the query of an address.
enum FormText {
    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
