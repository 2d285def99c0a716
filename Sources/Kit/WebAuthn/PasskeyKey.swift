import Crypto
import Foundation
import _CryptoExtras

/// A passkey's public half: ES256 or RS256, as RFC 9053 and RFC 8812 write them. The key says by itself which of the two it is for, so that
/// nobody chooses another algorithm for it later.
public enum PasskeyKey: Sendable {
    case es256(P256.Signing.PublicKey)
    case rs256(_RSA.Signing.PublicKey)

    /// As COSE numbers them, the one that we would rather have first.
    public static let algorithms = [-7, -257]

    /// From the COSE key that an authenticator sent.
    ///
    /// - Throws: `PasskeyProblem.key` for every other kind, a point that is not on the curve, fewer than 2048 bits.
    public init(cose bytes: [UInt8]) throws(PasskeyProblem) {
        guard let key = try? CBORReader.value(of: bytes) else { throw .key }
        switch (key[.integer(1)], key[.integer(3)]) {
        case (.integer(2), .integer(-7)): self = .es256(try Self.curve(key))
        case (.integer(3), .integer(-257)): self = .rs256(try Self.modulus(key))
        default: throw .key
        }
    }

    private static func curve(_ key: CBOR) throws(PasskeyProblem) -> P256.Signing.PublicKey {
        guard key[.integer(-1)] == .integer(1), let x = key[.integer(-2)]?.bytes, let y = key[.integer(-3)]?.bytes,
            x.count == 32, y.count == 32, let point = try? P256.Signing.PublicKey(x963Representation: [4] + x + y)
        else { throw .key }
        return point
    }

    /// 4096 bits at most: whoever makes a key decides how long each signature keeps us busy.
    private static func modulus(_ key: CBOR) throws(PasskeyProblem) -> _RSA.Signing.PublicKey {
        guard let n = key[.integer(-1)]?.bytes, let e = key[.integer(-2)]?.bytes, (256...512).contains(n.count),
            (1...4).contains(e.count), let modulus = try? _RSA.Signing.PublicKey(n: n, e: e), modulus.keySizeInBits >= 2048
        else { throw .key }
        return modulus
    }

    public var algorithm: Int {
        switch self {
        case .es256: -7
        case .rs256: -257
        }
    }

    /// Both over SHA-256.
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch self {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .rs256(let key):
            return key.isValidSignature(.init(rawRepresentation: signature), for: message, padding: .insecurePKCS1v1_5)
        }
    }
}
