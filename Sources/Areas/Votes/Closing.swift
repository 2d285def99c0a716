import Audit
import Database
import Forms
import Foundation
import Jobs
import Secrets
import Web

/// What happens to a vote after it was called: it opens, its end moves, it ends or is cancelled.
extension Votes {
    /// The register of a vote that takes it at its start. Ballots are taken from the first moment on, once it stands.
    func open(_ vote: UUID) async throws {
        let taken = try await tx.query(VoteFreeze.taken(vote, tenant.id))
        guard taken.state == "planned", taken.isDue else { return }
        try await freezeIfNeeded(taken)
        try await tx.execute("update app.vote set state = 'open' where tenant_id = \(tenant.id) and id = \(vote)")
        try tx.audit("vote.opened", "vote", vote)
    }

    private func freezeIfNeeded(_ taken: VoteFreeze) async throws {
        guard !taken.isFrozen else { return }
        let missing = try await Freezing(tx: tx).freeze(taken, on: CalendarDate(taken.startsAt, in: tenant.timeZone))
        if missing > 0 { throw JobFailure.park("\(missing) units of this vote have no share on record") }
    }

    /// Counts what is in the ledger and writes the result behind it. Nothing happens before the end, by the database's clock, and
    /// nothing a second time.
    func close(_ vote: UUID, _ sealer: Sealer) async throws {
        let taken = try await tx.query(VoteFreeze.taken(vote, tenant.id))
        guard taken.state == "planned" || taken.state == "open", taken.isOver else { return }
        try await freezeIfNeeded(taken)
        let line = try await tx.query(Vote.find(vote, tenant.id))
        if line.isSecret { try await unseal(line, sealer) }
        let report = try await Recount(tx: tx, sealer: sealer).run(vote)
        guard let result = report.result else {
            throw JobFailure.park("The ledger of this vote does not hold: entry \(report.broken?.seq ?? 0)")
        }
        guard report.ballots == line.voted else {
            throw JobFailure.park("\(line.voted) have taken part, and there are \(report.ballots) ballots")
        }
        let content = try JSON.text(result)
        let head = Ledger.hash(Int64(report.entries), [UInt8](hex: report.head), content).hex
        _ = try await tx.batch(
            Ledger(vote: vote, tenant: tenant.id).append("result", content),
            try Self.settle(vote, result, tenant.id, at: now), Self.settle(result, of: vote, tenant.id))
        try tx.publish(VoteClosed(vote: vote))
        try tx.audit("vote.closed", "vote", vote, AuditChange(after: ["head": head, "ballots": "\(report.ballots)"]))
    }

    static func settle(_ vote: UUID, _ result: VoteResult, _ tenant: Int32, at closed: Date) throws -> Query<Int> {
        .execute(
            """
            update app.vote set state = 'closed', closed_at = \(closed), result = \(try JSON.text(result))
             where tenant_id = \(tenant) and id = \(vote)
            """)
    }

    static func settle(_ result: VoteResult, of vote: UUID, _ tenant: Int32) -> Query<Int> {
        .execute(
            """
            update app.vote_question q set outcome = t.outcome
              from unnest(\(result.questions.indices.map { Int32(clamping: $0 + 1) }), \(result.questions.map(\.outcome.rawValue)))
                   as t(position, outcome)
             where q.tenant_id = \(tenant) and q.vote_id = \(vote) and q.position = t.position
            """)
    }

