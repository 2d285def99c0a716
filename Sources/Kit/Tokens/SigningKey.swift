import Foundation
import _CryptoExtras

/// An RSA key that signs (RS256). Making one takes some hundred milliseconds, signing one or two: not on an event loop.
public struct SigningKey: Sendable {
    private let key: _RSA.Signing.PrivateKey
    public let verifying: VerifyingKey

    /// A new key of 2048 bits.
    public init() throws {
        try self.init(_RSA.Signing.PrivateKey(keySize: .bits2048))
    }

    /// - Throws: when it is no private RSA key of 2048 bits or more.
    public init(der: [UInt8]) throws {
        try self.init(_RSA.Signing.PrivateKey(derRepresentation: der))
    }

    private init(_ key: _RSA.Signing.PrivateKey) throws {
        self.key = key
        verifying = try VerifyingKey(key.publicKey)
    }

    public var der: [UInt8] { Array(key.derRepresentation) }

    func signature(of bytes: some DataProtocol) throws -> [UInt8] {
        Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
    }
}

/// The public half, which verifies.
public struct VerifyingKey: Sendable {
    private let key: _RSA.Signing.PublicKey
    /// Its name in tokens and in the set of keys: the thumbprint of RFC 7638, so that no two keys share one.
    public let kid: String
    /// As the set of keys shows it (RFC 7517).
    public let jwk: JWK

    /// - Throws: when it is no public RSA key of 2048 bits or more.
    public init(der: [UInt8]) throws {
        try self.init(_RSA.Signing.PublicKey(derRepresentation: der))
    }

    fileprivate init(_ key: _RSA.Signing.PublicKey) throws {
        self.key = key
        let numbers = try key.getKeyPrimitives()
        let (n, e) = (Base64URL.encode(numbers.modulus), Base64URL.encode(numbers.publicExponent))
        kid = Base64URL.encode(SHA256.hash(data: Data("{\"e\":\"\(e)\",\"kty\":\"RSA\",\"n\":\"\(n)\"}".utf8)))
        jwk = JWK(kid: kid, n: n, e: e)
    }

    public var der: [UInt8] { Array(key.derRepresentation) }

    func verifies(_ signature: [UInt8], of bytes: some DataProtocol) -> Bool {
        key.isValidSignature(.init(rawRepresentation: signature), for: bytes, padding: .insecurePKCS1v1_5)
    }
}

/// One key of a JWK set.
public struct JWK: Encodable, Sendable {
    public let kty = "RSA"
    public let use = "sig"
    public let alg = AccessToken.algorithm
    public let kid: String
    public let n: String
    public let e: String
}
