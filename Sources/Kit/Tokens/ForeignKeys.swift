import Forms
import Foundation
import _CryptoExtras

/// What an identity provider may sign with; nothing else is looked at, least of all `none` and what both sides know.
public enum ForeignAlgorithm: String, Sendable {
    case rs256 = "RS256"
    case es256 = "ES256"
}

/// Somebody else's public keys (a JWK set, RFC 7517): RSA of 2048 bits or more, and P-256. What else stands there is left alone.
public struct ForeignKeys: Sendable {
    struct Key: Sendable {
        /// A name to choose by, and nothing more.
        let kid: String?
        let algorithm: ForeignAlgorithm
        let verifies: @Sendable (_ signature: [UInt8], _ signed: [UInt8]) -> Bool
    }

    /// A provider has two or three.
    private static let most = 100
    let keys: [Key]

    /// `nil` when it is no JWK set.
    public init?(json: [UInt8]) {
        var limits = FormLimits()
        limits.json = 256 << 10
        limits.jsonDepth = 8
        limits.jsonValues = 5_000
        guard let set = try? JSONValue(parsing: json, limits: limits), case .array(let items)? = set["keys"] else { return nil }
        keys = items.prefix(Self.most).compactMap(Key.init)
    }

    /// Those that a token may have been signed with. A token that names no key is taken only where there is no choice.
    func candidates(_ algorithm: ForeignAlgorithm, _ kid: String?) -> [Key] {
        let able = keys.filter { $0.algorithm == algorithm }
        guard let kid else { return able.count == 1 ? able : [] }
        return able.filter { $0.kid == kid }
    }
}

extension ForeignKeys.Key {
    fileprivate init?(_ jwk: JSONValue) {
        if let use = jwk["use"], use.string != "sig" { return nil }
        if case .array(let operations)? = jwk["key_ops"], !operations.contains(.string("verify")) { return nil }
        switch jwk["kty"]?.string {
        case "RSA":
            guard let n = Self.number(jwk["n"], ...1024), let e = Self.number(jwk["e"], ...8),
                let key = try? _RSA.Signing.PublicKey(n: n, e: e)
            else { return nil }
            algorithm = .rs256
            verifies = { signature, signed in
                key.isValidSignature(.init(rawRepresentation: signature), for: signed, padding: .insecurePKCS1v1_5)
            }
        case "EC":
            guard jwk["crv"]?.string == "P-256", let x = Self.number(jwk["x"], 32...32), let y = Self.number(jwk["y"], 32...32),
                let key = try? P256.Signing.PublicKey(x963Representation: [4] + x + y)
            else { return nil }
            algorithm = .es256
            verifies = { signature, signed in
                guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
                return key.isValidSignature(signature, for: signed)
            }
        default: return nil
        }
        if let named = jwk["alg"], named.string != algorithm.rawValue { return nil }
        kid = jwk["kid"]?.string
    }

    private static func number(_ value: JSONValue?, _ count: some RangeExpression<Int>) -> [UInt8]? {
        guard let text = value?.string, let bytes = Base64URL.decode(text), !bytes.isEmpty, count.contains(bytes.count) else {
            return nil
        }
        return bytes
    }
}
