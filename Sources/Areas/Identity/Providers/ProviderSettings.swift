import HTML
import Tenancy

/// One identity provider, as it stands under `identity.providers` in `tenant.yaml`.
package struct Provider: Sendable {
    /// Its name in addresses.
    package let key: String
    let setting: ProviderSetting

    /// As people read it: on the button, in letters.
    package func title(_ language: String) -> String { setting.terms.title?[language] ?? setting.house.name ?? key }
}

struct ProviderSetting: Sendable {
    let house: ProviderHouse
    let terms: Terms

    /// What is the same for every provider.
    struct Terms: Sendable {
        let title: Translated?
        let clientID: String
        /// Of the secret among the operator's (`ClientSecrets`); nil for a client that has none.
        let secretName: String?
        let scopes: [String]?
        let mail: Mail
        let roles: RoleMapping
        let factor: SufficientFactor
    }

    /// Whether an address is confirmed where the provider does not say so.
    enum Mail: String, CaseIterable, Sendable { case confirmed, trusted }

    static let schema = Schema<ProviderSetting>.variant(
        "preset",
        .when("oidc", issuer, title, client, secret, scopes, mail, roles, factor) {
            ProviderSetting(house: .other(issuer: $0), terms: Terms($1, $2, $3, $4, $5, $6, $7))
        },
        .when("google", titled, client, secret, scopes, mail, roles, factor) {
            ProviderSetting(house: .google, terms: Terms($0, $1, $2, $3, $4, $5, $6))
        },
        .when("apple", team, keyID, titled, client, neededSecret, scopes, mail, roles, factor) {
            ProviderSetting(house: .apple(team: $0, keyID: $1), terms: Terms($2, $3, $4, $5, $6, $7, $8))
        },
        .when("facebook", titled, client, secret, scopes, mail, roles, factor) {
            ProviderSetting(house: .facebook, terms: Terms($0, $1, $2, $3, $4, $5, $6))
        },
        .when("azure", directory, titled, client, secret, scopes, mail, roles, factor) {
            ProviderSetting(house: .azure(directory: $0), terms: Terms($1, $2, $3, $4, $5, $6, $7))
        },
        .when("auth0", domain, titled, client, secret, scopes, mail, roles, factor) {
            ProviderSetting(house: .auth0(domain: $0), terms: Terms($1, $2, $3, $4, $5, $6, $7))
        })

    private static let issuer = Setting<String>.required(
        "issuer",
        Schema<String>.text(8...500).checked("an https address without query") { address in
            ProviderAddress.isSound(address) && !address.contains("?") && !address.contains("#")
                ? nil : "must be an address that begins with https:// and has no ? or #"
        }, "Who it says it is; its discovery document stands under it.")
    private static let title = Setting<Translated?>.required(
        "title", Schema<Translated>.translated(1...40).map { $0 }, "As it stands on the button.")
    private static let titled = Setting<Translated?>.optional("title", .translated(1...40), "Instead of the provider's own name.")
    private static let client = Setting<String>.required("clientID", .text(1...200), "As the provider knows this company.")
    private static let secret = Setting<String?>.optional(
        "secretName", .formatted(.key), "Name of the client's secret, which the operator has; without it there is none.")
    private static let neededSecret = Setting<String?>.required(
        "secretName", Schema<String>.formatted(.key).map { $0 }, "Name of the signing key, which the operator has.")
    private static let scopes = Setting<[String]?>.optional(
        "scopes", .distinct(.text(1...200), count: 1...20), "What is asked for; openid is asked for anyway.")
    private static let mail = Setting<Mail>.optional(
        "mail", .choice(), default: .confirmed,
        "Newcomers need an address that the provider says is confirmed; trusted: any that it names.")
    private static let roles = Setting<RoleMapping>.optional(
        "roles", RoleMapping.schema, default: RoleMapping.none, "Which roles people get who sign in here.")
    private static let factor = Setting<SufficientFactor>.optional(
        "secondFactor", SufficientFactor.schema, default: SufficientFactor.none,
        "What the provider says when it has asked for a second factor itself.")
    private static let team = Setting<String>.required("team", .text(1...40), "The developer team's id.")
    private static let keyID = Setting<String>.required("keyID", .text(1...40), "The signing key's id.")
    private static let directory = Setting<String>.required(
        "directory",
        Schema<String>.text(36...36).checked("a directory's id") { text in
            text.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) == nil
                ? "must be the directory's own id, 32 digits and four hyphens" : nil
        }, "The directory (tenant) id.")
    private static let domain = Setting<String>.required("domain", .formatted(.host), "For example acme.eu.auth0.com.")
}

extension ProviderSetting.Terms {
    fileprivate init(
        _ title: Translated?, _ clientID: String, _ secretName: String?, _ scopes: [String]?, _ mail: ProviderSetting.Mail,
        _ roles: RoleMapping, _ factor: SufficientFactor
    ) {
        self.init(
            title: title, clientID: clientID, secretName: secretName, scopes: scopes, mail: mail, roles: roles, factor: factor)
    }
}

/// What `amr` or `acr` of an ID token may say so that ours is not asked for, too (RFC 8176).
struct SufficientFactor: Sendable {
    let amr: [String]
    let acr: [String]

    static let none = SufficientFactor(amr: [], acr: [])
    static let schema = Schema<SufficientFactor>.object(
        .optional(
            "amr", .distinct(.text(1...100), count: 0...20), default: [], "Methods, one of which is enough, as mfa or hwk."),
        .optional("acr", .distinct(.text(1...200), count: 0...20), default: [], "Classes, one of which is enough."),
        make: SufficientFactor.init)

    func isMet(by assertion: Assertion) -> Bool {
        assertion.methods.contains(where: amr.contains) || assertion.contextClass.map(acr.contains) == true
    }
}

/// Addresses of providers: https, or this very machine, which the rules for addresses outside refuse unless the operator opens it.
enum ProviderAddress {
    static func isSound(_ address: String) -> Bool {
        guard SafeURL(address) != nil else { return false }
        return address.hasPrefix("https://")
            || ["http://127.0.0.1:", "http://localhost:"].contains { address.hasPrefix($0) }
    }
}
