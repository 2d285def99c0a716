import Audit
import Database
import Foundation
import Tenancy
import Web

/// Roles from claims, for somebody who is a member already.
struct RoleChange {
    let tx: Tx
    let tenant: Tenant

    /// The member's roles from now on. The last one who may look after the company's configuration keeps that role (T24).
    ///
    /// - Throws: 403 when the claims leave no role at all.
    func apply(_ assertion: Assertion, to member: SignIn.Candidate) async throws -> [String] {
        var roles = assertion.provider.setting.terms.roles.next(assertion.claims, over: member.roles, tenant)
        roles += try await indispensable(member, without: roles)
        guard !roles.isEmpty else { throw Failure.noRole }
        guard Set(roles) != Set(member.roles) else { return member.roles }
        try await tx.execute(
            """
            update app.member set roles = \(roles), version = version + 1
             where tenant_id = \(tenant.id) and id = \(member.id)
            """)
        try tx.audit(
            "member.roles_changed", "member", member.id,
            AuditChange(
                before: ["roles": member.roles.joined(separator: ", ")],
                after: ["roles": roles.joined(separator: ", "), "by": assertion.provider.key]), actor: member.id)
        return roles
    }

    private func indispensable(_ member: SignIn.Candidate, without roles: [String]) async throws -> [String] {
        let keys = tenant.roleKeys(granting: .seeConfiguration)
        let lost = member.roles.filter { keys.contains($0) && !roles.contains($0) }
        guard !lost.isEmpty, !roles.contains(where: keys.contains) else { return [] }
        // Locked, so that two who lose it at once do not each count on the other.
        let admins = try await tx.values(
            """
            select id from app.member where tenant_id = \(tenant.id) and disabled_at is null
               and exists (select from unnest(roles) as r where r = any(\(keys))) order by id for update
            """, UUID.self)
        return admins.contains { $0 != member.id } ? [] : lost
    }
}
