import HTML
import Tenancy
import Web

/// What may stand under `identity:` in `tenant.yaml`.
package struct IdentitySettings: Sendable {
    /// Roles whose members have to sign in with a second factor.
    package let factorRequiredFor: [String]

    package static let section = TenantSection(
        "identity", "How people prove who they are.",
        .object(
            .optional(
                "secondFactor", factor, default: IdentitySettings(factorRequiredFor: []),
                "An authenticator's code or a passkey besides the password."),
            make: { $0 }),
        standard: IdentitySettings(factorRequiredFor: []))

    private static let factor = Schema<IdentitySettings>.object(
        .optional(
            "requiredFor", .distinct(.role, count: 0...50), default: [],
            "Roles that have to set one up before they can do anything else."),
        make: { IdentitySettings(factorRequiredFor: $0) })
}

extension Tenant {
    /// Whether any of the roles demands a second factor.
    package func requiresFactor(_ roles: [String]) -> Bool {
        let demanding = self[IdentitySettings.section].factorRequiredFor
        return !demanding.isEmpty && roles.contains(where: demanding.contains)
    }
}

/// What members have to do before anything else.
package enum FirstSteps {
    static let enrolment: WebPath = "/account/security/authenticator"

    /// To set up a second factor where a role of theirs demands one.
    @Sendable package static func due(_ context: MemberContext) -> WebPath? {
        !context.session.hasFactor && context.tenant.requiresFactor(context.session.roles) ? enrolment : nil
    }
}
