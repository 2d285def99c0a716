import Crypto
import Foundation
import Tokens

/// The installation's secret: signs form tokens and flash cookies. At least 32 bytes, the same on every node.
public struct Secret: Sendable {
    private let key: SymmetricKey

    /// - Throws: `Failure` when there are fewer than 32 bytes.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count >= 32 else {
            throw Failure(.internalServerError, "weak_secret", "The secret must have at least 32 bytes")
        }
        key = SymmetricKey(data: bytes)
    }

    /// HMAC-SHA256 over the purpose and the parts, as 43 characters of base64url. Parts are length-prefixed, so that no two
    /// lists of parts sign alike.
    package func sign(_ purpose: String, _ parts: String...) -> String {
        Base64URL.encode(code(purpose, parts))
    }

    /// Compared in constant time.
    package func verify(_ signature: String, _ purpose: String, _ parts: String...) -> Bool {
        guard let given = Base64URL.decode(signature) else { return false }
        let expected = Array(code(purpose, parts))
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func code(_ purpose: String, _ parts: [String]) -> HMAC<SHA256>.MAC {
        var mac = HMAC<SHA256>(key: key)
        for part in [purpose] + parts {
            mac.update(data: Data("\(part.utf8.count):\(part)".utf8))
        }
        return mac.finalize()
    }
}
