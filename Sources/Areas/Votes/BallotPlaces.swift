import Database
import Foundation
import Property
import Tenancy

/// An entry of the register that somebody may vote for now, and what was done about it so far.
struct BallotPlace: Record, Sendable {
    let voter: UUID
    let unit: UUID
    let place: String
    let weight: String
    let heads: String
    /// In their own right.
    let owns: Bool
    /// In whose name, where it is not their own.
    let principal: UUID?
    let principalName: String?
    let hasVoted: Bool
    /// Of the ballot that counts, in an open vote.
    let revision: Int?
    let castBy: UUID?
    /// In whose name that was.
    let castFor: UUID?
    let cameOnPaper: Bool
    /// The only one who could have signed a ballot for it today; nil where several own the unit.
    let sole: UUID?
    /// The same on the record date.
    let soleThen: UUID?
    let receipt: [UInt8]?

    init(row: Row) throws {
        voter = try row["id"]
        unit = try row["unit_id"]
        place = try row["place"]
        weight = try row["weight"]
        heads = try row["heads"]
        owns = try row["owns"]
        principal = try row["principal"]
        principalName = try row["principal_name"]
        hasVoted = try row["has_voted"]
        revision = (try row["revision"] as Int32?).map(Int.init)
        castBy = try row["cast_by"]
        castFor = try row["cast_for"]
        cameOnPaper = try row["came_on_paper"]
        sole = try row["sole"]
        soleThen = try row["sole_then"]
        receipt = try row["receipt"]
    }

    /// Everything that the viewer may vote for in that vote, in the register's order.
    static func of(_ vote: UUID, _ viewer: VoteViewer) -> Query<[BallotPlace]> {
        let (tenant, day) = (viewer.tenant, viewer.today)
        let own = VoteViewer.entitled("\(viewer.member)", on: day)
        let lent: SQL = """
            select d.delegator_id from app.delegation d
             where d.unit_id = r.unit_id and v.allow_delegates
               and \(Delegated(tenant, to: viewer.member, now: viewer.now).holds(.vote))
               and \(VoteViewer.entitled("d.delegator_id", on: day)) order by d.accepted_at, d.id limit 1
            """
        return select(
            "and r.vote_id = \(vote)", tenant.id, day, owns: own, principal: lent, only: "(x.owns or x.principal is not null)")
    }

    /// One entry of the register, for whoever enters what came on paper.
    static func onPaper(_ voter: UUID, _ vote: UUID, _ tenant: Int32, on day: CalendarDate) -> Query<[BallotPlace]> {
        select(
            "and r.vote_id = \(vote) and r.id = \(voter)", tenant, day, owns: "false", principal: "select null::uuid",
            only: "true")
    }

    /// Whose voice alone an entry `r` of the register is on a day: the one whose part it is, or the only owner of the unit.
    static func sole(on day: CalendarDate) -> SQL {
        """
        (select case when count(distinct o.member_id) = 1 then min(o.member_id::text)::uuid end from app.occupancy o
          where o.tenant_id = r.tenant_id and o.unit_id = r.unit_id and coalesce(o.member_id = r.member_id, true)
            and \(VoteViewer.owning(day)))
        """
    }

    /// Those without a ballot first, since more than that many are cut off.
    private static func select(_ which: SQL, _ tenant: Int32, _ day: CalendarDate, owns: SQL, principal: SQL, only: SQL)
        -> Query<[BallotPlace]>
    {
        .many(
            """
            select x.*, m.name as principal_name, l.revision, (l.c ->> 'by')::uuid as cast_by, (l.c ->> 'behalf')::uuid as cast_for,
                   coalesce(l.c ->> 'channel' = 'paper', false) as came_on_paper, l.receipt
              from (select r.id, r.unit_id, r.place, app.fraction_sum(array[r.weight_n], array[r.weight_d]) as weight,
                           app.fraction_sum(array[r.heads_n], array[r.heads_d]) as heads, \(owns) as owns, (\(principal)) as principal,
                           \(sole(on: day)) as sole,
                           (select case when count(*) = 1 then min(w.member_id::text)::uuid end from app.vote_owner w
                             where w.tenant_id = r.tenant_id and w.voter_id = r.id) as sole_then,
                           exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id) as has_voted
                      from app.vote_voter r join app.vote v on v.tenant_id = r.tenant_id and v.id = r.vote_id
                     where r.tenant_id = \(tenant) \(which)) x
              left join app.member m on m.tenant_id = \(tenant) and m.id = x.principal and not x.owns
              left join lateral (
                select e.revision, e.content::jsonb as c, e.receipt from app.vote_entry e
                 where e.tenant_id = \(tenant) and e.voter_id = x.id order by e.revision desc limit 1) l on true
             where \(only) order by x.has_voted, x.id desc limit \(most)
            """)
    }

    /// Of one person in one vote.
    static let most = 500

    /// Whether the member may put another ballot in place of the one that counts: an owner in place of one that was cast in their own
    /// name, and everybody in place of their own where the vote lets people change their minds. Nobody knows who signed a paper, unless
    /// only one could have. Never in a secret vote, where nobody knows which ballot that is.
    ///
    /// - Parameter onPaper: the member enters what came on paper.
    func mayReplace(_ vote: Vote, _ member: UUID, onPaper: Bool = false) -> Bool {
        guard hasVoted, !vote.isSecret else { return false }
        let voice = onPaper ? sole : owns ? member : nil
        if let castFor, castFor == voice { return true }
        guard vote.allowChange else { return false }
        if cameOnPaper { return onPaper || (voice != nil && voice == sole && voice == soleThen) }
        return !onPaper && castBy == member && (owns || castFor != nil)
    }
}
