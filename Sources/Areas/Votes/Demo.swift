import Crypto
import Database
import Foundation
import Web

/// A vote of the demo companies. Its register, its ledger and its result are made by what makes real ones; ids and times are its
/// own, the same in every database.
package struct DemoVote: Sendable {
    package struct Question: Sendable {
        let title: String
        let options: [String]
        let majority: String

        /// Without options: yes or no.
        package init(_ title: String, _ options: [String] = [], majority: String = "simple") {
            (self.title, self.options, self.majority) = (title, options, majority)
        }
    }

    package var id: UUID
    package var title: String
    package var description: String
    package var created: Date
    package var building: UUID?
    package var weighting = "share"
    package var results = "after_end"
    package var isSecret = false
    package var allowChange = false
    package var quorum: (Int64, Int64)?
    package var starts: Date
    package var ends: Date
    package var questions: [Question]
    package var caller: UUID
    /// What a voter chose, for each question; nil for whoever did not vote. By their place in the register, and whose the unit is.
    package var ballot: @Sendable (_ place: Int, _ owners: [UUID]) -> [[Int]]?

    package init(
        id: UUID, title: String, description: String, created: Date, building: UUID?, starts: Date, ends: Date,
        questions: [Question], caller: UUID,
        ballot: @escaping @Sendable (_ place: Int, _ owners: [UUID]) -> [[Int]]?
    ) {
        (self.id, self.title, self.description, self.created, self.building) = (id, title, description, created, building)
        (self.starts, self.ends, self.questions, self.caller, self.ballot) = (starts, ends, questions, caller, ballot)
    }
}

extension DemoVote {
    /// Writes it as it stands at `now`: planned, open, or over and counted.
    ///
    /// - Parameter makeID: ids in order, for that moment.
    package func write(_ tx: Tx, day: CalendarDate, now: Date, makeID: @escaping (Date) -> UUID) async throws {
        let tenant = tx.facts.tenant
        try await insert(tx, makeID)
        guard starts <= now else { return try enqueue(tx) }
        try await Freezing(tx: tx, at: starts, makeID: { makeID(starts) })
            .freeze(try await tx.query(VoteFreeze.taken(id, tenant)), on: day)
        let state: SQL = "update app.vote set state = 'open' where tenant_id = \(tenant) and id = \(id)"
        try await tx.execute(state)
        try await castAll(tx, until: min(now, ends), makeID)
        if ends <= now { try await close(tx, makeID) } else { try enqueue(tx) }
    }

    private func enqueue(_ tx: Tx) throws {
        try tx.enqueue(OpenVote(vote: id), at: starts)
        try tx.enqueue(RemindVote(vote: id, ends: ends), at: ends.addingTimeInterval(-RemindVote.notice))
        try tx.enqueue(CloseVote(vote: id), at: ends)
    }

    private func insert(_ tx: Tx, _ makeID: (Date) -> UUID) async throws {
        let tenant = tx.facts.tenant
        try await tx.execute(
            """
            insert into app.vote(tenant_id, id, title, description, building_id, weighting, owners, results, record, secret,
                                 allow_change, allow_delegates, quorum_weight_n, quorum_weight_d, starts_at, ends_at, created_at, created_by)
            values (\(tenant), \(id), \(title), \(description), \(building), \(weighting), 'joint', \(results), 'start', \(isSecret),
                    \(allowChange), true, \(quorum?.0), \(quorum?.1), \(starts), \(ends), \(created), \(caller))
            """)
        for (place, question) in questions.enumerated() {
            let made = makeID(starts)
            let codes = question.options.isEmpty ? ["yes", "no"] : question.options.map { _ in "choice" }
            let labels = question.options.isEmpty ? ["", ""] : question.options
            let kind = question.options.isEmpty ? "yes_no" : "one"
            let positions = (0...codes.count).map { Int32(clamping: $0 + 1) }
            let ids = positions.map { _ in makeID(starts) }
            _ = try await tx.batch(
                Query.execute(
                    """
                    insert into app.vote_question(tenant_id, id, vote_id, position, title, kind, majority, least, most)
                    values (\(tenant), \(made), \(id), \(Int32(clamping: place + 1)), \(question.title), \(kind), \(question.majority), 1, 1)
                    """),
                Query.execute(
                    """
                    insert into app.vote_option(tenant_id, id, question_id, position, code, label)
                    select \(tenant), t.id, \(made), t.position, t.code, t.label
                      from unnest(\(ids), \(positions), \(codes + ["abstain"]), \(labels + [""])) as t(id, position, code, label)
                    """))
        }
    }

    private struct Voter: Record {
        let id: UUID
        let weight: String
        let heads: String
        let owners: [UUID]

        init(row: Row) throws {
            id = try row["id"]
            weight = try row["weight"]
            heads = try row["heads"]
            owners = try row["owners"]
        }
    }

    private func castAll(_ tx: Tx, until last: Date, _ makeID: (Date) -> UUID) async throws {
        let tenant = tx.facts.tenant
        let (voters, entries) = try await tx.batch(
            Query.many(
                """
                select r.id, app.fraction_sum(array[r.weight_n], array[r.weight_d]) as weight,
                       app.fraction_sum(array[r.heads_n], array[r.heads_d]) as heads,
                       array(select w.member_id from app.vote_owner w where w.tenant_id = r.tenant_id and w.voter_id = r.id
                              order by w.member_id) as owners
                  from app.vote_voter r where r.tenant_id = \(tenant) and r.vote_id = \(id) order by r.id desc
                """, Voter.self),
            LedgerEntry.all(id, tenant))
        var cast: [(voter: UUID, added: Ledger.Added)] = []
        let step = last.timeIntervalSince(starts) / Double(voters.count + 1)
        for (place, voter) in voters.enumerated() {
            guard let owner = voter.owners.first, let answers = ballot(place, voter.owners) else { continue }
            let at = starts.addingTimeInterval(step * Double(place + 1))
            let receipt = Array(SHA256.hash(data: Data("demo \(voter.id.text)".utf8)))
            let content = BallotContent(
                answers: answers, receipt: receipt.hex, voter: voter.id, revision: 0, weight: voter.weight, heads: voter.heads,
                at: at.formatted(.iso8601), by: owner, channel: Casting.Channel.web.rawValue)
            cast.append(
                (voter.id, Ledger.Added(content: try JSON.text(content), receipt: receipt, voter: voter.id, id: makeID(at))))
        }
        guard !cast.isEmpty else { return }
        _ = try await tx.batch(
            Query.execute(
                """
                insert into app.vote_participation(tenant_id, id, vote_id)
                select \(tenant), t, \(id) from unnest(\(cast.map(\.voter))) as t
                """),
            Ledger(vote: id, tenant: tenant).append(cast.map(\.added), after: entries.last))
    }

    private func close(_ tx: Tx, _ makeID: (Date) -> UUID) async throws {
        let tenant = tx.facts.tenant
        guard let result = try await Recount(tx: tx, sealer: nil).run(id).result else { return }
        _ = try await tx.batch(
            Ledger(vote: id, tenant: tenant).append("result", try JSON.text(result), id: makeID(ends)),
            try Votes.settle(id, result, tenant, at: ends), Votes.settle(result, of: id, tenant))
    }
}
