import Crypto
import Foundation

/// What one lookup knows about whoever is signed in: the member, their rights, and what every page shows of them.
public struct Session: Sendable {
    public var id: UUID
    public var memberID: UUID
    public var name: String
    public var email: String
    public var roles: [String]
    /// The member's own choices; `nil` means the company's.
    public var locale: String?
    public var timeZone: String?
    public var theme: String
    public var density: String
    /// Unread notices, for the bell.
    public var unread: Int
    /// The last time that this session was seen; renewed at most once a minute.
    public var seenAt: Date
    /// The last time that whoever holds the session proved who they are; nil when that is not known.
    public var provedAt: Date?
    /// Whether the member has more than a password to sign in with.
    public var hasFactor: Bool

    public init(
        id: UUID, memberID: UUID, name: String, email: String, roles: [String], locale: String?, timeZone: String?,
        theme: String, density: String, unread: Int, seenAt: Date, provedAt: Date? = nil, hasFactor: Bool = false
    ) {
        self.id = id
        self.memberID = memberID
        self.name = name
        self.email = email
        self.roles = roles
        self.locale = locale
        self.timeZone = timeZone
        self.theme = theme
        self.density = density
        self.unread = unread
        self.seenAt = seenAt
        self.provedAt = provedAt
        self.hasFactor = hasFactor
    }
}

/// 256 random bits that prove a sign-in. Only its SHA-256 is ever stored.
public struct SessionToken: Sendable {
    /// 43 characters of base64url, for the cookie or the bearer header.
    public let text: String

    /// A fresh token from the system's random source.
    public init() {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        text = Base64URL.encode(bytes)
    }

    /// A token that a client presented; `nil` when it cannot be one of ours, so that no query is spent on it.
    public init?(presented: some StringProtocol) {
        guard presented.utf8.count == 43, presented.utf8.allSatisfy(Base64URL.isDigit) else { return nil }
        text = String(presented)
    }

    /// SHA-256 of the text, 32 bytes.
    public var hash: [UInt8] {
        Array(SHA256.hash(data: Data(text.utf8)))
    }
}

enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8) | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int((bits >> UInt32(count)) & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int((bits << UInt32(6 - count)) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The bytes of a base64url text, or `nil` when it is not one.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6) | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
