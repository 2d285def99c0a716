import Database
import Foundation
import Web

/// What decides who may move a fault where.
package protocol FaultPosition {
    var state: FaultState { get }
    var assigneeID: UUID? { get }
    var reporterID: UUID? { get }
    /// In whose name it was reported, where that is another person.
    var behalfID: UUID? { get }
    var closedAt: Date? { get }
}

extension FaultPosition {
    /// Staff may act whoever reported it, so that their lists need not know.
    package var behalfID: UUID? { nil }
}

/// One card of the board.
struct BoardLine: Record, FaultPosition, Sendable {
    let line: FaultLine
    let assigneeID: UUID?
    let reporterID: UUID?
    let closedAt: Date?
    let version: Int

    var state: FaultState { line.state }

    init(row: Row) throws {
        line = try FaultLine(row: row)
        assigneeID = try row["assignee_id"]
        reporterID = try row["reporter_id"]
        closedAt = try row["closed_at"]
        version = try row["version"]
    }

    /// The newest of each state; in one of them, those after a cursor. One more than `size` each, so that a column knows whether
    /// it goes on.
    static func columns(_ condition: SQL, _ states: [FaultState], size: Int, after cursor: (FaultState, UUID)?) -> Query<
        [BoardLine]
    > {
        let seek: SQL = cursor.map { "and (s.state <> \($0.0.rawValue) or f.id < \($0.1))" } ?? SQL.empty
        return .many(
            """
            select f.id, f.number, f.title, f.category, f.priority, f.state, b.name as building, u.label as unit, m.name as assignee,
                   f.reported_at, f.due_at, f.source, f.assignee_id, f.reporter_id, f.closed_at, f.version
              from unnest(\(states.map(\.rawValue))) as s(state)
              cross join lateral (
                select * from app.fault f where \(condition) and f.state = s.state \(seek) order by f.id desc limit \(size + 1)) f
              join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
              left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
              left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id
             order by f.id desc
            """)
    }
}

/// How many faults a column has in all.
struct StateCount: Record, Sendable {
    let state: FaultState
    let count: Int

    init(row: Row) throws {
        state = try row["state"]
        count = try row["count"]
    }

    static func all(_ condition: SQL) -> Query<[StateCount]> {
        .many("select f.state, count(*) as count from app.fault f where \(condition) group by f.state")
    }
}
