import Forms
import Foundation

/// What an access token says (RFC 9068). Roles are not in it: they are read again with every request.
public struct AccessClaims: Encodable, Sendable, Equatable {
    public let iss: String
    public let aud: String
    /// The member's id.
    public let sub: String
    /// The company's slug.
    public let tenant: String
    /// The sign-in that it belongs to, as `me/sessions` lists it.
    public let session: String
    public let jti: String
    /// Seconds since 1970.
    public let iat: Int
    public let exp: Int

    public init(_ place: TokenPlace, sub: String, session: String, jti: String, iat: Int, exp: Int) {
        iss = place.issuer
        aud = place.audience
        tenant = place.tenant
        self.sub = sub
        self.session = session
        self.jti = jti
        self.iat = iat
        self.exp = exp
    }
}

/// Who makes tokens, and for whom: one company's host and its API.
public struct TokenPlace: Sendable, Equatable {
    public let issuer: String
    public let audience: String
    public let tenant: String

    public init(issuer: String, audience: String, tenant: String) {
        self.issuer = issuer
        self.audience = audience
        self.tenant = tenant
    }
}

/// An access token: a JWT of one type, signed by one algorithm. What somebody presents is taken apart, but nothing in it is believed before
/// its signature is verified; nothing in it is ever fetched, and its key's name only chooses among keys that are there already.
public struct AccessToken: Sendable {
    public static let algorithm = "RS256"
    static let type = "at+jwt"
    /// Ours have some 750 characters.
    static let longest = 4096
    /// Clocks of several nodes differ.
    private static let leeway = 60

    /// Of the key that it says it is signed with: a name among ours, or nothing.
    public let kid: String
    private let header: JSONValue
    private let payload: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// `nil` when it cannot be one of ours, whatever it is signed with.
    public init?(presented text: some StringProtocol) {
        guard text.utf8.count <= Self.longest else { return nil }
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), !signature.isEmpty,
            let header = try? JSONValue(parsing: head, limits: Self.limits), let kid = header["kid"]?.string
        else { return nil }
        self.kid = kid
        self.header = header
        self.payload = payload
        self.signature = signature
        signed = Array(bytes[..<parts[1].endIndex])
    }

    /// What it says, if this key has signed it, for this place, and it is good now. The signature comes first.
    public func claims(verifiedBy key: VerifyingKey, _ place: TokenPlace, now: Date) -> AccessClaims? {
        guard key.kid == kid, key.verifies(signature, of: signed), isOfOurKind,
            let payload = try? JSONValue(parsing: payload, limits: Self.limits), let claims = AccessClaims(payload),
            claims.iss == place.issuer, claims.aud == place.audience, claims.tenant == place.tenant,
            let second = Int(exactly: now.timeIntervalSince1970.rounded(.down)), claims.exp > second,
            claims.iat <= second + Self.leeway, Self.hasBegun(payload["nbf"], second)
        else { return nil }
        return claims
    }

    /// Exactly the three names that we write: `jku`, `x5u`, `jwk`, `crit` and whatever comes next make it somebody else's.
    private var isOfOurKind: Bool {
        guard case .object(let members) = header, members.count == 3 else { return false }
        return header["alg"]?.string == Self.algorithm && header["typ"]?.string == Self.type
    }

    private static func hasBegun(_ nbf: JSONValue?, _ second: Int) -> Bool {
        guard let nbf else { return true }
        return nbf.int.map { $0 <= second + leeway } ?? false
    }

    private static var limits: FormLimits {
        var limits = FormLimits()
        limits.json = longest
        limits.jsonDepth = 2
        limits.jsonValues = 64
        return limits
    }
}

extension AccessClaims {
    /// `nil` when one is missing, of another kind, or a number that does not fit.
    fileprivate init?(_ payload: JSONValue) {
        guard let iss = payload["iss"]?.string, let aud = payload["aud"]?.string, let sub = payload["sub"]?.string,
            let tenant = payload["tenant"]?.string, let session = payload["session"]?.string, let jti = payload["jti"]?.string,
            let iat = payload["iat"]?.int, let exp = payload["exp"]?.int
        else { return nil }
        self.init(
            TokenPlace(issuer: iss, audience: aud, tenant: tenant), sub: sub, session: session, jti: jti, iat: iat, exp: exp)
    }
}

extension SigningKey {
    /// The token's text. The same claims give the same text.
    public func token(_ claims: AccessClaims) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = ["alg": AccessToken.algorithm, "kid": verifying.kid, "typ": AccessToken.type]
        let signed = Base64URL.encode(try encoder.encode(header)) + "." + Base64URL.encode(try encoder.encode(claims))
        return signed + "." + Base64URL.encode(try signature(of: Data(signed.utf8)))
    }
}
