import Database
import Foundation
import Property
import Web

/// An exact fraction in lowest terms. Whole numbers of any size, which is why they are texts.
struct FractionJSON: Codable, Sendable {
    let numerator: String
    let denominator: String

    init(_ text: String) {
        let parts = Fraction.parts(text)
        (numerator, denominator) = (parts?.top ?? "0", parts?.bottom ?? "1")
    }
}

/// A vote as programs see it.
struct VoteJSON: Codable, Sendable {
    struct Place: Codable, Sendable {
        let id: String
        let name: String
    }

    struct Quorum: Codable, Sendable {
        let weight: FractionJSON?
        let heads: FractionJSON?
    }

    let voteId: String
    let title: String
    let description: String
    let state: VoteState
    let outcome: QuestionOutcome?
    let building: Place?
    let entrance: String?
    let weighting: Weighting
    let owners: OwnersRule
    let record: RecordRule
    let secret: Bool
    let resultsVisibility: ResultsRule
    let allowChange: Bool
    let allowDelegates: Bool
    let quorum: Quorum
    let startsAt: Date
    let endsAt: Date
    let frozenAt: Date?
    let closedAt: Date?
    let cancelledAt: Date?
    let cancelReason: String?
    /// Ballots that there can be, and that were cast.
    let voters: Int
    let voted: Int

    init(_ vote: Vote, now: Date) {
        voteId = vote.id.text
        title = vote.title
        description = vote.description
        state = vote.state(at: now)
        outcome = vote.outcome
        building = vote.buildingID.map { Place(id: $0.text, name: vote.building ?? "") }
        entrance = vote.entrance
        weighting = vote.weighting
        owners = vote.owners
        record = vote.record
        secret = vote.isSecret
        resultsVisibility = vote.results
        allowChange = vote.allowChange
        allowDelegates = vote.allowDelegates
        quorum = Quorum(
            weight: vote.quorumWeight.map { FractionJSON($0.text) }, heads: vote.quorumHeads.map { FractionJSON($0.text) })
        startsAt = vote.startsAt
        endsAt = vote.endsAt
        frozenAt = vote.frozenAt
        closedAt = vote.closedAt
        cancelledAt = vote.cancelledAt
        cancelReason = vote.cancelledWhy
        voters = vote.voters
        voted = vote.voted
    }
}

struct QuestionJSON: Codable, Sendable {
    struct Option: Codable, Sendable {
        let optionId: String
        /// `yes`, `no`, `choice` or `abstain`.
        let code: String
        let label: String
    }

    let questionId: String
    let title: String
    let kind: QuestionKind
    let majority: Majority
    let min: Int
    let max: Int
    let options: [Option]

    init(_ question: QuestionLine) {
        questionId = question.id.text
        title = question.title
        kind = question.kind
        majority = question.majority
        (min, max) = (question.least, question.most)
        options = question.options.map { Option(optionId: $0.id.text, code: $0.code, label: $0.label) }
    }
}

struct ResultsJSON: Codable, Sendable {
    struct Question: Codable, Sendable {
        let questionId: String
        /// Once the vote is over.
        let outcome: QuestionOutcome?
        let chosen: [String]
        let options: [Option]
    }

    struct Option: Codable, Sendable {
        let optionId: String
        let ballots: Int
        let weight: FractionJSON
        let heads: FractionJSON
        /// Hundredths of a percent of what was cast.
        let ofCast: Int
    }

    let turnout: TurnoutJSON
    let quorumReached: Bool
    /// Nil for as long as totals may not be seen.
    let questions: [Question]?

    init(_ shown: ShownVote) {
        let result = shown.result
        turnout = TurnoutJSON(shown.turnout)
        quorumReached = shown.turnout.reachesQuorum
        questions = result.map { result in
            zip(shown.questions, result.questions).map { line, counted in
                let places = Dictionary(line.options.map { ($0.position, $0.id.text) }) { first, _ in first }
                return Question(
                    questionId: line.id.text, outcome: shown.vote.closedAt == nil ? nil : counted.outcome,
                    chosen: counted.chosen.compactMap { places[$0] },
                    options: zip(line.options, counted.options).map {
                        Option(
                            optionId: $0.id.text, ballots: $1.ballots, weight: FractionJSON($1.weight),
                            heads: FractionJSON($1.heads),
                            ofCast: $1.ofCast)
                    })
            }
        }
    }
}

