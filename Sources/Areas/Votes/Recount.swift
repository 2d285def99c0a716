import Database
import Foundation
import Secrets
import Web

/// A ballot as the ledger has it, ready to be counted.
struct CountedBallot: Sendable {
    let answers: [[Int]]
    let weight: String
    let heads: String
}

/// What counting the ledger again came to. The result follows from the ledger alone; whether its end is there, from what the vote's row
/// says about it.
struct RecountReport: Codable, Sendable {
    /// The first entry that is not as it was written.
    struct Break: Codable, Sendable, Equatable {
        enum Why: String, CaseIterable, Codable, Sendable {
            /// Its content, its number or its hash.
            case altered
            /// The one before it is another, or is not there any more.
            case unchained
            /// It cannot be read.
            case unreadable
            /// It is not there, and neither is anything that came after it.
            case missing
            /// The ledger is another vote's.
            case foreign
        }

        let seq: Int
        let why: Why
    }

    let entries: Int
    let ballots: Int
    /// Of the last entry, in hex: whoever notes it can tell later that nothing was changed.
    let head: String
    let broken: Break?
    /// Nil when the chain does not hold.
    let result: VoteResult?
    /// What stands in the ledger's last entry; nil while the vote is not over.
    let recorded: VoteResult?
    /// Nil when there is nothing to compare.
    let agrees: Bool?
}

struct Recount {
    let tx: Tx
    /// Opens the weights of secret ballots.
    let sealer: Sealer?

    /// Reads the chain, checks each link of it, and counts.
    func run(_ vote: UUID) async throws -> RecountReport {
        let (entries, standing) = try await read(vote)
        return try await count(entries, standing, vote)
    }

    /// The ledger, with what the vote's row says before it and after it alike: a ballot that comes in between is none that is missing.
    private func read(_ vote: UUID) async throws -> ([LedgerEntry], VoteStanding) {
        let standing = VoteStanding.find(vote, tx.facts.tenant)
        var before = try await tx.query(standing)
        for _ in 1..<50 {
            let (entries, after) = try await tx.batch(LedgerEntry.all(vote, tx.facts.tenant), standing)
            if after == before { return (entries, after) }
            before = after
        }
        throw Failure(.conflict, "in_use", "Too many ballots come in right now; try again")
    }

    private func count(_ entries: [LedgerEntry], _ standing: VoteStanding, _ vote: UUID) async throws -> RecountReport {
        if let broken = Self.broken(entries) { return report(entries, broken) }
        guard let first = entries.first, let terms = try? Self.decode(VoteTerms.self, first.content) else {
            return report(entries, .init(seq: 0, why: .unreadable))
        }
        guard terms.vote == nil || terms.vote == vote else { return report(entries, .init(seq: 0, why: .foreign)) }
        var last: [UUID: CountedBallot] = [:]
        var secret: [CountedBallot] = []
        for entry in entries where entry.kind == "ballot" {
            guard let content = try? Self.decode(BallotContent.self, entry.content), agrees(entry, content),
                let ballot = counted(content, terms, vote)
            else { return report(entries, .init(seq: Int(entry.seq), why: .unreadable)) }
            if let voter = content.voter { last[voter] = ballot } else { secret.append(ballot) }
        }
        if standing.isLonger(than: entries, voted: terms.secret ? nil : last.count) {
            return report(entries, .init(seq: entries.count, why: .missing))
        }
        let ballots = secret + last.values
        let tally = Tally.read(ballots, terms)
        let (lines, turnout) = try await tx.batch(tally.lines, tally.turnout)
        let result = VoteResult(terms, lines, turnout)
        let recorded = entries.last { $0.kind == "result" }.flatMap { try? Self.decode(VoteResult.self, $0.content) }
        return RecountReport(
            entries: entries.count, ballots: ballots.count, head: entries.last?.hash.hex ?? "", broken: nil, result: result,
            recorded: recorded, agrees: recorded.map { $0 == result && standing.result == entries.last?.content })
    }

