import Database
import Foundation
import HTML
import Operations
import UI
import Web

/// What recurs, and whether it does.
struct FleetScheduleRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.get("schedules", use: list)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let lines = try await context.write { tx in try await tx.query(FleetSchedule.all(now: context.now)) }
        return .page(FleetSchedulesPage(lines, context))
    }
}

/// One schedule over all companies that have it.
struct FleetSchedule: Record, Sendable {
    let name: String
    let companies: Int
    let lastAt: Date?
    let nextAt: Date
    let overdue: Int
    /// Of those that are overdue, at most five.
    let late: [Int32]

    init(row: Row) throws {
        name = try row["name"]
        companies = try row["companies"]
        lastAt = try row["last_at"]
        nextAt = try row["next_at"]
        overdue = try row["overdue"]
        late = try row["late"]
    }

    /// A worker looks once a second; two minutes late is late.
    static func all(now: Date) -> Query<[FleetSchedule]> {
        let late: SQL = "next_at < \(now.addingTimeInterval(-120))"
        return .many(
            """
            select name, count(*) as companies, max(last_at) as last_at, min(next_at) as next_at,
                   count(*) filter (where \(late)) as overdue,
                   coalesce((array_agg(tenant_id order by next_at) filter (where \(late)))[1:5], '{}') as late
              from jobs.schedule group by name order by name
            """)
    }
}

/// `/schedules`.
package struct FleetSchedulesPage: Sendable {
    var summary: String
    var rows: [FleetScheduleRow]
}

package struct FleetScheduleRow: Sendable {
    /// In plain words, where there are any.
    var name: String
    var key: String
    var companies: String
    var last: Moment?
    var next: Moment
    var state: Badge
    /// Companies that wait for it.
    var late: String
}

extension FleetSchedulesPage {
    init(_ lines: [FleetSchedule], _ context: OperatorContext) {
        let t = PlatformMessages(context.language).schedules
        self.init(
            summary: t.summary(count: lines.count, overdue: lines.reduce(0) { $0 + $1.overdue }),
            rows: lines.map { line in
                FleetScheduleRow(
                    name: OperationsMessages(context.language).jobName(line.name), key: line.name,
                    companies: context.format.number(line.companies),
                    last: line.lastAt.map { context.format.moment($0, now: context.now) },
                    next: context.format.moment(line.nextAt, now: context.now),
                    state: line.overdue == 0
                        ? Badge(t.onTime, tone: .ok, mark: .check)
                        : Badge(t.overdue(count: line.overdue), tone: .bad, mark: .triangle),
                    late: line.late.map { context.house.tenants.tenant(id: $0)?.slug ?? "#\($0)" }.joined(separator: ", "))
            })
    }
}
