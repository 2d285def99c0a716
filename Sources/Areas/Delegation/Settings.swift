import Tenancy

/// What may stand under `delegations:` in `tenant.yaml`.
package struct DelegationSettings: Sendable {
    /// What somebody from outside gets who was never anything else here.
    let role: String?

    package static let section = TenantSection(
        "delegations", "Owners who let others act for them. Without it, only people who are here already.",
        .object(
            .required("role", .role, "The lowest role, for delegates from outside; not a role of staff."),
            make: { DelegationSettings(role: $0) }),
        standard: DelegationSettings(role: nil))
}

extension Tenant {
    /// The role of delegates from outside; nil where nobody from outside can be one. Never a role of staff, whatever the file says.
    var delegateRole: String? {
        self[DelegationSettings.section].role.flatMap { role($0)?.isStaff == false ? $0 : nil }
    }
}
