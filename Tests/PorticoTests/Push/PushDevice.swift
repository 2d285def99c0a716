import Crypto
import Foundation
import Testing
import Tokens

@testable import Push

/// A browser with its keys, which reads what it is sent as RFC 8291 says.
struct PushDevice: Sendable {
    private let key = P256.KeyAgreement.PrivateKey()
    private let secret = (0..<16).map { _ in UInt8.random(in: .min ... .max) }

    var p256dh: String { Base64URL.encode(Array(key.publicKey.x963Representation)) }
    var auth: String { Base64URL.encode(secret) }

    var keys: WebPushKeys {
        get throws { try #require(WebPushKeys(p256dh: p256dh, auth: auth)) }
    }

    func open(_ body: [UInt8]) throws -> String {
        let (salt, sender, record) = (body.prefix(16), body.dropFirst(21).prefix(65), body.dropFirst(86))
        let other = try P256.KeyAgreement.PublicKey(x963Representation: sender)
        let info = Array("WebPush: info".utf8) + [0] + Array(key.publicKey.x963Representation) + sender
        let material = try key.sharedSecretFromKeyAgreement(with: other).hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: secret, sharedInfo: info, outputByteCount: 32)
        func derive(_ what: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: material, salt: Array(salt), info: Array(what.utf8) + [0], outputByteCount: count)
        }
        let nonce = derive("Content-Encoding: nonce", 12).withUnsafeBytes { Array($0) }
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: nonce), ciphertext: Array(record.dropLast(16)), tag: Array(record.suffix(16)))
        let text = try AES.GCM.open(box, using: derive("Content-Encoding: aes128gcm", 16))
        // Padding, and the byte that says that this is the last record.
        return String(decoding: Array(text).reversed().drop { $0 == 0 }.dropFirst().reversed(), as: UTF8.self)
    }

    /// What it was shown: title, body, path, tag.
    func read(_ body: [UInt8]) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(open(body).utf8))
    }
}
