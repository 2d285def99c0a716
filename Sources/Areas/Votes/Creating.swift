import Audit
import Database
import Forms
import Foundation
import Jobs
import Property
import Tenancy
import Web

/// Calling votes, and what may happen to one on its way. Each function is one transaction's worth: change, ledger, audit line,
/// event, jobs.
struct Votes {
    let tx: Tx
    let tenant: Tenant

    var now: Date { tx.facts.now }
    var today: CalendarDate { CalendarDate(now, in: tenant.timeZone) }

    /// Puts a vote on record; where the register is taken at its creation, that is now.
    ///
    /// - Throws: `FormErrors` for a place that is not there, for one where nobody could vote, and for units without a share.
    func create(_ draft: VoteDraft, by member: UUID) async throws -> Vote {
        let id = UUID.v7(now: now)
        let building = try await place(of: draft)
        try await insert(draft, id, building, by: member)
        try await insert(draft.questions, of: id)
        let electorate = Electorate(
            tenant: tenant.id, building: building, entrance: draft.entrance, weighting: draft.weighting, owners: draft.owners,
            day: today)
        let rows = try await tx.query(electorate.rows)
        guard rows.contains(where: { !$0.owners.isEmpty }) else { throw FormErrors([FieldProblem("audience", .own("nobody"))]) }
        guard rows.allSatisfy({ $0.weight != nil }) else {
            throw FormErrors([FieldProblem("weighting", .own("shares_missing"))])
        }
        if draft.record == .creation {
            try await Freezing(tx: tx).freeze(try await tx.query(VoteFreeze.taken(id, tenant.id)), on: today)
        }
        try enqueueTimes(id, draft.starts, draft.ends)
        try tx.publish(VoteCreated(vote: id))
        try tx.audit(
            "vote.created", "vote", id,
            AuditChange(after: [
                "title": draft.title, "until": draft.ends.formatted(.iso8601), "secret": draft.secret ? "yes" : "no"
            ]))
        return try await tx.query(Vote.find(id, tenant.id))
    }

    func enqueueTimes(_ vote: UUID, _ starts: Date, _ ends: Date) throws {
        try tx.enqueue(OpenVote(vote: vote), at: max(starts, now))
        let reminder = ends.addingTimeInterval(-RemindVote.notice)
        if reminder > max(starts, now) { try tx.enqueue(RemindVote(vote: vote, ends: ends), at: reminder) }
        try tx.enqueue(CloseVote(vote: vote), at: ends)
    }

    /// The building of the draft's place.
    private func place(of draft: VoteDraft) async throws -> UUID? {
        guard draft.building != nil || draft.entrance != nil else { return nil }
        let found = try await tx.firstValue(
            """
            select b.id from app.building b left join app.entrance e on e.tenant_id = b.tenant_id and e.building_id = b.id
                   and e.id = \(draft.entrance) and e.archived_at is null
             where b.tenant_id = \(tenant.id) and b.archived_at is null and coalesce(b.id = \(draft.building), true)
               and coalesce(e.id = \(draft.entrance), \(draft.entrance)::uuid is null)
            """, UUID.self)
        guard let found else { throw FormErrors([FieldProblem("audience", .notFound)]) }
        return found
    }

    private func insert(_ draft: VoteDraft, _ id: UUID, _ building: UUID?, by member: UUID) async throws {
        try await tx.execute(
            """
            insert into app.vote(tenant_id, id, title, description, building_id, entrance_id, weighting, owners, results, record,
                                 secret, allow_change, allow_delegates, quorum_weight_n, quorum_weight_d, quorum_heads_n,
                                 quorum_heads_d, starts_at, ends_at, created_at, created_by)
            values (\(tenant.id), \(id), \(draft.title), \(draft.description), \(building), \(draft.entrance), \(draft.weighting),
                    \(draft.owners), \(draft.results), \(draft.record), \(draft.secret), \(draft.allowChange), \(draft.allowDelegates),
                    \(draft.quorumWeight?.numerator), \(draft.quorumWeight?.denominator), \(draft.quorumHeads?.numerator),
                    \(draft.quorumHeads?.denominator), \(draft.starts), \(draft.ends), \(now), \(member))
            """)
    }

    private func insert(_ questions: [QuestionDraft], of vote: UUID) async throws {
        let rows = questions.enumerated().map {
            (id: UUID.v7(now: now), position: Int32(clamping: $0.offset + 1), draft: $0.element)
        }
        let options = rows.flatMap { row in
            row.draft.options.enumerated().map {
                (question: row.id, id: UUID.v7(now: now), position: Int32(clamping: $0.offset + 1), option: $0.element)
            }
        }
        _ = try await tx.batch(
            Query.execute(
                """
                insert into app.vote_question(tenant_id, id, vote_id, position, title, kind, majority, least, most)
                select \(tenant.id), t.id, \(vote), t.position, t.title, t.kind, t.majority, t.least, t.most
                  from unnest(\(rows.map(\.id)), \(rows.map(\.position)), \(rows.map(\.draft.title)),
                              \(rows.map(\.draft.kind.rawValue)), \(rows.map(\.draft.majority)),
                              \(rows.map { Int32(clamping: $0.draft.least) }), \(rows.map { Int32(clamping: $0.draft.most) }))
                       as t(id, position, title, kind, majority, least, most)
                """),
            Query.execute(
                """
                insert into app.vote_option(tenant_id, id, question_id, position, code, label)
                select \(tenant.id), t.id, t.question, t.position, t.code, t.label
                  from unnest(\(options.map(\.id)), \(options.map(\.question)), \(options.map(\.position)),
                              \(options.map(\.option.code)), \(options.map(\.option.label)))
                       as t(id, question, position, code, label)
                """))
    }
}

extension QuestionDraft {
    /// To abstain is always possible, and the last of them.
    fileprivate var options: [VoteTerms.Option] {
        let choices =
            kind == .yesNo
            ? ["yes", "no"].map { VoteTerms.Option(code: $0, label: "") }
            : labels.map { VoteTerms.Option(code: "choice", label: $0) }
        return choices + [VoteTerms.Option(code: "abstain", label: "")]
    }
}
