import Database
import Identity

extension PersonalData {
    /// What somebody wrote for others to read, said to it, and read. When they are forgotten, what they wrote stays, under the new name.
    package static let announcements = PersonalData(
        [
            Table("announcements-written", ["id", "title", "state", "written_at", "published_at", "text"]) { member, tenant in
                """
                select array[id::text, title, state, \(SQL.instant("written_at")), \(SQL.instant("published_at")), body] as cells
                  from app.announcement where tenant_id = \(tenant) and written_by = \(member) order by id
                """
            },
            Table("announcement-comments", ["announcement", "at", "removed_at", "text"]) { member, tenant in
                """
                select array[a.title, \(SQL.instant("c.at")), \(SQL.instant("c.removed_at")), c.body] as cells
                  from app.announcement_comment c join app.announcement a on a.tenant_id = c.tenant_id and a.id = c.announcement_id
                 where c.tenant_id = \(tenant) and c.author_id = \(member) order by c.id
                """
            },
            Table("announcements-read", ["announcement", "read_at", "acknowledged_at"]) { member, tenant in
                """
                select array[a.title, \(SQL.instant("r.read_at")), \(SQL.instant("r.acknowledged_at"))] as cells
                  from app.announcement_reading r join app.announcement a on a.tenant_id = r.tenant_id and a.id = r.announcement_id
                 where r.tenant_id = \(tenant) and r.member_id = \(member) order by r.read_at, a.id
                """
            }
        ])
}
