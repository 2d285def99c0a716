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
    /// by their parts, each for their own, and for what nobody owned then or owns no longer whoever came for it (`inherits`).
    static func entitled(_ member: SQL, on day: CalendarDate) -> SQL {
        """
        (exists (select from app.occupancy o
                  where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id and o.member_id = \(member) and \(owning(day)))
         and case when r.member_id = \(member) or not \(hasPart("s.member_id")) then true
                  else not exists (select from app.occupancy o where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id
                                      and o.member_id = r.member_id and \(owning(day)))
                       and \(inherits(member, on: day)) end)
        """
    }

    /// Of an occupancy `o`.
    static func owning(_ day: CalendarDate) -> SQL {
        "o.kind = 'owner' and o.since <= \(day) and coalesce(o.until >= \(day), true)"
    }

    /// Whether somebody has a part of the unit of `r` in that register; of `s.member_id`, whether anybody has.
    private static func hasPart(_ member: SQL) -> SQL {
        """
        exists (select from app.vote_voter s where s.tenant_id = r.tenant_id and s.vote_id = r.vote_id and s.unit_id = r.unit_id
                   and s.member_id = \(member))
        """
    }

    /// What no owner on record has of the unit of `r`.
    static let isRest: SQL = "(r.member_id is null and \(hasPart("s.member_id")))"

    /// Parts whose owners left go to those who came, the first to the first and so on round, so that nobody votes for all of them while
    /// another has none; to whoever stayed when nobody came. The rest of a unit goes to those who came beside them.
    private static func inherits(_ member: SQL, on day: CalendarDate) -> SQL {
        """
        (with free as (
           select s.id, row_number() over (order by max(o.until), s.id) as place, count(*) over () as many
             from app.vote_voter s left join app.occupancy o on o.tenant_id = s.tenant_id and o.unit_id = s.unit_id
                  and o.member_id = s.member_id and o.kind = 'owner'
            where s.tenant_id = r.tenant_id and s.vote_id = r.vote_id and s.unit_id = r.unit_id and s.member_id is not null
            group by s.id having not coalesce(bool_or(\(owning(day))), false)),
         heir as (
           select o.member_id, row_number() over (order by min(o.since), o.member_id) as place, count(*) over () as many
             from app.occupancy o
            where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id and \(owning(day)) and not \(hasPart("o.member_id"))
            group by o.member_id)
         select case when r.member_id is null
           then exists (select from heir where heir.member_id = \(member) and heir.place > (select count(*) from free))
           else not exists (select from heir) or exists (
             select from free cross join heir
              where free.id = r.id and heir.member_id = \(member)
                and (free.place - heir.place) % least(free.many, heir.many) = 0
                and (heir.place <= free.many or not exists (
                  select from app.vote_voter s where s.tenant_id = r.tenant_id and s.vote_id = r.vote_id and s.unit_id = r.unit_id
                     and s.member_id is null))) end)
        """
    }
}
