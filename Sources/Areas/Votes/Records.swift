import Database
import Identity

extension PersonalData {
    /// In which votes somebody stood in the register, and what they voted where that was open. The record of a vote stays as it is:
    /// it names people by their ids alone. What they voted in secret nobody can find.
    package static let votes = PersonalData(
        [
            Table("votes", ["vote", "place", "ends_at", "has_voted"]) { member, tenant in
                """
                select array[v.title, r.place, \(SQL.instant("v.ends_at")),
                             case when exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id)
                                  then 'yes' else 'no' end] as cells
                  from app.vote_owner w
                  join app.vote_voter r on r.tenant_id = w.tenant_id and r.id = w.voter_id
                  join app.vote v on v.tenant_id = r.tenant_id and v.id = r.vote_id
                 where w.tenant_id = \(tenant) and w.member_id = \(member) order by w.id
                """
            },
            Table("ballots", ["vote", "entry", "content"]) { member, tenant in
                """
                select array[v.title, e.seq::text, e.content] as cells
                  from app.vote_entry e join app.vote v on v.tenant_id = e.tenant_id and v.id = e.vote_id
                 where e.tenant_id = \(tenant) and e.voter_id is not null
                   and ((e.content::jsonb ->> 'by')::uuid = \(member) or (e.content::jsonb ->> 'behalf')::uuid = \(member))
                 order by e.id
                """
            }
        ],
        uploads: { member, tenant in
            """
            select 'vote-' || left(v.id::text, 8) as label, s.object_key from app.vote_scan s join app.vote v on v.tenant_id = s.tenant_id and v.id = s.vote_id
             where s.tenant_id = \(tenant) and s.added_by = \(member) order by s.id
            """
        })
}
