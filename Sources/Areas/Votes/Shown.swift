import Database
import Foundation
import Web

/// Everything that a vote's page tells, as one viewer may see it.
struct ShownVote: Sendable {
    let vote: Vote
    let questions: [QuestionLine]
    let places: [BallotPlace]
    let turnout: Turnout
    let whole: Whole
    /// Nil for as long as totals per option may not be seen.
    let result: VoteResult?

    /// One round trip. What may not be seen is not counted.
    static func read(_ id: UUID, _ context: MemberContext) async throws -> ShownVote {
        let (viewer, tenant) = (VoteViewer(context), context.tenant.id)
        let tally = Tally.recorded(id, tenant, where: "v.results = 'live' and not v.secret and v.state in ('planned', 'open')")
        let (vote, questions, places, lines, turnout, whole) = try await context.read(
            Vote.find(id, viewer), QuestionLine.of(id, tenant), BallotPlace.of(id, viewer), tally.lines,
            tally.turnout, Whole.find(id, tenant))
        let terms = VoteTerms(vote, questions, whole)
        let reached = vote.result?.turnout ?? turnout
        let live = vote.showsResults(at: context.now) ? VoteResult(terms, lines, reached) : nil
        return ShownVote(
            vote: vote, questions: questions, places: places, turnout: reached, whole: whole, result: vote.result ?? live)
    }

    func mayCast(at now: Date) -> Bool { vote.state(at: now) == .open && !places.isEmpty }
}
