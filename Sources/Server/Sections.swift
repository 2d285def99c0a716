import Announcements
import Arrival
import Audit
import Delegation
import Documents
import Faults
import HTML
import Identity
import Messaging
import Notifications
import Operations
import Platform
import Property
import Setup
import Tenancy
import Votes
import Web

/// Every area's part of `tenant.yaml`, and the closed lists that the file may choose from.
enum Sections {
    static let rules = TenantRules(
        vocabulary: Vocabulary(languages: Language.allCases.map(\.rawValue), permissions: permissions.map(\.name), features: []),
        sections: [
            AnyTenantSection(FaultSettings.section), AnyTenantSection(RegistrationSettings.section),
            AnyTenantSection(DelegationSettings.section), AnyTenantSection(IdentitySettings.section),
            AnyTenantSection(DeviceSettings.section), AnyTenantSection(MessagingSettings.section)
        ], texts: NoticeKind.texts)

    /// Every permission that a role may grant.
    static let permissions: [Permission] =
        Permission.faults + Permission.property + Permission.audit + Permission.operations + Permission.notifications
        + Permission.votes + Permission.arrival + Permission.identity + Permission.platform + Permission.configuration
        + Permission.messaging + Permission.announcements + Permission.documents
}
