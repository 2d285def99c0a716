import Crypto
import Foundation
import HTTPTypes
import Tokens

/// What programs present: an access token, or a personal one.
enum Bearer {
    static func text(_ headers: HTTPFields) -> Substring? {
        guard let line = headers[.authorization], line.prefix(7).lowercased() == "bearer " else { return nil }
        return line.dropFirst(7)
    }

    /// Of the whole text, signature and all: what a session's row is found by.
    static func hash(_ text: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

/// 256 random bits that a member made for a program of their own, or for a device. Its beginning tells scanners for leaked secrets whose it is.
public struct PersonalToken: Sendable {
    public static let prefix = "portico_"

    public let text: String

    public init() {
        text = Self.prefix + SessionToken().text
    }

    /// `nil` when it cannot be one of ours.
    init?(presented: Substring) {
        guard presented.hasPrefix(Self.prefix), SessionToken(presented: presented.dropFirst(Self.prefix.count)) != nil else {
            return nil
        }
        text = String(presented)
    }

    /// SHA-256 of the text, 32 bytes.
    public var hash: [UInt8] { Bearer.hash(text) }
}
