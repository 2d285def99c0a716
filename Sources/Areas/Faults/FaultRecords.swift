import Database
import Identity

extension PersonalData {
    /// What somebody reported, said and uploaded. The history of a fault stays true without them; only comments that call them by
    /// their name call them something else.
    package static let faults = PersonalData(
        [
            Table(
                "faults",
                ["number", "title", "description", "category", "priority", "state", "place", "reported_at", "resolution"]
            ) { member, tenant in
                """
                select array[f.number, f.title, f.description, f.category, f.priority, f.state,
                             b.name || coalesce(', ' || u.label, ''), \(SQL.instant("f.reported_at")), f.resolution] as cells
                  from app.fault f
                  join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
                  left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
                 where f.tenant_id = \(tenant) and (f.reporter_id = \(member) or f.on_behalf_of = \(member)) order by f.id
                """
            },
            Table("comments", ["fault", "at", "text"]) { member, tenant in
                """
                select array[f.number, \(SQL.instant("c.at")), c.body] as cells
                  from app.fault_comment c join app.fault f on f.tenant_id = c.tenant_id and f.id = c.fault_id
                 where c.tenant_id = \(tenant) and c.author_id = \(member) order by c.id
                """
            },
            Table("saved-views", ["name", "filter"]) { member, tenant in
                """
                select array[name, query] as cells from app.fault_view
                 where tenant_id = \(tenant) and owner_id = \(member) order by name
                """
            }
        ],
        uploads: { member, tenant in
            """
            select f.number as label, p.object_key from app.fault_photo p
              join app.fault f on f.tenant_id = p.tenant_id and f.id = p.fault_id
             where p.tenant_id = \(tenant) and p.added_by = \(member) order by p.id
            """
        },
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                "delete from app.fault_view where tenant_id = \(tenant) and owner_id = \(member)",
                "delete from app.technician_skill where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.technician_building where tenant_id = \(tenant) and member_id = \(member)",
                """
                update app.fault_comment c set body = left(replace(c.body, \("@" + person.name), \("@" + person.newName)), 5000)
                  from app.fault_mention m
                 where c.tenant_id = \(tenant) and m.tenant_id = c.tenant_id and m.comment_id = c.id and m.member_id = \(member)
                """
            ]
        })
}
