import Database
import Foundation
import Tenancy
import Web

/// What owners have lent to one member, as it holds at this moment. Every area that lets a delegate do something asks here and
/// nowhere else: accepted, not over, and whoever lent it is still an owner who could do it themselves. Nothing of it is kept
/// between requests, so that a revocation counts at the next one, and an end counts though no job has noted it yet.
package struct Delegated: Sendable {
    let tenant: Tenant
    let member: UUID
    let now: Date

    package init(_ tenant: Tenant, to member: UUID, now: Date) {
        self.tenant = tenant
        self.member = member
        self.now = now
    }

    /// Rows `d` of `app.delegation` that let the member use the right now.
    package func holds(_ right: DelegationRight) -> SQL {
        Self.holds(right, for: "\(member)", tenant, now: now)
    }

    /// The same for whoever another query names.
    package static func holds(_ right: DelegationRight, for member: SQL, _ tenant: Tenant, now: Date) -> SQL {
        let able: SQL = right.permission.map { "and p.roles && \(tenant.roleKeys(granting: $0))" } ?? SQL.empty
        return """
            d.tenant_id = \(tenant.id) and d.delegate_id = \(member) and d.state = 'accepted'
              and \(right.rawValue) = any(d.rights) and coalesce(d.expires_at > \(now), true)
              and \(owned(on: CalendarDate(now, in: tenant.timeZone)))
              and exists (select from app.member p
                           where p.tenant_id = d.tenant_id and p.id = d.delegator_id and p.disabled_at is null \(able))
            """
    }

    /// Whoever lent `d` owns the unit on that day.
    package static func owned(on day: CalendarDate) -> SQL {
        """
        exists (select from app.occupancy o
                 where o.tenant_id = d.tenant_id and o.unit_id = d.unit_id and o.member_id = d.delegator_id and o.kind = 'owner'
                   and o.since <= \(day) and coalesce(o.until >= \(day), true))
        """
    }

    /// In whose name the member may use the right on a unit; nil when in nobody's. Of several owners, the one who lent it first.
    package func principal(for unit: UUID, _ right: DelegationRight) -> Query<Principal?> {
        .first("\(principals(right)) and d.unit_id = \(unit) order by d.accepted_at, d.id limit 1")
    }

    /// Every unit on which the member may use the right, with those in whose name.
    package func all(_ right: DelegationRight) -> Query<[Principal]> {
        .many("\(principals(right)) order by d.accepted_at, d.id limit 500")
    }

    private func principals(_ right: DelegationRight) -> SQL {
        """
        select d.id as delegation_id, d.unit_id, d.delegator_id, m.name
          from app.delegation d join app.member m on m.tenant_id = d.tenant_id and m.id = d.delegator_id
         where \(holds(right))
        """
    }
}

/// In whose name somebody acts.
package struct Principal: Record, Sendable {
    package let id: UUID
    package let name: String
    package let unitID: UUID
    package let delegationID: UUID

    package init(row: Row) throws {
        id = try row["delegator_id"]
        name = try row["name"]
        unitID = try row["unit_id"]
        delegationID = try row["delegation_id"]
    }
}

extension MemberContext {
    /// What is lent to whoever asks; nil when that right is not, so that most requests need not ask the database.
    package func delegated(_ right: DelegationRight) -> Delegated? {
        session.lent.contains(right.rawValue) ? Delegated(tenant, to: memberID, now: now) : nil
    }
}
