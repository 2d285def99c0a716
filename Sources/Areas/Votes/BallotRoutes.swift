import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Voting, and looking after one's ballot.
extension VoteRoutes {
    /// The answer is never kept (`MemberContext.once`): it holds the code, which nobody but the voter may have. Sent twice, the
    /// form's own code sees to it that the ballot counts once and the answer is the same.
    @Sendable func cast(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id("vote")
        let shown = try await ShownVote.read(id, context)
        do {
            let draft = try incoming.submission.read { BallotDraft(&$0, shown.questions) }
            try await Self.casting.spend(context.memberID.text, context.proved(), now: context.now)
            if shown.vote.isSecret, let earlier = draft.earlier {
                let receipt = try await context.write { tx in
                    try await casting(tx, shown.vote, context).replace(earlier, with: draft.answers, draft.receipt)
                }
                return try answer(BallotJSON(replaced: receipt, of: id), [], receipt, shown.vote, context)
            }
            let cast = try await context.write { tx in
                // What counts is read behind the lock: while one waits for it, a ballot is cast, a delegation revoked, a unit sold.
                let (_, vote, places) = try await tx.batch(
                    Ledger(vote: id, tenant: context.tenant.id).lock, Vote.find(id, VoteViewer(context)),
                    BallotPlace.of(id, VoteViewer(context)))
                let chosen = try draft.places(among: places)
                return try await casting(tx, vote, context).cast(draft.answers, for: chosen, draft.receipt, by: context.memberID)
            }
            return try answer(BallotJSON(cast), cast, nil, shown.vote, context)
        } catch let errors as FormErrors {
            let page = VotePage(shown, context, errors.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure
            where failure.status == .conflict || failure.status == .tooManyRequests || failure.code == Failure.receiptUsed.code
        {
            let fresh = try await ShownVote.read(id, context)
            let page = VotePage(fresh, context, incoming.values, [FieldProblem("", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }

    private func casting(_ tx: Tx, _ vote: Vote, _ context: MemberContext) -> Casting {
        Casting(tx: tx, vote: vote, sealer: context.house.sealer)
    }

    private func answer(_ json: BallotJSON, _ cast: [CastBallot], _ replaced: Receipt?, _ vote: Vote, _ context: MemberContext)
        throws
        -> Reply
    {
        guard context.face == .page else { return .secret(try .created(json, at: vote.path)) }
        let page = ReceiptPage(cast, replaced, vote, context)
        return .secret(.show(page, json: json))
    }

    // MARK: The code

    @Sendable func askReceipt(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let vote = try await context.read(Vote.find(try incoming.id("vote"), VoteViewer(context)))
        return .page(CheckReceiptPage(vote, "", nil, [], [], context))
    }

    /// By POST, although it changes nothing: a code in an address would stand in logs and histories.
    @Sendable func checkReceipt(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        let vote = try await context.read(Vote.find(id, VoteViewer(context)))
        do {
            guard let receipt = try incoming.submission.read({ Self.code(&$0) }) else { throw FormErrors([]) }
            try await Self.checking.spend(context.memberID.text, context.proved(), now: context.now)
            let asked = ReceiptCheck.find(receipt, of: id, tenant)
            let (entry, inBox, replaced, questions) = try await context.read(
                asked.0, asked.1, asked.2, QuestionLine.of(id, tenant))
            let check = ReceiptCheck(entry, inBox: inBox, replaced: replaced)
            let answers = check.answers(questions, context)
            return .secret(
                .show(
                    CheckReceiptPage(vote, receipt.spaced, check, answers ?? [], [], context),
                    json: ReceiptCheckJSON(
                        state: check.state, seq: check.entry.map { Int(clamping: $0.seq) }, hash: check.entry?.hash.hex,
                        answers: answers?.map(\.chosen))))
        } catch let errors as FormErrors {
            let page = CheckReceiptPage(vote, incoming.values["code"], nil, [], errors.problems, context)
            return .refused(page: { page }, errors.problems)
        }
    }
}

extension BallotDraft {
    /// - Throws: 403 for whoever has no ballot at all, 404 for a unit that is not theirs, `FormErrors` when it is not said which
    ///   of several.
    func places(among places: [BallotPlace]) throws -> [BallotPlace] {
        guard !places.isEmpty else { throw Failure.notEligible }
        if !voters.isEmpty {
            let chosen = places.filter { voters.contains($0.voter) }
            guard chosen.count == voters.count else { throw Failure.notFound }
            return chosen
        }
        if let unit {
            guard let place = places.first(where: { $0.unit == unit }) else { throw Failure.notFound }
            return [place]
        }
        guard places.count == 1 else { throw FormErrors([FieldProblem("unit_id", .required)]) }
        return places
    }
}

extension ReceiptCheck {
    /// What was chosen, in words, for each question: the voter alone has the code, so it may be told as soon as it stands in the
    /// ledger.
    func answers(_ questions: [QuestionLine], _ context: MemberContext) -> [(question: String, chosen: [String])]? {
        guard let entry, let content = try? Recount.decode(BallotContent.self, entry.content) else { return nil }
        let t = VotesMessages(context.language)
        return zip(questions, content.answers).map { question, chosen in
            (question.title, question.options.filter { chosen.contains($0.position) }.map { $0.words(t) })
        }
    }
}
