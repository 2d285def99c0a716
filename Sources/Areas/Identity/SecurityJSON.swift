import Foundation
import Web

/// The second factor for programs.
struct FactorJSON: Codable, Sendable {
    let enabled: Bool
    let authenticatorSince: Date?
    let passkeys: Int
    let recoveryCodesLeft: Int
    let required: Bool

    init(_ state: FactorState, _ context: MemberContext) {
        enabled = context.session.hasFactor
        authenticatorSince = state.authenticatorSince
        passkeys = state.passkeys
        recoveryCodesLeft = state.codesLeft
        required = context.tenant.requiresFactor(context.session.roles)
    }
}

/// A secret that waits for its first code.
struct AuthenticatorOffer: Codable, Sendable {
    /// Base32, as it is typed into an app.
    let secret: String
    /// For the QR code.
    let otpauthURL: String

    enum CodingKeys: String, CodingKey {
        case secret
        case otpauthURL = "otpauthUrl"
    }

    /// Apps show company and address; both stand in the label, as the "Key Uri Format" of Google Authenticator has it.
    init(_ secret: [UInt8], _ context: MemberContext) {
        self.secret = Base32.encode(secret)
        let (company, address) = (Self.escaped(context.tenant.name), Self.escaped(context.session.email))
        otpauthURL =
            "otpauth://totp/\(company):\(address)?secret=\(self.secret)&issuer=\(company)&algorithm=SHA1&digits=\(TOTP.digits)"
            + "&period=\(Int(TOTP.seconds))"
    }

    private static let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{20}"..."\u{7E}"))
        .union(CharacterSet(charactersIn: "-._~@"))

    private static func escaped(_ text: String) -> String {
        String(text.prefix(120)).addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}

struct RecoveryCodesJSON: Codable, Sendable {
    let recoveryCodes: [String]
}
