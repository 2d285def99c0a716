import Database
import Foundation
import HTML
import Notifications
import Property
import Tenancy
import Web

/// What people hear of votes. A notice says that something was voted on, that somebody took part, and what it came to; never what
/// anybody voted.
struct VoteNotices {
    let tx: Tx
    let tenant: Tenant

    private var today: CalendarDate { CalendarDate(tx.facts.now, in: tenant.timeZone) }

    func tell(_ job: TellOfVote) async throws {
        let vote = try await tx.query(Vote.find(job.vote, tenant.id))
        try await tx.notify(
            try await concerned(vote),
            Notice(
                "vote.\(job.what.rawValue)", path: vote.path, facts: ["title": vote.title],
                dedupeKey: "vote-\(job.what.rawValue):\(vote.id.text):\(job.occasion)"))
    }

    func tell(_ job: TellOfBallot) async throws {
        let vote = try await tx.query(Vote.find(job.vote, tenant.id))
        let place = try await tx.firstValue(
            "select place from app.vote_voter where tenant_id = \(tenant.id) and id = \(job.voter)", String.self)
        let name = try await tx.firstValue(
            "select name from app.member where tenant_id = \(tenant.id) and id = \(job.by)", String.self)
        let facts = ["title": vote.title, "place": place ?? "", "name": name ?? ""]
        func notice(_ what: String) -> Notice {
            Notice(
                "vote.\(what)", path: vote.path, facts: facts,
                dedupeKey: "vote-\(what):\(vote.id.text):\(job.voter.text):\(job.by.text)")
        }
        let isPaper = job.channel == Casting.Channel.paper.rawValue
        if !isPaper { try await tx.notify([job.by], notice("cast")) }
        if let behalf = job.behalf { try await tx.notify([behalf], notice("cast_for_you")) }
        if isPaper { try await tx.notify(try await owners(job.voter), notice("cast_on_paper")) }
    }

    /// - Parameter job: nobody is reminded of an end that is another one by now.
    func remind(_ job: RemindVote) async throws {
        let vote = try await tx.query(Vote.find(job.vote, tenant.id))
        guard vote.state(at: max(tx.facts.now, vote.startsAt)) == .open, abs(vote.endsAt.timeIntervalSince(job.ends)) < 1 else {
            return
        }
        try await tx.notify(
            try await concerned(vote, only: hasNotVoted),
            Notice(
                "vote.reminder", path: vote.path, facts: ["title": vote.title],
                dedupeKey: "vote-reminder:\(vote.id.text):\(job.ends.formatted(.iso8601))"))
    }

    private var hasNotVoted: SQL {
        """
        exists (select from app.vote_voter r where r.tenant_id = u.tenant_id and r.vote_id = v.id and r.unit_id = u.id
                   and \(VoteViewer.entitled("own.member_id", on: today))
                   and not exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id))
        """
    }

    /// Owners of its units today, and whoever may vote for one of them.
    private func concerned(_ vote: Vote, only condition: SQL = "true") async throws -> [UUID] {
        try await tx.values(
            """
            with owner as (
              select distinct own.member_id, own.unit_id
                from app.vote v join app.unit u on \(VoteViewer.audience) and u.archived_at is null
                join app.occupancy own on own.tenant_id = u.tenant_id and own.unit_id = u.id and own.kind = 'owner' and own.since <= \(today)
                     and coalesce(own.until >= \(today), true)
               where v.tenant_id = \(tenant.id) and v.id = \(vote.id) and \(condition))
            select member_id from owner
            union select d.delegate_id from app.delegation d join owner w on w.unit_id = d.unit_id and w.member_id = d.delegator_id
                   where \(vote.allowDelegates) and \(Delegated.holds(.vote, for: "d.delegate_id", tenant, now: tx.facts.now))
            """, UUID.self)
    }

    private func owners(_ voter: UUID) async throws -> [UUID] {
        try await tx.values(
            """
            select distinct own.member_id from app.vote_voter r
              join app.occupancy own on own.tenant_id = r.tenant_id and own.unit_id = r.unit_id and own.kind = 'owner'
             where r.tenant_id = \(tenant.id) and r.id = \(voter) and \(VoteViewer.entitled("own.member_id", on: today))
            """, UUID.self)
    }
}
