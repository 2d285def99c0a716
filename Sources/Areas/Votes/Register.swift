import Database
import Foundation
import Property
import Web

/// An entry of the register as its page prints it.
struct VoterLine: Record, Sendable {
    let id: UUID
    let unit: UUID
    let place: String
    let owners: [String]
    let weight: String
    let heads: String
    let hasVoted: Bool

    init(row: Row) throws {
        id = try row["id"]
        unit = try row["unit_id"]
        place = try row["place"]
        owners = try row["owners"]
        weight = try row["weight"]
        heads = try row["heads"]
        hasVoted = try row["has_voted"]
    }

    /// In the register's order, which is that of houses, floors and units; one more than `size`.
    static func page(_ vote: UUID, _ tenant: Int32, _ cursor: Cursor, size: Int, only condition: SQL = "true") -> Query<
        [VoterLine]
    > {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and r.id < \(id)", "desc")
            case .before(let id): ("and r.id > \(id)", "asc")
            }
        return .many(
            """
            select r.id, r.unit_id, r.place,
                   array(select m.name from app.vote_owner w join app.member m on m.tenant_id = w.tenant_id and m.id = w.member_id
                          where w.tenant_id = r.tenant_id and w.voter_id = r.id order by m.name) as owners,
                   app.fraction_sum(array[r.weight_n], array[r.weight_d]) as weight,
                   app.fraction_sum(array[r.heads_n], array[r.heads_d]) as heads,
                   exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id) as has_voted
              from app.vote_voter r where r.tenant_id = \(tenant) and r.vote_id = \(vote) and \(condition) \(seek)
             order by r.id \(order) limit \(size + 1)
            """)
    }

    /// Entries `r` of an open vote for which a paper may be entered: those that have no ballot yet, and those whose ballot it may take the
    /// place of (`BallotPlace.mayReplace`).
    static func takesPaper(on day: CalendarDate) -> SQL {
        """
        (not exists (select from app.vote_participation p where p.tenant_id = r.tenant_id and p.id = r.id)
           and (not \(VoteViewer.isRest) or exists (
             select from app.occupancy own where own.tenant_id = r.tenant_id and own.unit_id = r.unit_id
                and \(VoteViewer.entitled("own.member_id", on: day))))
         or coalesce((select (v.allow_change and e.content::jsonb ->> 'channel' = 'paper')
                             or (e.content::jsonb ->> 'behalf')::uuid = \(BallotPlace.sole(on: day))
                        from app.vote_entry e join app.vote v on v.tenant_id = e.tenant_id and v.id = e.vote_id
                       where e.tenant_id = r.tenant_id and e.voter_id = r.id order by e.revision desc limit 1), false))
        """
    }

    static let head = ["voter_id", "place", "owners", "weight", "heads", "has_voted"]

    var cells: [String] { [id.text, place, owners.joined(separator: "; "), weight, heads, hasVoted ? "yes" : "no"] }
}

extension LedgerEntry {
    /// The newest first; one more than `size`.
    static func page(_ vote: UUID, _ tenant: Int32, _ cursor: Cursor, size: Int) -> Query<[LedgerEntry]> {
        func seq(_ id: UUID) -> SQL { "(select seq from app.vote_entry where tenant_id = \(tenant) and id = \(id))" }
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and e.seq < \(seq(id))", "desc")
            case .before(let id): ("and e.seq > \(seq(id))", "asc")
            }
        return .many(
            """
            select \(columns) from app.vote_entry e where e.tenant_id = \(tenant) and e.vote_id = \(vote) \(seek)
             order by e.seq \(order) limit \(size + 1)
            """)
    }

    static func count(_ vote: UUID, _ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.vote_entry where tenant_id = \(tenant) and vote_id = \(vote)", Int.self)
    }

    static let head = ["seq", "kind", "content", "previous", "hash"]

    func cells(shown: Bool) -> [String] {
        [String(seq), kind, shown || kind != "ballot" ? content : "", previous.hex, hash.hex]
    }
}

/// What a voter's code leads to.
struct ReceiptCheck {
    let state: ReceiptState
    var entry: LedgerEntry?

    /// Asks for a code in the ledger, and of a secret vote in the box.
    static func find(_ receipt: Receipt, of vote: UUID, _ tenant: Int32) -> (Query<LedgerEntry?>, Query<Bool>, Query<Bool>) {
        let hash = receipt.ledgerHash(vote)
        return (
            .first(
                """
                select \(LedgerEntry.columns) from app.vote_entry e
                 where e.tenant_id = \(tenant) and e.vote_id = \(vote) and e.receipt = \(hash)
                """),
            .value(
                "select exists (select from app.vote_box where tenant_id = \(tenant) and vote_id = \(vote) and id = \(receipt.place(vote)))",
                Bool.self),
            .value(
                """
                select exists (select from app.vote_entry e join app.vote_entry l on l.tenant_id = e.tenant_id and l.voter_id = e.voter_id
                                and l.revision > e.revision
                                where e.tenant_id = \(tenant) and e.vote_id = \(vote) and e.receipt = \(hash))
                """, Bool.self)
        )
    }

    init(_ entry: LedgerEntry?, inBox: Bool, replaced: Bool) {
        self.entry = entry
        state = entry != nil ? (replaced ? .replaced : .counted) : inBox ? .inBox : .unknown
    }
}
