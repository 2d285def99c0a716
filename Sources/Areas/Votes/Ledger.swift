import Crypto
import Database
import Foundation

/// The chain of a vote: its terms, each ballot, what was decided about it on the way, its result. Nothing in it is ever changed:
/// roles behind the wall may only add to it, and whoever could do more leaves a chain that does not hold.
///
/// An entry's hash is SHA-256 of its number (8 bytes, the greatest first), the hash before it and its content, which is JSON with
/// sorted names. So anybody can check an export of it.
struct LedgerEntry: Record, Sendable {
    let id: UUID
    let seq: Int64
    let kind: String
    let content: String
    let previous: [UInt8]
    let hash: [UInt8]
    let voter: UUID?
    let revision: Int?
    let receipt: [UInt8]?

    init(row: Row) throws {
        id = try row["id"]
        seq = try row["seq"]
        kind = try row["kind"]
        content = try row["content"]
        previous = try row["previous"]
        hash = try row["hash"]
        voter = try row["voter_id"]
        revision = (try row["revision"] as Int32?).map(Int.init)
        receipt = try row["receipt"]
    }

    static let columns: SQL = "e.id, e.seq, e.kind, e.content, e.previous, e.hash, e.voter_id, e.revision, e.receipt"

    static func all(_ vote: UUID, _ tenant: Int32) -> Query<[LedgerEntry]> {
        .many(
            "select \(columns) from app.vote_entry e where e.tenant_id = \(tenant) and e.vote_id = \(vote) order by e.seq")
    }
}

/// What stands in an entry that is a ballot.
struct BallotContent: Codable, Sendable {
    var kind = "ballot"
    /// The options that were chosen, for each question.
    let answers: [[Int]]
    /// SHA-256 of the voter's code, in hex.
    let receipt: String
    /// Of an open ballot: whose, how heavy, when, by whom and in whose name, on which way it came.
    var voter: UUID?
    var revision: Int?
    var weight: String?
    var heads: String?
    var at: String?
    var by: UUID?
    var behalf: UUID?
    var channel: String?
    var scan: UUID?
    /// Of a secret ballot: its weight, which could name its unit, sealed.
    var sealed: String?
}

/// What else is on record: a later end, or that the vote was cancelled.
struct DecisionContent: Codable, Sendable {
    let kind: String
    let at: String
    let by: UUID
    let reason: String
    var from: String?
    var to: String?
}

struct Ledger: Sendable {
    let vote: UUID
    let tenant: Int32

    static let genesis = [UInt8](repeating: 0, count: 32)

    /// Later ones wait for whoever takes it first, until their transaction ends.
    var lock: Query<Int> {
        .execute("select 1 from app.vote where tenant_id = \(tenant) and id = \(vote) for no key update")
    }

    /// Adds an entry behind the last one. Only after `lock`, in a statement of its own, so that the last one is seen.
    ///
    /// - Parameter condition: of the vote `v`; when it does not hold, nothing is added.
    func append(
        _ kind: String, _ content: String, ballot: (voter: UUID, revision: Int, receipt: [UInt8])? = nil,
        if condition: SQL = "true",
        id: UUID = .v7()
    ) -> Query<Int> {
        .execute(
            """
            insert into app.vote_entry(tenant_id, id, vote_id, seq, content, previous, hash, kind, voter_id, revision, receipt)
            select v.tenant_id, \(id), v.id, last.seq + 1, \(content), last.hash,
                   sha256(int8send(last.seq + 1) || last.hash || convert_to(\(content), 'UTF8')), \(kind), \(ballot?.voter),
                   \(ballot.map { Int32(clamping: $0.revision) }), \(ballot?.receipt)
              from app.vote v cross join lateral (
                select * from (select seq, hash from app.vote_entry where tenant_id = v.tenant_id and vote_id = v.id
                                order by seq desc limit 1) e
                union all select -1, \(Self.genesis) order by seq desc limit 1) last
             where v.tenant_id = \(tenant) and v.id = \(vote) and \(condition)
            on conflict do nothing
            """)
    }

    /// A ballot that is added with others; without a voter in a secret vote.
    struct Added {
        let content: String
        let receipt: [UInt8]
        var voter: UUID?
        var id = UUID.v7()
    }

    /// Adds many ballots at once, in that order.
    func append(_ ballots: [Added], after last: LedgerEntry?) -> Query<Int> {
        var (seq, hash) = (last?.seq ?? -1, last?.hash ?? Self.genesis)
        var (places, befores, hashes): ([Int64], [[UInt8]], [[UInt8]]) = ([], [], [])
        for ballot in ballots {
            befores.append(hash)
            seq += 1
            hash = Self.hash(seq, hash, ballot.content)
            places.append(seq)
            hashes.append(hash)
        }
        return .execute(
            """
            insert into app.vote_entry(tenant_id, id, vote_id, seq, content, previous, hash, kind, receipt, voter_id, revision)
            select \(tenant), t.id, \(vote), t.seq, t.content, t.previous, t.hash, 'ballot', t.receipt, t.voter,
                   case when t.voter is not null then 0 end
              from unnest(\(ballots.map(\.id)), \(places), \(ballots.map(\.content)), \(befores), \(hashes),
                          \(ballots.map(\.receipt)), \(ballots.map(\.voter)))
                       as t(id, seq, content, previous, hash, receipt, voter)
            """)
    }

    static func hash(_ seq: Int64, _ previous: [UInt8], _ content: String) -> [UInt8] {
        var digest = SHA256()
        digest.update(data: withUnsafeBytes(of: seq.bigEndian) { Data($0) })
        digest.update(data: Data(previous))
        digest.update(data: Data(content.utf8))
        return Array(digest.finalize())
    }
}
