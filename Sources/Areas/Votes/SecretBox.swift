import Database
import Foundation
import Secrets
import Web

/// The ballots of a secret vote until it ends, so that nothing joins a ballot to whoever cast it.
///
/// What is guaranteed, while the vote runs and after it:
///  - No row names both. Who has taken part stands in `vote_participation`, what was voted here, and neither has a time, a number
///    or an order. With each ballot that comes, all rows of both are written anew, sorted by what is random or known already: they
///    all carry the same transaction, and their place in the table says nothing. So no query of any role, and no backup, finds the
///    pair.
///  - What differs between two looks at the tables, or two backups, helps nobody: a ballot is sealed (AES-256-GCM) with a key of
///    the server's that the database never has, and padded so that all are of one length.
///  - When the vote ends, the ballots enter the ledger all at once, in an order that follows from their hashes. What identifies
///    them in the ledger cannot be computed from what identified them here, unless one has the voter's code.
///  - A ballot's weight could name its unit where shares are uneven: it stays sealed in the ledger, too. Only totals are ever
///    shown.
///  - Audit lines, events, jobs, notices, kept answers and logs say that somebody took part and nothing more. The voter's code is
///    in no address and on no record.
///
/// What is not: whoever runs the server has the key, and could read a ballot as it comes in or compare backups made during the
/// vote; Postgres' own files (dead rows, write-ahead log) show an operating system's administrator more than any role sees. And a
/// result itself tells something when few voted, or all alike, or with weights of which only some can add up to it. Because a
/// ballot cannot be found by its unit, one that a delegate cast cannot be replaced by the owner's; changing one's mind takes the
/// code of the ballot.
struct SecretBox: Sendable {
    let vote: UUID
    let tenant: Int32
    let sealer: Sealer

    /// What is sealed.
    struct Ballot: Codable, Sendable {
        let answers: [[Int]]
        /// The ledger's hash of the code, in hex.
        let receipt: String
        let weight: String
        let heads: String
    }

    struct Sealed: Record, Sendable {
        let id: UUID
        let sealed: [UInt8]

        init(row: Row) throws {
            id = try row["id"]
            sealed = try row["sealed"]
        }
    }

    var all: Query<[Sealed]> {
        .many("select id, sealed from app.vote_box where tenant_id = \(tenant) and vote_id = \(vote) order by id")
    }

    func find(_ place: UUID) -> Query<Sealed?> {
        .first("select id, sealed from app.vote_box where tenant_id = \(tenant) and vote_id = \(vote) and id = \(place)")
    }

    /// Puts a ballot in, and takes the one out that it replaces; everything else is written anew.
    func put(_ ballot: Ballot, at place: UUID, instead old: UUID? = nil) throws -> Query<Int> {
        let sealed = try sealer.seal(Padded.bytes(ballot, to: Self.size), for: purpose)
        return .execute(
            """
            with gone as (delete from app.vote_box where tenant_id = \(tenant) and vote_id = \(vote) returning id, sealed),
            kept as (select id, sealed from gone where id is distinct from \(old)
                     union all select \(place), \(sealed))
            insert into app.vote_box(tenant_id, id, vote_id, sealed)
            select \(tenant), id, \(vote), sealed from kept order by id
            """)
    }

    /// Writes anew who has taken part.
    var shuffleParticipation: Query<Int> {
        .execute(
            """
            with gone as (delete from app.vote_participation where tenant_id = \(tenant) and vote_id = \(vote) returning id)
            insert into app.vote_participation(tenant_id, id, vote_id) select \(tenant), id, \(vote) from gone order by id
            """)
    }

    var empty: Query<Int> { .execute("delete from app.vote_box where tenant_id = \(tenant) and vote_id = \(vote)") }

    /// - Throws: when it was changed, or sealed with a key that this server has not.
    func open(_ sealed: Sealed) throws -> Ballot {
        try Padded.read(Ballot.self, try sealer.open(sealed.sealed, for: purpose))
    }

    private var purpose: String { "vote-box:\(tenant):\(vote.text)" }
    private static let size = 2_048
}

/// The weight of a secret ballot, as the ledger has it.
struct SealedWeight: Codable, Sendable {
    let weight: String
    let heads: String

    func seal(for receipt: String, _ vote: UUID, _ sealer: Sealer) throws -> [UInt8] {
        try sealer.seal(Padded.bytes(self, to: 512), for: Self.purpose(receipt, vote))
    }

    static func open(_ sealed: [UInt8], of receipt: String, _ vote: UUID, _ sealer: Sealer) throws -> SealedWeight {
        try Padded.read(SealedWeight.self, try sealer.open(sealed, for: purpose(receipt, vote)))
    }

    private static func purpose(_ receipt: String, _ vote: UUID) -> String { "vote-weight:\(vote.text):\(receipt)" }
}

/// JSON with blanks behind it, up to a multiple of a size: its length says nothing of what it holds.
private enum Padded {
    static func bytes(_ value: some Encodable, to size: Int) throws -> [UInt8] {
        let bytes = try JSON.encode(value)
        let missing = (size - bytes.count % size) % size
        return bytes + [UInt8](repeating: 0x20, count: missing)
    }

    static func read<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
