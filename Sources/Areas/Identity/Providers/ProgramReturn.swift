import Foundation
import HTML
import Tenancy
import Tokens
import Web

/// Where a program on somebody's device waits for the end of a sign-in, and how it proves that it began it (RFC 8252, RFC 7636).
struct ProgramReturn: Codable, Sendable {
    let redirect: String
    let challenge: String
    /// The program's own.
    let state: String?

    enum CodingKeys: String, CodingKey {
        case redirect = "r"
        case challenge = "c"
        case state = "s"
    }

    /// - Throws: 400 for an address that the company has not listed, and without a challenge.
    init(_ incoming: Incoming, _ tenant: Tenant) throws {
        let query = incoming.query
        let (redirect, challenge) = (query.single("redirect_uri") ?? "", query.single("code_challenge") ?? "")
        let (method, state) = (query.single("code_challenge_method"), query.single("state"))
        guard tenant[IdentitySettings.section].redirects.contains(where: { ProgramAddress.fits(redirect, $0) }) else {
            throw Failure.redirectUnknown
        }
        // 32 bytes in base64url: only S256.
        guard method == "S256", challenge.utf8.count == 43, Base64URL.decode(challenge)?.count == 32 else {
            throw Failure.challengeMissing
        }
        guard state.map({ $0.utf8.count <= 500 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) ?? true else {
            throw Failure.malformed("The state has more than 500 characters, or others than printable ASCII")
        }
        (self.redirect, self.challenge, self.state) = (redirect, challenge, state)
    }

    /// - Throws: 400, for an address that cannot be one; the company's list has none such.
    func back(_ answer: [(String, String)]) throws -> SafeURL {
        let query = FormText.encode(answer + (state.map { [("state", $0)] } ?? []))
        let address = redirect + (redirect.contains("?") ? "&" : "?") + query
        guard let url = SafeURL(address) ?? SafeURL(program: address) else { throw Failure.redirectUnknown }
        return url
    }
}

/// Addresses of programs, as they stand under `identity.redirects`.
enum ProgramAddress {
    /// This very device, at whichever port the program has found free (RFC 8252, 7.3).
    private static let loopback = ["http://127.0.0.1", "http://[::1]"]

    static func isSound(_ address: String) -> Bool {
        guard !address.contains("#"), let url = SafeURL(address) ?? SafeURL(program: address) else { return false }
        if loopback.contains(where: { url.string == $0 || url.string.hasPrefix("\($0)/") }) { return true }
        return url.string.hasPrefix("https://") || SafeURL(program: address) != nil
    }

    /// Letter by letter, but for the port of this very device.
    static func fits(_ address: String, _ listed: String) -> Bool {
        if address == listed { return true }
        for host in loopback where address.hasPrefix("\(host):") && (listed == host || listed.hasPrefix("\(host)/")) {
            let rest = address.dropFirst(host.count + 1)
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            return UInt16(digits).map { $0 > 0 } == true && rest.dropFirst(digits.count) == listed.dropFirst(host.count)
        }
        return false
    }
}

extension Failure {
    static let redirectUnknown = Failure(
        .badRequest, "redirect_uri_unknown", "The company has not listed this redirect_uri")
    static let challengeMissing = Failure(
        .badRequest, "code_challenge_missing", "A code_challenge with code_challenge_method=S256 is needed (RFC 7636)")
    static let loginCodeInvalid = Failure(.unauthorized, "login_code_invalid", "This sign-in is over, or another program's")
}
