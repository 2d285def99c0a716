import Database
import Foundation

/// Who has a page of Portico open. A process notes its own members; several devices of a person are one.
package enum Presence {
    /// Seconds after which somebody who was not seen again is gone.
    package static let patience: TimeInterval = 45

    /// Notes that members of one company are here, in one statement for all of them; gives those who were not, and let others know.
    package static func note(_ members: [UUID], _ tenant: Int32, at now: Date) -> Query<[UUID]> {
        .values(
            """
            with before as (select member_id, seen_at from app.presence where tenant_id = \(tenant) and member_id = any(\(members))),
            noted as (
              insert into app.presence as p (tenant_id, member_id, seen_at)
              select m.tenant_id, m.id, \(now) from app.member m where m.tenant_id = \(tenant) and m.id = any(\(members)) order by m.id
              on conflict (tenant_id, member_id) do update set seen_at = excluded.seen_at where p.seen_at < excluded.seen_at)
            select m.id from app.member m left join before b on b.member_id = m.id
              left join app.message_habit h on h.tenant_id = m.tenant_id and h.member_id = m.id
             where m.tenant_id = \(tenant) and m.id = any(\(members)) and not coalesce(h.hides_presence, false)
               and coalesce(b.seen_at <= \(now.addingTimeInterval(-patience)), true)
            """, UUID.self)
    }

    /// Those of a company who have not been here since a little while, and let others know.
    package static func gone(_ tenant: Int32, since: Date, now: Date) -> Query<[UUID]> {
        .values(
            """
            select p.member_id from app.presence p
              left join app.message_habit h on h.tenant_id = p.tenant_id and h.member_id = p.member_id
             where p.tenant_id = \(tenant) and p.seen_at > \(since.addingTimeInterval(-patience))
               and p.seen_at <= \(now.addingTimeInterval(-patience)) and not coalesce(h.hides_presence, false)
            """, UUID.self)
    }

    /// Whether the viewer takes part in a conversation with somebody who lets others know.
    static func mayWatch(_ person: UUID, _ viewer: MessageViewer) -> Query<Bool> {
        .value(
            """
            select exists (select from app.conversation_member p
                             join app.conversation_member o on o.tenant_id = p.tenant_id and o.conversation_id = p.conversation_id
                              and o.member_id = \(person) and o.left_at is null
                            where \(viewer.takesPart))
               and not exists (select from app.message_habit h where h.tenant_id = \(viewer.tenant) and h.member_id = \(person)
                                  and h.hides_presence)
            """, Bool.self)
    }

    /// Those of the members who are here, whether or not they let others know.
    package static func here(_ members: [UUID], _ tenant: Int32, now: Date) -> Query<[UUID]> {
        .values(
            """
            select member_id from app.presence
             where tenant_id = \(tenant) and member_id = any(\(members)) and seen_at > \(now.addingTimeInterval(-patience))
            """, UUID.self)
    }
}
