import Database
import Foundation
import Operations
import Property
import UI
import Web

/// The votes' part of the dashboard: those that wait for a ballot of this person.
package enum VoteHome {
    private static let shown = 5

    package static func contents(_ context: MemberContext) -> Query<HomeContents> {
        guard context.may(.seeVotes) else { return .known(HomeContents()) }
        return Vote.waiting(for: VoteViewer(context), most: shown).map { contents($0, context) }
    }

    private static func contents(_ votes: [Vote], _ context: MemberContext) -> HomeContents {
        let t = VotesMessages(context.language)
        guard !votes.isEmpty else { return HomeContents(topics: "vote") }
        let rows = votes.prefix(shown).map { vote in
            let until = t.home.until(end: context.format.dateTime(vote.endsAt))
            return HomeRow(
                path: vote.path, title: vote.title, detail: "\(vote.place(t)) · \(until)", badges: vote.badges(context))
        }
        let section = HomeSection(
            title: t.home.title, rows: rows, more: votes.count > shown ? VoteFilter.path : nil, emptyTitle: "", emptyText: "")
        return HomeContents(sections: [section], topics: "vote")
    }
}

extension Vote {
    /// Open ones in which somebody has a ballot that they have not cast, as owner or for one; what ends first comes first.
    static func waiting(for viewer: VoteViewer, most: Int) -> Query<[Vote]> {
        let (now, day) = (viewer.now, viewer.today)
        let lent: SQL = """
            v.allow_delegates and exists (
              select from app.delegation d
               where d.unit_id = r.unit_id and \(Delegated(viewer.tenant, to: viewer.member, now: now).holds(.vote))
                 and \(VoteViewer.entitled("d.delegator_id", on: day)))
            """
        let rows: SQL = """
            (select * from app.vote v
              where v.tenant_id = \(viewer.tenant.id) and \(VoteFilter.isOpen(now))
                and exists (select from app.vote_voter r
                             where r.tenant_id = v.tenant_id and r.vote_id = v.id
                               and not exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id)
                               and (\(VoteViewer.entitled("\(viewer.member)", on: day)) or \(lent)))
              order by v.ends_at, v.id limit \(most + 1))
            """
        return .many("\(select(rows)) order by v.ends_at, v.id")
    }
}
