import Database
import Foundation
import Property
import Web

enum QuestionKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    case yesNo = "yes_no"
    /// One of several options.
    case one
    case several
}

/// What an option needs. Whoever abstains counts for the quorum alone.
enum Majority: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable, SQLArrayElement {
    /// More than half of what was cast.
    case simple
    /// More than half of all.
    case absolute
    /// At least that much of what was cast.
    case twoThirds = "two_thirds"
    case threeQuarters = "three_quarters"
    /// All, also of those who did not vote.
    case unanimous
}

enum Weighting: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    /// The unit's part of the whole property.
    case share
    /// One for each unit.
    case unit
    /// One for each owner, spread evenly over the units that are theirs.
    case head
}

/// How several owners of a unit vote.
enum OwnersRule: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    /// One ballot, and the first that comes counts.
    case joint
    /// Each with a ballot of their own, as heavy as their part of the unit.
    case parts
}

enum ResultsRule: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    case live
    case afterEnd = "after_end"
}

/// When the register is taken.
enum RecordRule: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    case creation, start
}

enum QuestionOutcome: String, CaseIterable, Codable, Sendable, SQLBindable, SQLDecodable {
    case passed, rejected, tied
    case noQuorum = "no_quorum"
}

/// What a vote is decided by: the first entry of its ledger, so that a recount needs nothing else. Fractions are `n/d`.
struct VoteTerms: Codable, Sendable, Equatable {
    struct Question: Codable, Sendable, Equatable {
        let title: String
        let kind: QuestionKind
        let majority: Majority
        let least: Int
        let most: Int
        /// Codes, and labels where a code does not say it; the last is to abstain.
        let options: [Option]
    }

    struct Option: Codable, Sendable, Equatable {
        let code: String
        let label: String
    }

    struct Quorum: Codable, Sendable, Equatable {
        let weight: String?
        let heads: String?
    }

    var kind = "terms"
    /// Whose ledger this is; ledgers of earlier versions do not say.
    let vote: UUID?
    let title: String
    let questions: [Question]
    let weighting: Weighting
    let owners: OwnersRule
    let secret: Bool
    let quorum: Quorum
    /// The sum of the register, and how many ballots there can be.
    let weight: String
    let heads: String
    let voters: Int
    let startsAt: String
    let endsAt: String
}

/// `n/d` of whole numbers of any size, as Postgres adds them up (`app.fraction_sum`).
enum Fraction {
    /// Nil for anything else.
    static func parts(_ text: String) -> (top: String, bottom: String)? {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            halves[1].contains(where: { $0 != "0" })
        else { return nil }
        return (String(halves[0]), String(halves[1]))
    }
}

extension VoteTerms {
    init(_ vote: Vote, _ questions: [QuestionLine], _ whole: Whole) {
        self.init(
            vote: vote.id, title: vote.title, questions: questions.map(\.terms), weighting: vote.weighting, owners: vote.owners,
            secret: vote.isSecret, quorum: vote.quorum, weight: whole.weight, heads: whole.heads, voters: vote.voters,
            startsAt: vote.startsAt.formatted(.iso8601), endsAt: vote.endsAt.formatted(.iso8601))
    }
}

extension Vote {
    var quorum: VoteTerms.Quorum { VoteTerms.Quorum(weight: quorumWeight?.text, heads: quorumHeads?.text) }
}

extension JSON {
    /// As the ledger keeps it: equal things are equal bytes.
    static func text(_ value: some Encodable) throws -> String { String(decoding: try encode(value), as: UTF8.self) }
}
