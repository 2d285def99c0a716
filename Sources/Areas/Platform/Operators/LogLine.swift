import Database
import Foundation
import Web

/// What an operator did, for the platform's own log. Nobody may change or remove a line.
struct LogLine: Sendable {
    let action: String
    let by: UUID?
    var company: String?
    var facts: [String: String]

    init(_ action: String, by: UUID?, company: String? = nil, facts: [String: String] = [:]) {
        (self.action, self.by, self.company, self.facts) = (action, by, company, facts)
    }

    /// - Parameter arrival: nil for what is done by a command.
    func write(_ tx: Tx, now: Date, _ arrival: Arrival? = nil) throws {
        tx.atCommit(
            """
            insert into platform.log(id, at, operator_id, action, company, facts, address, request_id)
            values (\(UUID.v7(now: now)), \(now), \(by), \(action), \(company), \(try JSONBytes(encoding: facts)),
                    \(arrival?.address), \(arrival?.requestID))
            """)
    }
}

extension OperatorContext {
    /// Notes what this operator does, before it is done: what stands behind a company's wall is another transaction.
    func note(_ action: String, company: String? = nil, _ facts: [String: String] = [:]) async throws {
        try await write { tx in
            try LogLine(action, by: session.operatorID, company: company, facts: facts).write(tx, now: now, arrival)
        }
    }
}

/// A line as the log's page shows it.
struct LoggedLine: Record, Sendable {
    let id: UUID
    let at: Date
    let name: String?
    let action: String
    let company: String?
    let facts: [String: String]
    let address: String?

    init(row: Row) throws {
        id = try row["id"]
        at = try row["at"]
        name = try row["name"]
        action = try row["action"]
        company = try row["company"]
        facts = try (row["facts"] as JSONBytes).decode([String: String].self)
        address = try row["address"]
    }

    /// The newest first; one more than `size`.
    static func page(company: String?, _ cursor: Cursor, size: Int) -> Query<[LoggedLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and l.id < \(id)", "desc")
            case .before(let id): ("and l.id > \(id)", "asc")
            }
        let one: SQL = company.map { "and l.company = \($0)" } ?? SQL.empty
        return .many(
            """
            select l.id, l.at, o.name, l.action, l.company, l.facts, l.address
              from platform.log l left join platform.operator o on o.id = l.operator_id
             where true \(one) \(seek) order by l.id \(order) limit \(size + 1)
            """)
    }
}
