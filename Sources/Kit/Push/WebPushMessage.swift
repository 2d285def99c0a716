import Crypto
import Foundation
import Tokens

/// What a browser gave with its subscription so that only it can read what it is sent.
public struct WebPushKeys: Sendable {
    /// P-256, uncompressed: 65 bytes.
    let agent: P256.KeyAgreement.PublicKey
    /// 16 bytes.
    let secret: [UInt8]

    /// - Parameters: `p256dh` and `auth` as the Push API names them, in base64url. Nil when they are no such keys.
    public init?(p256dh: String, auth: String) {
        guard p256dh.utf8.count <= 100, auth.utf8.count <= 40, let point = Base64URL.decode(p256dh), point.count == 65,
            let secret = Base64URL.decode(auth), secret.count == 16,
            let agent = try? P256.KeyAgreement.PublicKey(x963Representation: point)
        else { return nil }
        self.agent = agent
        self.secret = secret
    }
}

/// A message to a browser, encrypted for it alone (RFC 8291): the push service in between learns neither its words nor, by padding, much of
/// their length.
public enum WebPushMessage {
    /// Services take 4096 bytes (RFC 8030, 7.2), of which header and tag are 103.
    public static let mostBytes = 3993
    private static let step = 1024

    /// - Throws: when the text is longer than `mostBytes`.
    public static func encrypt(_ text: [UInt8], for keys: WebPushKeys) throws -> [UInt8] {
        guard text.count <= mostBytes else { throw PushFailure.rejected("The message is too long") }
        let length = min((text.count + step - 1) / step * step, mostBytes)
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return try encrypt(text, for: keys, from: P256.KeyAgreement.PrivateKey(), salt: salt, paddedTo: length)
    }

    /// - Parameter key: for this message alone.
    static func encrypt(
        _ text: [UInt8], for keys: WebPushKeys, from key: P256.KeyAgreement.PrivateKey, salt: [UInt8], paddedTo length: Int
    ) throws -> [UInt8] {
        let sender = Array(key.publicKey.x963Representation)
        let info = Array("WebPush: info".utf8) + [0] + Array(keys.agent.x963Representation) + sender
        let material = try key.sharedSecretFromKeyAgreement(with: keys.agent).hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: keys.secret, sharedInfo: info, outputByteCount: 32)
        return try EncryptedContent.seal(text, paddedTo: length, key: material, salt: salt, keyID: sender)
    }
}
