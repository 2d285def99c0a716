import Crypto
import Foundation

/// What an invitation's link carries: 128 random bits as 32 hex digits, which can also be typed from paper. Only its SHA-256 is stored.
package struct InvitationCode: Sendable {
    package let text: String

    package init() {
        var random = SystemRandomNumberGenerator()
        let (high, low) = (UInt64.random(in: .min ... .max, using: &random), UInt64.random(in: .min ... .max, using: &random))
        text = [high, low].map { Self.hex($0) }.joined()
    }

    /// What somebody presents; nil when it cannot be one of ours, so that no query is spent on it.
    package init?(presented: String) {
        let digits = presented.lowercased().filter { $0 != " " && $0 != "-" }
        guard digits.utf8.count == 32, digits.utf8.allSatisfy(Self.isHex) else { return nil }
        text = digits
    }

    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
