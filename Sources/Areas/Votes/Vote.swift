import Database
import Foundation
import HTML
import Property
import Tenancy
import Web

/// As people see it: what is noted, and what the time makes of it.
enum VoteState: String, CaseIterable, Codable, Sendable {
    case planned, open
    /// Over, and its result not yet on record.
    case counting
    case closed, cancelled
}

struct Vote: Record, Sendable {
    let id: UUID
    let title: String
    let description: String
    let buildingID: UUID?
    let building: String?
    let entrance: String?
    let weighting: Weighting
    let owners: OwnersRule
    let results: ResultsRule
    let record: RecordRule
    let isSecret: Bool
    let allowChange: Bool
    let allowDelegates: Bool
    let quorumWeight: Share?
    let quorumHeads: Share?
    let noted: String
    let startsAt: Date
    let endsAt: Date
    let frozenAt: Date?
    let createdAt: Date
    let createdBy: String
    let closedAt: Date?
    let result: VoteResult?
    let cancelledAt: Date?
    let cancelledWhy: String?
    let extendedAt: Date?
    /// Entries of the register, how many of them have voted, and how many of these the viewer may vote for.
    let voters: Int
    let voted: Int
    let outcome: QuestionOutcome?
    let questions: Int

    init(row: Row) throws {
        id = try row["id"]
        title = try row["title"]
        description = try row["description"]
        buildingID = try row["building_id"]
        building = try row["building"]
        entrance = try row["entrance"]
        weighting = try row["weighting"]
        owners = try row["owners"]
        results = try row["results"]
        record = try row["record"]
        isSecret = try row["secret"]
        allowChange = try row["allow_change"]
        allowDelegates = try row["allow_delegates"]
        quorumWeight = try row.quorum("quorum_weight_n", "quorum_weight_d")
        quorumHeads = try row.quorum("quorum_heads_n", "quorum_heads_d")
        noted = try row["state"]
        startsAt = try row["starts_at"]
        endsAt = try row["ends_at"]
        frozenAt = try row["frozen_at"]
        createdAt = try row["created_at"]
        createdBy = try row["creator"]
        closedAt = try row["closed_at"]
        result = try (row["result"] as String?).map { try JSONDecoder().decode(VoteResult.self, from: Data($0.utf8)) }
        cancelledAt = try row["cancelled_at"]
        cancelledWhy = try row["cancelled_why"]
        extendedAt = try row["extended_at"]
        voters = try row["voters"]
        voted = try row["voted"]
        outcome = try row["outcome"]
        questions = try row["questions"]
    }

    var path: WebPath { "/votes/\(id.text)" }

    /// Nobody waits for a job: a vote is open from its first moment, if its register stands, and over with its last.
    func state(at now: Date) -> VoteState {
        switch noted {
        case "cancelled": .cancelled
        case "closed": .closed
        default: now >= endsAt ? .counting : now >= startsAt && frozenAt != nil ? .open : .planned
        }
    }

    /// Whether totals per option may be seen. Before the end they never may where that was agreed, whoever asks.
    func showsResults(at now: Date) -> Bool {
        noted == "closed" || (state(at: now) == .open && results == .live && !isSecret)
    }
}

extension Row {
    fileprivate func quorum(_ top: String, _ bottom: String) throws -> Share? {
        let numerator: Int64? = try self[top]
        let denominator: Int64? = try self[bottom]
        guard let numerator, let denominator else { return nil }
        return Share(numerator, denominator)
    }
}

// MARK: - Reading

extension Vote {
    static func select(_ votes: SQL) -> SQL {
        """
        select v.id, v.title, v.description, v.building_id, b.name as building, e.name as entrance, v.weighting, v.owners, v.results,
               v.record, v.secret, v.allow_change, v.allow_delegates, v.quorum_weight_n, v.quorum_weight_d, v.quorum_heads_n,
               v.quorum_heads_d, v.state, v.starts_at, v.ends_at, v.frozen_at, v.created_at, c.name as creator, v.closed_at, v.result,
               v.cancelled_at, v.cancelled_why, v.extended_at,
               (select count(*) from app.vote_voter r where r.tenant_id = v.tenant_id and r.vote_id = v.id) as voters,
               (select count(*) from app.vote_participation p where p.tenant_id = v.tenant_id and p.vote_id = v.id) as voted,
               (select case when count(*) = 1 then min(q.outcome) end from app.vote_question q
                 where q.tenant_id = v.tenant_id and q.vote_id = v.id) as outcome,
               (select count(*) from app.vote_question q where q.tenant_id = v.tenant_id and q.vote_id = v.id) as questions
          from \(votes) v
          join app.member c on c.tenant_id = v.tenant_id and c.id = v.created_by
          left join app.building b on b.tenant_id = v.tenant_id and b.id = v.building_id
          left join app.entrance e on e.tenant_id = v.tenant_id and e.id = v.entrance_id
        """
    }

    static func find(_ id: UUID, _ viewer: VoteViewer) -> Query<Vote> {
        .one("\(select("app.vote")) where v.tenant_id = \(viewer.tenant.id) and v.id = \(id) and \(viewer.visible)")
    }

    /// For jobs, which look for nobody.
    static func find(_ id: UUID, _ tenant: Int32) -> Query<Vote> {
        .one("\(select("app.vote")) where v.tenant_id = \(tenant) and v.id = \(id)")
    }

    /// Newest first; one more than `size`.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int) -> Query<[Vote]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and v.id < \(id)", "desc")
            case .before(let id): ("and v.id > \(id)", "asc")
            }
        let rows: SQL = "(select * from app.vote v where \(condition) \(seek) order by v.id \(order) limit \(size + 1))"
        return .many("\(select(rows)) order by v.id \(order)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.vote v where \(condition)", Int.self)
    }

    static func isVisible(_ id: UUID, _ viewer: VoteViewer) -> Query<Bool> {
        .value(
            """
            select exists (select from app.vote v where v.tenant_id = \(viewer.tenant.id) and v.id = \(id) and \(viewer.visible))
            """, Bool.self)
    }
}
