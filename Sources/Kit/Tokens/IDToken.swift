import Forms
import Foundation

/// What an ID token has to say to be believed (OpenID Connect Core, 3.1.3.7).
public struct IDTokenTerms: Sendable {
    /// Usually one; some providers have two spellings of theirs.
    public let issuers: Set<String>
    public let client: String
    public let nonce: String

    public init(issuers: Set<String>, client: String, nonce: String) {
        self.issuers = issuers
        self.client = client
        self.nonce = nonce
    }
}

/// Why an ID token is not believed.
public enum IDTokenRefusal: String, Error, Sendable {
    case malformed, algorithm, type, header
    /// None of the keys that are known; perhaps the provider has new ones.
    case key = "unknown_key"
    case signature, issuer, audience, expired, future, nonce, subject
}

/// An identity provider's word on who somebody is: a JWT by somebody else. Nothing in it is believed before its signature is verified, and
/// nothing in it is ever fetched.
public struct IDToken: Sendable {
    static let longest = 32 << 10
    /// Clocks of two houses differ.
    static let leeway = 60
    /// A sign-in takes ten minutes at most: what is older was not made for it.
    static let oldest = 900

    public let algorithm: ForeignAlgorithm
    public let kid: String?
    private let payload: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]

    public init(presented text: some StringProtocol) throws(IDTokenRefusal) {
        guard text.utf8.count <= Self.longest else { throw .malformed }
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let header = try? JSONValue(parsing: head, limits: Self.limits)
        else { throw .malformed }
        guard let algorithm = header["alg"]?.string.flatMap(ForeignAlgorithm.init) else { throw .algorithm }
        if let type = header["typ"], type.string?.uppercased() != "JWT" { throw .type }
        // Keys that a token brings along, and extensions that must be understood.
        for name in ["jku", "jwk", "x5u", "crit"] where header[name] != nil { throw .header }
        if let kid = header["kid"], kid.string == nil { throw .header }
        guard !signature.isEmpty else { throw .signature }
        self.algorithm = algorithm
        kid = header["kid"]?.string
        self.payload = payload
        self.signature = signature
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// Everything that it says, once it is known to be the provider's, for this client and this sign-in, and good now.
    public func claims(verifiedBy keys: ForeignKeys, _ terms: IDTokenTerms, now: Date) throws(IDTokenRefusal) -> JSONValue {
        let candidates = keys.candidates(algorithm, kid)
        guard !candidates.isEmpty else { throw .key }
        // A token that names no key may be signed with a new one.
        guard candidates.contains(where: { $0.verifies(signature, signed) }) else { throw kid == nil ? .key : .signature }
        guard let claims = try? JSONValue(parsing: payload, limits: Self.limits) else { throw .malformed }
        guard let issuer = claims["iss"]?.string, terms.issuers.contains(issuer) else { throw .issuer }
        guard Self.isFor(terms.client, claims) else { throw .audience }
        guard let second = Int(exactly: now.timeIntervalSince1970.rounded(.down)) else { throw .expired }
        try Self.checkTimes(claims, second)
        guard let nonce = claims["nonce"]?.string, nonce == terms.nonce else { throw .nonce }
        guard let subject = claims["sub"]?.string, (1...255).contains(subject.utf8.count), !subject.utf8.contains(0) else {
            throw .subject
        }
        return claims
    }

    /// Whoever else may read it, it was made for this client.
    private static func isFor(_ client: String, _ claims: JSONValue) -> Bool {
        if let party = claims["azp"], party.string != client { return false }
        switch claims["aud"] {
        case .string(let one): return one == client
        case .array(let several):
            return several.contains(.string(client)) && (several.count == 1 || claims["azp"]?.string == client)
        default: return false
        }
    }

    private static func checkTimes(_ claims: JSONValue, _ now: Int) throws(IDTokenRefusal) {
        guard let ends = claims["exp"]?.int, let made = claims["iat"]?.int, ends > now - leeway, made > now - oldest else {
            throw .expired
        }
        guard made <= now + leeway else { throw .future }
        if let begins = claims["nbf"] {
            guard let begins = begins.int, begins <= now + leeway else { throw .future }
        }
    }

    private static var limits: FormLimits {
        var limits = FormLimits()
        limits.json = longest
        limits.jsonDepth = 8
        limits.jsonValues = 2_000
        return limits
    }
}
