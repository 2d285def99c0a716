import Database
import Foundation
import Tokens
import Web
import WebAuthn

/// A passkey as browsers are told of it, to look for it or to make no second one.
struct PasskeyDescriptor: Codable, Record, Sendable {
    var type = "public-key"
    /// base64url.
    let id: String
    let transports: [String]

    init(row: Row) throws {
        id = Base64URL.encode(try row["credential_id"] as [UInt8])
        transports = try row["transports"]
    }

    /// Those of a member that browsers show at this name of the company.
    static func all(of member: UUID, at host: String, _ tenant: Int32) -> Query<[PasskeyDescriptor]> {
        .many(
            """
            select credential_id, transports from app.passkey
             where tenant_id = \(tenant) and member_id = \(member) and host = \(host) order by id
            """)
    }
}

/// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3): for `navigator.credentials.get`.
struct PasskeyRequestOptions: Codable, Sendable {
    let challenge: String
    let rpId: String
    var timeout = PasskeyChallenge.life * 1000
    var userVerification = "required"
    /// Empty: the browser lets people choose among all that they have here.
    let allowCredentials: [PasskeyDescriptor]

    init(_ challenge: PasskeyChallenge, allow: [PasskeyDescriptor] = [], _ context: TenantContext) {
        self.challenge = challenge.make()
        rpId = context.host
        allowCredentials = allow
    }
}

/// `PublicKeyCredentialCreationOptionsJSON`: for `navigator.credentials.create`.
struct PasskeyCreationOptions: Codable, Sendable {
    struct Site: Codable, Sendable {
        let id: String
        let name: String
    }

    struct User: Codable, Sendable {
        let id: String
        let name: String
        let displayName: String
    }

    struct Parameter: Codable, Sendable {
        var type = "public-key"
        let alg: Int
    }

    /// Such that it can sign in without a mail address, and only after its holder has unlocked it.
    struct Selection: Codable, Sendable {
        var residentKey = "required"
        var requireResidentKey = true
        var userVerification = "required"
    }

    let challenge: String
    let rp: Site
    let user: User
    var pubKeyCredParams = PasskeyKey.algorithms.map { Parameter(alg: $0) }
    var timeout = PasskeyChallenge.life * 1000
    var attestation = "none"
    var authenticatorSelection = Selection()
    let excludeCredentials: [PasskeyDescriptor]

    init(without known: [PasskeyDescriptor], _ context: MemberContext) {
        challenge = PasskeyChallenge(.make, context).make()
        rp = Site(id: context.outer.host, name: context.tenant.name)
        user = User(
            id: Base64URL.encode(context.memberID.handle), name: context.session.email, displayName: context.session.name)
        excludeCredentials = known
    }
}

/// Options for a program, which has no page to find them on.
struct PasskeyOptionsJSON<Options: Codable & Sendable>: Codable, Sendable {
    let publicKey: Options
    var expiresIn = PasskeyChallenge.life
    /// Goes back with the answer, which is good for nobody else; nil where a session or another token does that.
    var passkeyToken: String?
}

extension UUID {
    /// The sixteen bytes by which a passkey knows its member; they tell nobody anything.
    var handle: [UInt8] { withUnsafeBytes(of: uuid, Array.init) }
}
