import Tenancy
import Web

/// What may stand under `devices:` in `tenant.yaml`.
package struct DeviceSettings: Sendable {
    let scopes: [String]

    package static let section = TenantSection(
        "devices", "Machines of the company that use the interface for programs, such as a gate or a gateway for meters.",
        Schema<DeviceSettings>.object(
            .required("scopes", .distinct(scope, count: 0...20), "What their tokens may be allowed; each gets some of it."),
            make: DeviceSettings.init),
        standard: DeviceSettings(scopes: []))

    private static let scope = Schema<String>.permission.checked("nothing by which a machine would make people or tokens") {
        TokenScope.never.contains($0) ? "is not for machines" : nil
    }

    /// What the company lets its devices do at most; asked anew at each request, so that what the file takes away is gone.
    @Sendable package static func granted(_ tenant: Tenant) -> Set<String> { Set(tenant[section].scopes) }
}
