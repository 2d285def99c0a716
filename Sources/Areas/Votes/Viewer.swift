import Database
import Foundation
import Property
import Tenancy
import Web

/// Who looks at votes, and whose voice they have. Both are judged anew with each request: what the register says never changes, who
/// may use it does.
struct VoteViewer: Sendable {
    let tenant: Tenant
    let member: UUID
    let seesAll: Bool
    let manages: Bool
    let now: Date

    init(_ context: MemberContext) {
        tenant = context.tenant
        member = context.memberID
        seesAll = context.may(.seeAllVotes)
        manages = context.may(.manageVotes)
        now = context.now
    }

    var today: CalendarDate { CalendarDate(now, in: tenant.timeZone) }

    /// Units `u` that a vote `v` is about.
    static let audience: SQL = """
        u.tenant_id = v.tenant_id and (v.building_id is null or u.building_id = v.building_id)
        and (v.entrance_id is null or u.entrance_id = v.entrance_id)
        """

    /// Votes `v` that the viewer may look at: those of their units, those in which they stand in the register, and those in which
    /// somebody has lent them their voice.
    var visible: SQL {
        if seesAll { return "true" }
        return """
            (exists (select from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                      where \(Self.audience) and o.member_id = \(member) and o.kind = 'owner' and o.since <= \(today)
                        and coalesce(o.until >= \(today), true))
             or exists (select from app.vote_owner w join app.vote_voter r on r.tenant_id = w.tenant_id and r.id = w.voter_id
                         where w.tenant_id = v.tenant_id and w.member_id = \(member) and r.vote_id = v.id)
             or (v.allow_delegates and exists (
                   select from app.delegation d join app.unit u on u.tenant_id = d.tenant_id and u.id = d.unit_id
                    where \(Self.audience) and \(Delegated(tenant, to: member, now: now).holds(.vote)))))
            """
    }

    /// Whether somebody may vote for an entry `r` of the register in their own right: an owner of the unit today. Where owners vote
    /// by their parts, each for their own, and for the part of somebody who owns the unit no longer whoever came after.
    static func entitled(_ member: SQL, on day: CalendarDate) -> SQL {
        """
        (exists (select from app.occupancy o
                  where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id and o.member_id = \(member) and o.kind = 'owner'
                    and o.since <= \(day) and coalesce(o.until >= \(day), true))
         and (r.member_id is null or r.member_id = \(member)
              or (not exists (select from app.occupancy o
                               where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id and o.member_id = r.member_id
                                 and o.kind = 'owner' and o.since <= \(day) and coalesce(o.until >= \(day), true))
                  and not exists (select from app.vote_voter s
                                   where s.tenant_id = r.tenant_id and s.vote_id = r.vote_id and s.unit_id = r.unit_id
                                     and s.member_id = \(member)))))
        """
    }
}
