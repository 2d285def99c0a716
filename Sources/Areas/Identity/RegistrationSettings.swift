import Foundation
import HTML
import Tenancy

/// What may stand under `registration:` in `tenant.yaml`: whether people come in by themselves, without an invitation.
package enum RegistrationSettings: Sendable {
    case closed
    case open(Terms)
    /// Only with an address of these domains.
    case domains([String], Terms)

    package struct Terms: Sendable {
        /// What everybody gets once the address is proved; never a role of staff.
        package let role: String
        /// What people may ask for; an admin decides.
        package let mayAsk: [String]
        /// What they agree to, when the company has it on a page.
        package let page: SafeURL?
    }

    package static let section = TenantSection(
        "registration", "Whether people register by themselves. Without it, only by invitation.",
        .variant(
            "rule",
            .when("closed") { RegistrationSettings.closed },
            .when("open", role, mayAsk, terms) { .open(Terms($0, $1, $2)) },
            .when("domains", domains, role, mayAsk, terms) { .domains($0, Terms($1, $2, $3)) }),
        standard: .closed)

    private static let role = Setting<String>.required("role", .role, "What everybody gets; not a role of staff.")
    private static let mayAsk = Setting<[String]>.optional(
        "mayAsk", .distinct(.role, count: 0...20), default: [], "Roles that people may ask for; an admin decides.")
    private static let terms = Setting<String?>.optional(
        "terms",
        Schema<String>.text(8...500).checked("an https address") {
            $0.hasPrefix("https://") && SafeURL($0) != nil ? nil : "must be an address that begins with https://"
        }, "A page with the terms of use.")
    private static let domains = Setting<[String]>.required(
        "domains", .distinct(.text(3...190), count: 1...50), "Mail domains, for example lindenhof.example.")
}

extension RegistrationSettings.Terms {
    fileprivate init(_ role: String, _ mayAsk: [String], _ page: String?) {
        self.init(role: role, mayAsk: mayAsk, page: page.flatMap { SafeURL($0) })
    }
}

extension Tenant {
    /// On which terms people register by themselves; nil where they do not. A role of staff is never given away like that,
    /// whatever the file says.
    package var registration: RegistrationSettings.Terms? {
        let terms: RegistrationSettings.Terms
        switch self[RegistrationSettings.section] {
        case .closed: return nil
        case .open(let given), .domains(_, let given): terms = given
        }
        return role(terms.role)?.isStaff == false ? terms : nil
    }

    /// Whether an address may be registered, which says nothing about whether it is known.
    package func mayRegister(_ email: String) -> Bool {
        switch self[RegistrationSettings.section] {
        case .closed: false
        case .open: true
        case .domains(let domains, _):
            email.split(separator: "@").last.map { domain in domains.contains { $0.lowercased() == domain.lowercased() } }
                ?? false
        }
    }
}
