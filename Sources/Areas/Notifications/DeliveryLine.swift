import Database
import Foundation
import Web

/// A delivery as the log shows it: nothing of what the message said.
struct DeliveryLine: Record, Sendable {
    let id: UUID
    let kind: String
    let medium: Medium
    let state: DeliveryState
    let reason: String?
    let address: String?
    let name: String?
    let tries: Int
    /// Went along with a digest, or would have.
    let isInDigest: Bool
    let createdAt: Date
    let dueAt: Date
    let settledAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        medium = try row["channel"]
        state = try row["state"]
        reason = try row["reason"]
        address = try row["address"]
        name = try row["name"]
        tries = Int(try row["tries"] as Int32)
        isInDigest = try row["is_in_digest"]
        createdAt = try row["created_at"]
        dueAt = try row["due_at"]
        settledAt = try row["settled_at"]
    }
}

extension DeliveryLine {
    /// A letter's facts are gone once it is settled, and what a digest carries goes with it; what a device did not show is old news.
    var mayBeRetried: Bool {
        switch state {
        case .parked: !isInDigest
        case .suppressed: !isInDigest && LetterKind(rawValue: kind) == nil && medium != .push
        default: false
        }
    }
}

struct DeliveryFilter: Sendable, Equatable {
    var state: DeliveryState?
    var medium: Medium?
    var words = ""

    init(_ incoming: Incoming) {
        state = incoming.query.single("state").flatMap(DeliveryState.init)
        medium = incoming.query.single("channel").flatMap(Medium.init)
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
    }

    var query: [(String, String)] {
        (medium.map { [("channel", $0.rawValue)] } ?? []) + (words.isEmpty ? [] : [("q", words)])
            + (state.map { [("state", $0.rawValue)] } ?? [])
    }

    private func condition(_ tenant: Int32) -> SQL {
        var condition: SQL = "d.tenant_id = \(tenant)"
        if let state { condition = "\(condition) and d.state = \(state)" }
        if let medium { condition = "\(condition) and d.channel = \(medium)" }
        if !words.isEmpty {
            let wanted = words.lowercased()
            condition = """
                \(condition) and (position(\(wanted) in lower(coalesce(d.address, m.email, ''))) > 0
                                  or position(\(wanted) in lower(coalesce(m.name, ''))) > 0)
                """
        }
        return condition
    }

    func lines(_ tenant: Int32, _ cursor: Cursor, size: Int) -> Query<[DeliveryLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and d.id < \(id)", "desc")
            case .before(let id): ("and d.id > \(id)", "asc")
            }
        return .many(
            """
            select d.id, d.kind, d.channel, d.state, d.reason, coalesce(d.address, case when d.channel = 'mail' then m.email end) as address,
                   m.name, d.tries, d.digest is not null as is_in_digest, d.created_at, d.due_at, d.settled_at
              from app.delivery d left join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
             where \(condition(tenant)) \(seek) order by d.id \(order) limit \(size + 1)
            """)
    }

    func count(_ tenant: Int32) -> Query<Int> {
        .value(
            """
            select count(*) from app.delivery d left join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
             where \(condition(tenant))
            """)
    }
}

/// One try, as the log shows it.
struct TryLine: Record, Sendable {
    let delivery: UUID
    let beganAt: Date
    let endedAt: Date?
    /// nil: it was cut off, or is going on.
    let outcome: String?
    let detail: String

    init(row: Row) throws {
        delivery = try row["delivery_id"]
        beganAt = try row["began_at"]
        endedAt = try row["ended_at"]
        outcome = try row["outcome"]
        detail = try row["detail"]
    }

    static func of(_ deliveries: [UUID], _ tenant: Int32) -> Query<[TryLine]> {
        .many(
            """
            select delivery_id, began_at, ended_at, outcome, detail from app.delivery_try
             where tenant_id = \(tenant) and delivery_id = any(\(deliveries)) order by id
            """)
    }
}
