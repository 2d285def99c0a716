import HTML
import Tenancy
import Web

/// What may stand under `identity:` in `tenant.yaml`.
package struct IdentitySettings: Sendable {
    /// Roles whose members have to sign in with a second factor.
    package let factorRequiredFor: [String]
    let passwords: PasswordRule
    /// In the order of the file.
    package let providers: [Provider]
    /// Where programs on people's devices may wait for the end of a sign-in (`ProgramAddress`).
    let redirects: [String]

    private static let standard = IdentitySettings(factorRequiredFor: [], passwords: .allowed, providers: [], redirects: [])

    package static let section = TenantSection(
        "identity", "How people prove who they are.",
        Schema<IdentitySettings>.object(
            .optional("secondFactor", factor, default: [], "An authenticator's code or a passkey besides the password."),
            .optional(
                "passwords", PasswordRule.schema, default: .allowed, "Whether people sign in with a password of Portico's."),
            .optional(
                "providers", .keyed(of: ProviderSetting.schema, count: 0...20), default: Keyed([]),
                "Identity providers that people sign in with; keys stand in addresses."),
            .optional(
                "redirects", .distinct(redirect, count: 0...50), default: [],
                "Where programs are led back to after a sign-in with a provider."),
            make: { factor, passwords, providers, redirects in
                IdentitySettings(
                    factorRequiredFor: factor, passwords: passwords,
                    providers: providers.map { Provider(key: $0.key, setting: $0.value) }, redirects: redirects)
            }
        ).checked("without passwords there is a provider") { settings in
            settings.providers.isEmpty && settings.passwords != .allowed
                ? "needs a provider: without one nobody could sign in without a password" : nil
        },
        standard: standard)

    private static let redirect = Schema<String>.text(8...300).checked("https, a scheme with a dot, or this device") { address in
        ProgramAddress.isSound(address)
            ? nil : "must begin with https://, http://127.0.0.1/, http://[::1]/ or a scheme of your own that has a dot, without #"
    }

    private static let factor = Schema<[String]>.object(
        .optional(
            "requiredFor", .distinct(.role, count: 0...50), default: [],
            "Roles that have to set one up before they can do anything else."),
        make: { $0 })
}

/// Who signs in with a password.
enum PasswordRule: Sendable, Equatable {
    case allowed
    case never
    case neverFor([String])

    static let schema = Schema<PasswordRule>.variant(
        "rule",
        .when("allowed") { PasswordRule.allowed },
        .when("never") { PasswordRule.never },
        .when("neverFor", roles) { .neverFor($0) })

    private static let roles = Setting<[String]>.required(
        "roles", .distinct(.role, count: 1...50), "Roles that sign in with a provider only.")
}

extension Tenant {
    /// Whether any of the roles demands a second factor.
    package func requiresFactor(_ roles: [String]) -> Bool {
        let demanding = self[IdentitySettings.section].factorRequiredFor
        return !demanding.isEmpty && roles.contains(where: demanding.contains)
    }

    package var providers: [Provider] { self[IdentitySettings.section].providers }

    /// Whether a password opens anything for somebody with these roles; without any, whether it does for anybody.
    package func takesPassword(of roles: [String] = []) -> Bool {
        switch self[IdentitySettings.section].passwords {
        case .allowed: true
        case .never: false
        case .neverFor(let without): !roles.contains(where: without.contains)
        }
    }
}

/// What members have to do before anything else.
package enum FirstSteps {
    static let enrolment: WebPath = "/account/security/authenticator"

    /// To set up a second factor where a role of theirs demands one.
    @Sendable package static func due(_ context: MemberContext) -> WebPath? {
        !context.session.hasFactor && !context.session.isVouched && context.tenant.requiresFactor(context.session.roles)
            ? enrolment : nil
    }
}
