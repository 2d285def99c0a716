import Crypto
import Foundation

/// One-time codes by the clock (RFC 6238, over RFC 4226): HMAC-SHA-1, a step of 30 seconds, one step either way for clocks that differ.
/// SHA-1 because it is what every authenticator app computes; nothing here rests on its resistance to collisions.
package struct TOTP: Sendable {
    static let digits = 6
    static let seconds = 30.0
    private let key: SymmetricKey

    package init(_ secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// 160 random bits, as RFC 4226 recommends.
    package static func secret() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    package static func step(at now: Date) -> Int64 {
        Int64(exactly: (now.timeIntervalSince1970 / seconds).rounded(.down)) ?? 0
    }

    package func code(_ step: Int64, digits: Int = 6) -> String {
        let message = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        let start = Int((mac.last ?? 0) & 15)
        let number = mac.dropFirst(start).prefix(4).reduce(UInt32(0)) { ($0 << 8) | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }

    /// The step whose code this is; nil for a wrong one and for one that was used, or is older than one that was.
    package func match(_ code: String, at now: Date, after last: Int64) -> Int64? {
        let present = Self.step(at: now)
        return [present, present - 1, present + 1].first { step in
            step > last && Self.same(self.code(step), code)
        }
    }

    /// Takes the same time wherever the two differ.
    private static func same(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        return one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// RFC 4648, without padding: how authenticator apps want a secret typed.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func encode(_ bytes: [UInt8]) -> String {
        var (text, bits, count) = ("", UInt32(0), UInt32(0))
        for byte in bytes {
            bits = (bits << 8) | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int((bits >> count) & 31)])
            }
        }
        if count > 0 { text.append(alphabet[Int((bits << (5 - count)) & 31)]) }
        return text
    }
}
