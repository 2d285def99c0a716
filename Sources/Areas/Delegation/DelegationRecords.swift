import Database
import Identity

extension PersonalData {
    /// What somebody lent to others, and what was lent to them.
    package static let delegations = PersonalData(
        [
            Table("delegations", ["unit", "from", "to", "rights", "state", "offered_at", "accepted_at", "until"]) {
                member, tenant in
                """
                select array[b.name || ', ' || u.label, o.name, coalesce(p.name, d.email), array_to_string(d.rights, ' '), d.state,
                             \(SQL.instant("d.offered_at")), \(SQL.instant("d.accepted_at")), \(SQL.instant("d.expires_at"))] as cells
                  from app.delegation d
                  join app.unit u on u.tenant_id = d.tenant_id and u.id = d.unit_id
                  join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                  join app.member o on o.tenant_id = d.tenant_id and o.id = d.delegator_id
                  left join app.member p on p.tenant_id = d.tenant_id and p.id = d.delegate_id
                 where d.tenant_id = \(tenant) and (d.delegator_id = \(member) or d.delegate_id = \(member)) order by d.id
                """
            }
        ],
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                """
                update app.delegation set state = 'revoked', ended_at = \(person.now), ended_by = \(person.by)
                 where tenant_id = \(tenant) and (delegator_id = \(member) or delegate_id = \(member) or email = \(person.email))
                   and state in ('pending', 'accepted')
                """,
                """
                update app.delegation set email = \(person.newEmail)
                 where tenant_id = \(tenant) and (delegate_id = \(member) or email = \(person.email))
                """
            ]
        })
}
