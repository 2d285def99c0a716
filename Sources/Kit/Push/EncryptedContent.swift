import Crypto
import Foundation

/// The content coding `aes128gcm` (RFC 8188), as one record.
enum EncryptedContent {
    static let recordSize: UInt32 = 4096
    /// One byte that ends the text, and the tag.
    static let overhead = 17

    /// - Parameters:
    ///   - length: how long text and padding are together; a text that is longer is not padded.
    ///   - key: the input keying material.
    ///   - salt: 16 bytes, never the same again with this key.
    ///   - keyID: at most 255 bytes, which travel in the clear.
    static func seal(_ text: [UInt8], paddedTo length: Int, key: SymmetricKey, salt: [UInt8], keyID: [UInt8]) throws -> [UInt8] {
        let contentKey = derive(key, salt, "Content-Encoding: aes128gcm", 16)
        // The number of the record is mixed into the nonce; that of the first is 0.
        let nonce = derive(key, salt, "Content-Encoding: nonce", 12).withUnsafeBytes { Array($0) }
        let padding = [UInt8](repeating: 0, count: max(0, length - text.count))
        // 2: the last record.
        let box = try AES.GCM.seal(text + [2] + padding, using: contentKey, nonce: AES.GCM.Nonce(data: nonce))
        let size = (0..<4).map { UInt8(truncatingIfNeeded: recordSize >> UInt32(24 - 8 * $0)) }
        return salt + size + [UInt8(truncatingIfNeeded: keyID.count)] + keyID + Array(box.ciphertext) + Array(box.tag)
    }

    private static func derive(_ key: SymmetricKey, _ salt: [UInt8], _ what: String, _ count: Int) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: salt, info: Array(what.utf8) + [0], outputByteCount: count)
    }
}
