import Database
import Identity

extension PersonalData {
    /// What somebody was told, and how they want to be told.
    package static let notices = PersonalData(
        [
            Table("notices", ["at", "kind", "about", "read_at"]) { member, tenant in
                """
                select array[\(SQL.instant("created_at")), kind, path, \(SQL.instant("read_at"))] as cells
                  from app.notification where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("messages", ["at", "channel", "kind", "address", "state"]) { member, tenant in
                """
                select array[\(SQL.instant("created_at")), channel, kind, address, state] as cells
                  from app.delivery where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("notice-settings", ["kind", "channel", "when"]) { member, tenant in
                """
                select array[kind, channel, mode] as cells
                  from app.notice_preference where tenant_id = \(tenant) and member_id = \(member) order by kind, channel
                """
            },
            Table("notice-habits", ["phone", "quiet_from_minute", "quiet_to_minute", "digest_hour"]) { member, tenant in
                """
                select array[phone, quiet_from::text, quiet_to::text, digest_hour::text] as cells
                  from app.notice_habit where tenant_id = \(tenant) and member_id = \(member)
                """
            },
            Table("push-devices", ["name", "kind", "registered_at", "reached_at"]) { member, tenant in
                """
                select array[label, kind, \(SQL.instant("made_at")), \(SQL.instant("last_ok_at"))] as cells
                  from app.push_registration where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            }
        ],
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                "delete from app.delivery where tenant_id = \(tenant) and (member_id = \(member) or lower(address) = \(person.email))",
                "delete from app.notification where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.notice_preference where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.notice_habit where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.push_registration where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.suppressed_address where tenant_id = \(tenant) and address = \(person.email)",
                // What others were told of them; somebody of the same name goes by the new one in old notices, too.
                """
                update app.notification set facts = facts || jsonb_build_object('name', \(person.newName)::text)
                 where tenant_id = \(tenant) and facts ->> 'name' = \(person.name)
                """
            ]
        })
}