struct TurnoutJSON: Codable, Sendable {
    let ballots: Int
    let weight: FractionJSON
    let heads: FractionJSON
    /// Hundredths of a percent of the register.
    let ofWeight: Int
    let ofHeads: Int

    init(_ turnout: Turnout) {
        ballots = turnout.ballots
        weight = FractionJSON(turnout.weight)
        heads = FractionJSON(turnout.heads)
        ofWeight = turnout.ofWeight
        ofHeads = turnout.ofHeads
    }
}

/// A unit that the caller has a ballot for.
struct BallotPlaceJSON: Codable, Sendable {
    let voterId: String
    let unitId: String
    let place: String
    let weight: FractionJSON
    let onBehalfOf: String?
    let hasVoted: Bool

    init(_ place: BallotPlace) {
        voterId = place.voter.text
        unitId = place.unit.text
        self.place = place.place
        weight = FractionJSON(place.weight)
        onBehalfOf = place.owns ? nil : place.principalName
        hasVoted = place.hasVoted
    }
}

struct VoteDetailJSON: Codable, Sendable {
    let vote: VoteJSON
    let questions: [QuestionJSON]
    let results: ResultsJSON
    let yours: [BallotPlaceJSON]

    init(_ shown: ShownVote, now: Date) {
        vote = VoteJSON(shown.vote, now: now)
        questions = shown.questions.map(QuestionJSON.init)
        results = ResultsJSON(shown)
        yours = shown.places.map(BallotPlaceJSON.init)
    }
}

/// What a voter gets. The code is in this answer and never again.
struct BallotJSON: Codable, Sendable {
    struct One: Codable, Sendable {
        let ballotId: String
        let voterId: String
        let unitId: String
        let weight: FractionJSON
        let receipt: String
    }

    let ballotId: String
    let weight: FractionJSON?
    let receipt: String
    let ballots: [One]

    init(_ cast: [CastBallot]) {
        ballots = cast.map {
            One(
                ballotId: $0.id.text, voterId: $0.place.voter.text, unitId: $0.place.unit.text,
                weight: FractionJSON($0.place.weight),
                receipt: $0.receipt.spaced)
        }
        ballotId = ballots.first?.ballotId ?? ""
        weight = ballots.first?.weight
        receipt = ballots.first?.receipt ?? ""
    }

    /// Of a secret ballot that took another one's place.
    init(replaced receipt: Receipt, of vote: UUID) {
        ballots = []
        ballotId = receipt.place(vote).text
        weight = nil
        self.receipt = receipt.spaced
    }
}

struct VoterJSON: Codable, Sendable {
    let voterId: String
    let unitId: String
    let place: String
    let owners: [String]
    let weight: FractionJSON
    let heads: FractionJSON
    let hasVoted: Bool

    init(_ line: VoterLine) {
        voterId = line.id.text
        unitId = line.unit.text
        place = line.place
        owners = line.owners
        weight = FractionJSON(line.weight)
        heads = FractionJSON(line.heads)
        hasVoted = line.hasVoted
    }
}

struct LedgerEntryJSON: Codable, Sendable {
    let seq: Int
    let kind: String
    /// Nil for as long as it could tell totals.
    let content: String?
    let previous: String
    let hash: String

    init(_ entry: LedgerEntry, shown: Bool) {
        seq = Int(clamping: entry.seq)
        kind = entry.kind
        content = shown || entry.kind != "ballot" ? entry.content : nil
        previous = entry.previous.hex
        hash = entry.hash.hex
    }
}

struct ReceiptCheckJSON: Codable, Sendable {
    /// `counted`: it stands in the ledger; `in_box`: it lies among the sealed ballots; `replaced`: another came after it;
    /// `unknown`.
    let state: ReceiptState
    let seq: Int?
    let hash: String?
    /// What was chosen, for each question, once it may be seen.
    let answers: [[String]]?
}

enum ReceiptState: String, CaseIterable, Codable, Sendable {
    case counted, replaced, unknown
    case inBox = "in_box"
}
