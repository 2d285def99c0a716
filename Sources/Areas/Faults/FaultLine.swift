import Database
import Foundation
import Web

/// One row of the list.
package struct FaultLine: Record, Sendable {
    package let id: UUID
    package let number: String
    package let title: String
    package let category: String
    package let priority: FaultPriority
    package let state: FaultState
    package let building: String
    package let unit: String?
    package let assignee: String?
    package let reportedAt: Date
    package let dueAt: Date
    /// `member`, or `qr` when a visitor reported it.
    package let source: String

    package init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        title = try row["title"]
        category = try row["category"]
        priority = try row["priority"]
        state = try row["state"]
        building = try row["building"]
        unit = try row["unit"]
        assignee = try row["assignee"]
        reportedAt = try row["reported_at"]
        dueAt = try row["due_at"]
        source = try row["source"]
    }

    /// Newest first; one more than `size`, so that the page knows whether there is a next one.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int) -> Query<[FaultLine]> {
        .many(statement(condition, cursor, size: size))
    }

    /// - Parameter more: further columns, each with a comma before it.
    static func statement(_ condition: SQL, _ cursor: Cursor, size: Int, more: SQL = SQL.empty) -> SQL {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and f.id < \(id)", "desc")
            case .before(let id): ("and f.id > \(id)", "asc")
            }
        // Bound, the usual number would be unknown to a plan that is kept: Postgres then expects a tenth of all faults and reads
        // every unit of the company to name the flats of twenty.
        let limit: SQL = size == 20 ? "21" : "\(size + 1)"
        // The page is cut out first, so that the names of only its rows are looked up.
        return """
            select f.id, f.number, f.title, f.category, f.priority, f.state, b.name as building, u.label as unit,
                   m.name as assignee, f.reported_at, f.due_at, f.source \(more)
              from (select * from app.fault f where \(condition) \(seek) order by f.id \(order) limit \(limit)) f
              join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
              left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
              left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id
             order by f.id \(order)
            """
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.fault f where \(condition)", Int.self)
    }
}