    /// The box's ballots enter the ledger, all at once and in the order of their hashes; the box is empty then.
    private func unseal(_ vote: Vote, _ sealer: Sealer) async throws {
        let box = SecretBox(vote: vote.id, tenant: tenant.id, sealer: sealer)
        let (sealed, entries) = try await tx.batch(box.all, LedgerEntry.all(vote.id, tenant.id))
        let ballots = try sealed.map { try box.open($0) }.sorted { $0.receipt < $1.receipt }
        let rows = try ballots.map { ballot in
            let weight = SealedWeight(weight: ballot.weight, heads: ballot.heads)
            let content = BallotContent(
                answers: ballot.answers, receipt: ballot.receipt,
                sealed: Data(try weight.seal(for: ballot.receipt, vote.id, sealer)).base64EncodedString())
            return Ledger.Added(content: try JSON.text(content), receipt: [UInt8](hex: ballot.receipt))
        }
        guard !rows.isEmpty else { return }
        _ = try await tx.batch(Ledger(vote: vote.id, tenant: tenant.id).append(rows, after: entries.last), box.empty)
    }

    // MARK: By people

    /// A later end, which everybody is told of.
    func extend(_ vote: UUID, _ draft: ExtensionDraft, by member: UUID) async throws -> Vote {
        let (line, from) = try await running(vote)
        guard draft.ends > max(from, now) else { throw FormErrors([FieldProblem("end_date", .own("ends_too_early"))]) }
        let change = DecisionContent(
            kind: "extended", at: now.formatted(.iso8601), by: member, reason: draft.reason, from: from.formatted(.iso8601),
            to: draft.ends.formatted(.iso8601))
        try await record(change, of: line)
        let moved = try await tx.execute(
            """
            update app.vote set ends_at = \(draft.ends), extended_at = \(now)
             where tenant_id = \(tenant.id) and id = \(vote) and clock_timestamp() < ends_at
            """)
        guard moved == 1 else { throw Failure.voteNotOpen }
        try tx.enqueue(CloseVote(vote: vote), at: draft.ends)
        let reminder = draft.ends.addingTimeInterval(-RemindVote.notice)
        if reminder > now { try tx.enqueue(RemindVote(vote: vote, ends: draft.ends), at: reminder) }
        try tx.publish(VoteExtended(vote: vote, endsAt: draft.ends))
        try tx.audit(
            "vote.extended", "vote", vote,
            AuditChange(
                before: ["until": change.from], after: ["until": change.to, "reason": draft.reason]))
        return try await tx.query(Vote.find(vote, tenant.id))
    }

    func cancel(_ vote: UUID, _ draft: ReasonDraft, by member: UUID) async throws -> Vote {
        let (line, _) = try await running(vote)
        try await record(
            DecisionContent(kind: "cancelled", at: now.formatted(.iso8601), by: member, reason: draft.reason), of: line)
        try await tx.execute(
            """
            update app.vote set state = 'cancelled', cancelled_at = \(now), cancelled_by = \(member), cancelled_why = \(draft.reason)
             where tenant_id = \(tenant.id) and id = \(vote)
            """)
        // Nobody will ever count what is in the box.
        try await tx.execute("delete from app.vote_box where tenant_id = \(tenant.id) and vote_id = \(vote)")
        try tx.publish(VoteCancelled(vote: vote))
        try tx.audit("vote.cancelled", "vote", vote, AuditChange(after: ["reason": draft.reason]))
        return try await tx.query(Vote.find(vote, tenant.id))
    }

    /// - Throws: 409 when it is over.
    private func running(_ vote: UUID) async throws -> (Vote, ends: Date) {
        let taken = try await tx.query(VoteFreeze.taken(vote, tenant.id))
        guard taken.state == "planned" || taken.state == "open", !taken.isOver else { throw Failure.voteNotOpen }
        let line = try await tx.query(Vote.find(vote, tenant.id))
        return (line, line.endsAt)
    }

    /// Before the register stands there is no ledger; what was decided is in the audit log then.
    private func record(_ decision: DecisionContent, of vote: Vote) async throws {
        guard vote.frozenAt != nil else { return }
        _ = try await tx.query(Ledger(vote: vote.id, tenant: tenant.id).append(decision.kind, try JSON.text(decision)))
    }
}

extension [UInt8] {
    /// Of hex digits that were written by `hex`; what is none counts as 0.
    init(hex: String) {
        let digits = hex.map { UInt8($0.hexDigitValue ?? 0) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
