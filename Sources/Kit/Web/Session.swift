import Crypto
import Foundation
import Tokens

/// What one lookup knows about whoever is signed in: the member, their rights, and what every page shows of them.
public struct Session: Sendable {
    public var id: UUID
    public var memberID: UUID
    public var name: String
    public var email: String
    public var roles: [String]
    /// What others have lent the member for now, in the words of the area that knows it (`Doors.lent`).
    public var lent: [String]
    /// The member's own choices; `nil` means the company's.
    public var locale: String?
    public var timeZone: String?
    public var theme: String
    public var density: String
    /// Unread notices, for the bell.
    public var unread: Int
    /// Conversations with something unread, for the navigation.
    public var talks: Int
    /// The last time that this session was seen; renewed at most once a minute.
    public var seenAt: Date
    /// The permissions that a personal token is limited to; `nil` for a session, which has all of its member's.
    public var scopes: Set<String>?
    /// The last time that whoever holds the session proved who they are; nil when that is not known.
    public var provedAt: Date?
    /// Whether the member has more than a password to sign in with.
    public var hasFactor: Bool
    /// Whether the identity provider of this sign-in vouched for a second factor of its own.
    public var isVouched: Bool
    /// Set while somebody else looks at this member's pages.
    public var preview: Preview?
    /// A machine of the company's, which may only what its token's scopes and the company's file say (`Doors.devices`).
    public var isDevice: Bool

    public init(
        id: UUID, memberID: UUID, name: String, email: String, roles: [String], lent: [String] = [], locale: String?,
        timeZone: String?, theme: String, density: String, unread: Int, talks: Int = 0, seenAt: Date, scopes: Set<String>? = nil,
        provedAt: Date? = nil, hasFactor: Bool = false, isVouched: Bool = false, preview: Preview? = nil, isDevice: Bool = false
    ) {
        self.id = id
        self.memberID = memberID
        self.name = name
        self.email = email
        self.roles = roles
        self.lent = lent
        self.locale = locale
        self.timeZone = timeZone
        self.theme = theme
        self.density = density
        self.unread = unread
        self.talks = talks
        self.seenAt = seenAt
        self.scopes = scopes
        self.provedAt = provedAt
        self.hasFactor = hasFactor
        self.isVouched = isVouched
        self.preview = preview
        self.isDevice = isDevice
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
