import Database
import Foundation

/// Who has a page of Portico open. A process notes its own members; several devices of a person are one.
package enum Presence {
    /// Seconds after which somebody who was not seen again is gone.
    package static let patience: TimeInterval = 45

    /// Notes that members of one company are here; one statement for all of them.
    package static func note(_ members: [UUID], _ tenant: Int32, at now: Date) -> SQL {
        """
        insert into app.presence as p (tenant_id, member_id, seen_at)
        select m.tenant_id, m.id, \(now) from app.member m where m.tenant_id = \(tenant) and m.id = any(\(members)) order by m.id
        on conflict (tenant_id, member_id) do update set seen_at = excluded.seen_at where p.seen_at < excluded.seen_at
        """
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
