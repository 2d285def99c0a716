import Database
import Identity

extension PersonalData {
    /// Where somebody lived and what they owned. Who owned a unit when has to be known for years, so nothing of it is forgotten but
    /// the name.
    package static let property = PersonalData([
        Table("units", ["building", "unit", "as", "since", "until", "share"]) { member, tenant in
            """
            select array[b.name, u.label, o.kind, o.since::text, o.until::text, o.numerator || '/' || o.denominator] as cells
              from app.occupancy o
              join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
              join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where o.tenant_id = \(tenant) and o.member_id = \(member) order by o.since, o.id
            """
        }
    ])
}
