import Database
import Identity

extension PersonalData {
    /// What somebody wrote, and with whom. When they are forgotten, what they said stays with those they said it to, under the new name.
    package static let messages = PersonalData(
        [
            Table("messages-written", ["conversation", "number", "sent_at", "edited_at", "deleted_at", "text"]) {
                member, tenant in
                """
                select array[conversation_id::text, seq::text, \(SQL.instant("sent_at")), \(SQL.instant("edited_at")),
                             \(SQL.instant("deleted_at")), body] as cells
                  from app.message where tenant_id = \(tenant) and author_id = \(member) order by id
                """
            },
            Table("conversations", ["id", "subject", "joined_at", "left_at", "read_to", "people"]) { member, tenant in
                """
                select array[c.id::text, c.subject, \(SQL.instant("p.joined_at")), \(SQL.instant("p.left_at")), p.read_seq::text,
                             (select string_agg(m.name, ', ' order by m.name) from app.conversation_member o
                                join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                               where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.member_id <> \(member))] as cells
                  from app.conversation_member p
                  join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
                 where p.tenant_id = \(tenant) and p.member_id = \(member) order by c.id
                """
            },
            Table("messages-reported", ["message", "reported_at", "reason", "outcome"]) { member, tenant in
                """
                select array[message_id::text, \(SQL.instant("reported_at")), reason, outcome] as cells
                  from app.message_report where tenant_id = \(tenant) and reporter_id = \(member) order by id
                """
            },
            Table("people-blocked", ["name", "since"]) { member, tenant in
                """
                select array[m.name, \(SQL.instant("k.at"))] as cells
                  from app.message_block k join app.member m on m.tenant_id = k.tenant_id and m.id = k.blocked_id
                 where k.tenant_id = \(tenant) and k.member_id = \(member) order by m.name
                """
            }
        ],
        uploads: { member, tenant in
            """
            select 'message-' || x.seq as label, a.object_key from app.message x
              join app.message_file a on a.tenant_id = x.tenant_id and a.message_id = x.id
             where x.tenant_id = \(tenant) and x.author_id = \(member) order by a.id
            """
        },
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                """
                update app.conversation_member set left_at = coalesce(left_at, \(person.now))
                 where tenant_id = \(tenant) and member_id = \(member)
                """,
                "delete from app.message_block where tenant_id = \(tenant) and (member_id = \(member) or blocked_id = \(member))",
                "delete from app.message_habit where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.presence where tenant_id = \(tenant) and member_id = \(member)"
            ]
        })
}