    private func report(_ entries: [LedgerEntry], _ broken: RecountReport.Break) -> RecountReport {
        RecountReport(
            entries: entries.count, ballots: entries.count { $0.kind == "ballot" }, head: entries.last?.hash.hex ?? "",
            broken: broken, result: nil, recorded: nil, agrees: nil)
    }

    /// The columns that repeat the content do repeat it.
    private func agrees(_ entry: LedgerEntry, _ content: BallotContent) -> Bool {
        content.voter == entry.voter && content.revision == entry.revision && content.receipt == entry.receipt?.hex
    }

    private func counted(_ content: BallotContent, _ terms: VoteTerms, _ vote: UUID) -> CountedBallot? {
        guard content.answers.count == terms.questions.count,
            zip(content.answers, terms.questions).allSatisfy({ $1.takes($0) })
        else { return nil }
        if let weight = content.weight, let heads = content.heads, Fraction.parts(weight) != nil, Fraction.parts(heads) != nil {
            return CountedBallot(answers: content.answers, weight: weight, heads: heads)
        }
        guard let sealer, let sealed = content.sealed.flatMap({ Data(base64Encoded: $0) }),
            let weight = try? SealedWeight.open(Array(sealed), of: content.receipt, vote, sealer)
        else { return nil }
        return CountedBallot(answers: content.answers, weight: weight.weight, heads: weight.heads)
    }

    static func broken(_ entries: [LedgerEntry]) -> RecountReport.Break? {
        var previous = Ledger.genesis
        for (place, entry) in entries.enumerated() {
            let number = Int(clamping: entry.seq)
            if entry.seq != Int64(place) || entry.previous != previous {
                // What stands in the wrong place is found where the chain is torn.
                return .init(seq: number, why: .unchained)
            }
            let isPlaced = (place == 0) == (entry.kind == "terms") && (place == entries.count - 1 || !entry.isLast)
            if entry.hash != Ledger.hash(entry.seq, entry.previous, entry.content) || !entry.namesItsKind || !isPlaced {
                return .init(seq: number, why: .altered)
            }
            previous = entry.hash
        }
        return nil
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

/// What the vote's row says about the end of its ledger.
struct VoteStanding: Record, Sendable, Equatable {
    let state: String
    /// As its last entry has it.
    let result: String?
    /// Who has taken part.
    let voted: Int

    init(row: Row) throws {
        state = try row["state"]
        result = try row["result"]
        voted = Int(try row["voted"] as Int64)
    }

    static func find(_ vote: UUID, _ tenant: Int32) -> Query<VoteStanding> {
        .one(
            """
            select v.state, v.result, (select count(*) from app.vote_participation p where p.tenant_id = v.tenant_id and p.vote_id = v.id)
                   as voted
              from app.vote v where v.tenant_id = \(tenant) and v.id = \(vote)
            """)
    }

    /// - Parameter voted: how many have a ballot in the ledger; nil of a secret vote, whose ballots come at the end.
    func isLonger(than entries: [LedgerEntry], voted: Int?) -> Bool {
        switch state {
        case "closed": entries.last?.kind != "result"
        case "cancelled": entries.last?.kind != "cancelled"
        default: voted.map { $0 < self.voted } ?? false
        }
    }
}

extension LedgerEntry {
    /// Nothing comes after it.
    fileprivate var isLast: Bool { kind == "result" || kind == "cancelled" }

    private struct Kind: Decodable { let kind: String }

    fileprivate var namesItsKind: Bool { (try? Recount.decode(Kind.self, content))?.kind == kind }
}

extension VoteTerms.Question {
    /// Whether a ballot may answer so: with its options, each once and as many as are allowed, or by abstaining.
    func takes(_ answer: [Int]) -> Bool {
        if answer == [options.count] { return true }
        return (least...max(least, most)).contains(answer.count) && Set(answer).count == answer.count
            && answer.allSatisfy { (1..<options.count).contains($0) }
    }
}
