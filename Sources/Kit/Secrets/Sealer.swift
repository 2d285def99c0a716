import Crypto
import Foundation

/// Seals what the database keeps but must not tell whoever reads it: secrets of second factors, private keys.
///
/// AES-256-GCM. A sealed text is one byte of version (1), four of the key's id, twelve of nonce, the ciphertext, sixteen of tag. The
/// purpose is authenticated with it, so that what was sealed for one row opens for no other. The first key seals, all of them open: a new
/// key is put before the old one, which stays until everything was sealed anew.
public struct Sealer: Sendable {
    private struct Key: Sendable {
        let id: [UInt8]
        let key: SymmetricKey

        init(_ secret: [UInt8]) {
            key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret), info: Data("portico seal".utf8), outputByteCount: 32)
            id = Array(SHA256.hash(data: Data("portico seal id".utf8) + Data(secret)).prefix(4))
        }
    }

    private static let version: UInt8 = 1
    private let keys: [Key]
    private let first: Key

    /// Takes the keys as hex digits, 32 bytes or more each, with blanks, line breaks or commas between them; the first one seals.
    ///
    /// - Throws: `SealError.badKeys`.
    public init(keys text: String) throws {
        let secrets = text.split { $0.isWhitespace || $0 == "," }.map { Self.bytes($0) }
        keys = try secrets.map { secret in
            guard let secret, secret.count >= 32 else { throw SealError.badKeys }
            return Key(secret)
        }
        guard let first = keys.first else { throw SealError.badKeys }
        self.first = first
    }

    /// - Parameter purpose: what it is and whose, e.g. table, company and id; the same is asked for when it is opened.
    public func seal(_ bytes: [UInt8], for purpose: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: first.key, nonce: AES.GCM.Nonce(), authenticating: Data(purpose.utf8))
        return [Self.version] + first.id + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// - Throws: `SealError.unopened` when it was changed, sealed for another purpose, or with a key that is not among these.
    public func open(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        guard sealed.first == Self.version, let key = keys.first(where: { sealed.dropFirst().starts(with: $0.id) }),
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(5)),
            let bytes = try? AES.GCM.open(box, using: key.key, authenticating: Data(purpose.utf8))
        else { throw SealError.unopened }
        return Array(bytes)
    }

    /// Whether it was sealed with an older key than the first.
    public func isStale(_ sealed: [UInt8]) -> Bool { !sealed.dropFirst().starts(with: first.id) }

    private static func bytes(_ hex: Substring) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
    }
}

public enum SealError: Error, Sendable {
    /// Keys are hex digits of 32 bytes or more each.
    case badKeys
    case unopened
}
