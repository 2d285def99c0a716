import Database
import Foundation
import Web

/// One row of the list as CSV: as stored, times in UTC.
struct FaultExportLine: Record, Sendable {
    let line: FaultLine
    let holdUntil: CalendarDate?
    let comments: Int
    let costMinor: Int64?
    let costCurrency: String?
    let rating: Int?
    let ratingNote: String?

    init(row: Row) throws {
        line = try FaultLine(row: row)
        holdUntil = try row["hold_until"]
        comments = try row["comments"]
        costMinor = try row["cost_minor"]
        costCurrency = try row["cost_currency"]
        rating = try row["rating"]
        ratingNote = try row["rating_note"]
    }

    static func page(_ condition: SQL, _ cursor: Cursor, size: Int, _ viewer: FaultViewer) -> Query<[FaultExportLine]> {
        let readable: SQL = viewer.isStaff ? SQL.empty : "and not c.internal"
        return .many(
            FaultLine.statement(
                condition, cursor, size: size,
                more: """
                    , f.hold_until, f.cost_minor, f.cost_currency, f.rating, f.rating_note,
                    (select count(*) from app.fault_comment c
                      where c.tenant_id = f.tenant_id and c.fault_id = f.id and c.withdrawn_at is null \(readable)) as comments
                    """))
    }

    /// Costs and ratings are for those who work for the company.
    static func head(_ viewer: FaultViewer) -> [String] {
        [
            "number", "title", "state", "priority", "category", "building", "unit", "assignee", "reported_at", "due_at",
            "hold_until",
            "comments"
        ] + (viewer.isStaff ? ["cost_minor", "cost_currency", "rating", "rating_note"] : [])
    }

    func cells(_ viewer: FaultViewer) -> [String] {
        let time = Date.ISO8601FormatStyle()
        let open = [
            line.number, line.title, line.state.rawValue, line.priority.rawValue, line.category, line.building, line.unit ?? "",
            line.assignee ?? "", line.reportedAt.formatted(time), line.dueAt.formatted(time), holdUntil?.description ?? "",
            String(comments)
        ]
        guard viewer.isStaff else { return open }
        return open + [costMinor.map { String($0) } ?? "", costCurrency ?? "", rating.map { String($0) } ?? "", ratingNote ?? ""]
    }
}
