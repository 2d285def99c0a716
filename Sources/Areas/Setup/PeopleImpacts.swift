import Database
import Foundation
import Identity
import Tenancy
import Web

/// What a change of roles and of identity rules does to the people who are here.
enum PeopleImpacts {
    @Sendable static func count(_ after: Tenant, _ context: MemberContext) async throws -> [RuleImpact] {
        let before = context.tenant
        let t = SetupMessages(context.language).impact
        let changed = before.configuration.roles.filter { role in after.role(role.key)?.permissions != role.permissions }
        let gone = changed.map(\.key).filter { after.role($0) == nil }
        let kept = changed.map(\.key).filter { !gone.contains($0) }
        let (was, becomes) = (demanding(before), demanding(after))
        let (others, roleless, due) = try await context.read(
            members(with: kept, before.id), members(with: gone, before.id),
            members(with: becomes.filter { !was.contains($0) }, before.id, "and factor_since is null"))
        return [
            others == 0 ? nil : RuleImpact("people.permissions", others, t.permissions(count: others)),
            roleless == 0 ? nil : RuleImpact("people.role_gone", roleless, t.roleGone(count: roleless)),
            due == 0 ? nil : RuleImpact("people.second_factor", due, t.secondFactor(count: due))
        ].compactMap(\.self)
    }

    private static func demanding(_ tenant: Tenant) -> [String] {
        tenant.configuration.roles.map(\.key).filter { tenant.requiresFactor([$0]) }
    }

    private static func members(with roles: [String], _ tenant: Int32, _ more: SQL = SQL.empty) -> Query<Int> {
        roles.isEmpty
            ? .known(0)
            : .value(
                """
                select count(*) from app.member
                 where tenant_id = \(tenant) and disabled_at is null and roles && \(roles) \(more)
                """, Int.self)
    }
}
