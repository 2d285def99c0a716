import Database
import Foundation
import Web

/// One fault that an act on many may touch.
struct BatchTarget: Record, FaultPosition, Sendable {
    let id: UUID
    let state: FaultState
    let priority: FaultPriority
    let category: String
    let assigneeID: UUID?
    let reporterID: UUID?
    let closedAt: Date?
    let reportedAt: Date
    let before: BatchBefore
    let version: Int

    init(row: Row) throws {
        id = try row["id"]
        state = try row["state"]
        priority = try row["priority"]
        category = try row["category"]
        assigneeID = try row["assignee_id"]
        reporterID = try row["reporter_id"]
        closedAt = try row["closed_at"]
        reportedAt = try row["reported_at"]
        version = try row["version"]
        let until: CalendarDate? = try row["hold_until"]
        before = BatchBefore(
            state: state, assignee: assigneeID, holdReason: try row["hold_reason"], holdUntil: until, priority: priority,
            dueAt: try row["due_at"])
    }

    /// In the order of their ids, so that two acts on the same faults wait for each other.
    static func locked(_ condition: SQL) -> Query<[BatchTarget]> {
        .many(
            """
            select f.id, f.state, f.priority, f.category, f.assignee_id, f.reporter_id, f.closed_at, f.reported_at, f.version,
                   f.hold_reason, f.hold_until, f.due_at
              from app.fault f where \(condition) order by f.id for update of f
            """)
    }
}

/// How a fault stood before an act on many, for taking it back.
struct BatchBefore: Codable, Sendable {
    var state: FaultState
    var assignee: UUID?
    var holdReason: String?
    var holdUntil: CalendarDate?
    var priority: FaultPriority
    var dueAt: Date
    var comment: UUID?
}

/// What became of an act on many.
struct BatchSummary: Record, Sendable {
    enum State: String, SQLDecodable, Sendable {
        case running, done, undoing
    }

    let id: UUID
    let memberID: UUID
    let act: BatchAct
    let state: State
    let at: Date
    let finishedAt: Date?
    let undoneAt: Date?
    let total: Int
    let pending: Int
    let unseen: Int
    let done: Int
    let unchanged: Int
    let notPossible: Int
    let kept: Int

    init(row: Row) throws {
        id = try row["id"]
        memberID = try row["member_id"]
        act = try row["act"]
        state = try row["state"]
        at = try row["at"]
        finishedAt = try row["finished_at"]
        total = try row["total"]
        pending = try row["pending"]
        unseen = try row["unseen"]
        undoneAt = try row["undone_at"]
        done = try row["done"]
        unchanged = try row["unchanged"]
        notPossible = try row["not_possible"]
        kept = try row["kept"]
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<BatchSummary> {
        .one(
            """
            select b.id, b.member_id, b.act, b.state, b.at, b.finished_at, b.undone_at, count(r.id) as total,
                   count(*) filter (where r.result = 'pending') as pending,
                   count(*) filter (where r.result = 'done' and not r.undo_seen) as unseen,
                   count(*) filter (where r.result = 'done') as done,
                   count(*) filter (where r.result = 'unchanged') as unchanged,
                   count(*) filter (where r.result = 'not_possible') as not_possible,
                   count(*) filter (where r.result = 'done' and not r.undone) as kept
              from app.fault_batch b left join app.fault_batch_row r on r.tenant_id = b.tenant_id and r.batch_id = b.id
             where b.tenant_id = \(tenant) and b.id = \(id) group by b.tenant_id, b.id
            """)
    }
}

/// One fault of an act on many, as its page shows it.
struct BatchResult: Record, Sendable {
    let faultID: UUID
    let number: String
    let title: String
    let result: String
    let undone: Bool

    init(row: Row) throws {
        faultID = try row["fault_id"]
        number = try row["number"]
        title = try row["title"]
        result = try row["result"]
        undone = try row["undone"]
    }

    /// What was not done first; at most 500.
    static func of(_ batch: UUID, _ tenant: Int32) -> Query<[BatchResult]> {
        .many(
            """
            select r.fault_id, f.number, f.title, r.result, r.undone
              from app.fault_batch_row r join app.fault f on f.tenant_id = r.tenant_id and f.id = r.fault_id
             where r.tenant_id = \(tenant) and r.batch_id = \(batch) and r.result <> 'pending'
             order by r.result = 'done', f.id desc limit 500
            """)
    }
}
