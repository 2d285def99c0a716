import Database
import Forms
import Foundation
import HTML
import Operations
import UI
import Web

/// `/reports/{yyyy-mm}`: how a month went, as page, print, CSV and JSON.
extension FaultRoutes {
    func addReports(to routes: Routes) {
        routes.chapter("Monthly reports")
        routes.get("reports", may: .seeReports) { try await latestReport($0, $1) }
            .tells("Leads to the report of a month, this one unless told.")
            .asks(.text("month", "As 2026-11")).leadsElsewhere()
        routes.get("reports/{month}", may: .seeReports) { try await monthlyReport($0, $1) }
            .tells("How a month went.").gives(ReportJSON.self)
        routes.get("reports/{month}.csv", may: .seeReports) { try await reportExport($0, $1) }
            .tells("The same as CSV.").gives(file: "text/csv")
    }

    /// The month picker's way: `?month=2026-10`; without one, this month.
    private func latestReport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let asked = incoming.query.single("month").flatMap { ReportMonth($0) }
        let month = asked ?? ReportMonth(CalendarDate(context.now, in: context.tenant.timeZone))
        return .redirect(context.face == .api ? "/api/v1/reports/\(month.text)" : "/reports/\(month.text)")
    }

    private func monthlyReport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let report = try await FaultReport.read(incoming, context)
        let page = report.page(FaultDesk(context))
        return .show(page, json: ReportJSON(report))
    }

    private func reportExport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let report = try await FaultReport.read(incoming, context)
        return .file(
            FileReply(
                .bytes(report.csv(FaultDesk(context)).bytes), type: "text/csv; charset=utf-8",
                filename: "report-\(report.month.text).csv"))
    }
}

/// Everything that the report of one month says. Months begin and end at midnight of the company's place.
struct FaultReport: Sendable {
    let month: ReportMonth
    let zone: TimeZone
    let now: Date
    let counts: [ReportCount]
    let times: [ResponseTimes]
    let longOpen: [LongOpen]
    let facts: ReportFacts
    let costs: [ReportCost]

    static func read(_ incoming: Incoming, _ context: MemberContext) async throws -> FaultReport {
        let zone = context.tenant.timeZone
        guard let month = ReportMonth(try incoming.parameter("month")), let first = month.first, let end = month.end else {
            throw Failure.notFound
        }
        let (tenant, from, until) = (context.tenant.id, first.start(in: zone), end.start(in: zone))
        let (counts, times, longOpen, facts, costs) = try await context.read(
            ReportCount.all(tenant, from: from, until: until, in: zone), ResponseTimes.all(tenant, from: from, until: until),
            LongOpen.at(min(until, context.now), tenant),
            ReportFacts.all(tenant, from: from, until: until, now: context.now),
            ReportCost.all(tenant, from: from, until: until))
        return FaultReport(
            month: month, zone: zone, now: context.now, counts: counts, times: times,
            longOpen: from > context.now ? [] : longOpen,
            facts: facts, costs: costs)
    }

    var total: ReportCount? { counts.first { $0.isTotal } }
    var openAtEnd: Int { longOpen.first?.all ?? 0 }
    var all: ResponseTimes? { times.first { $0.building == nil } }
    var categories: [ReportCount] { counts.filter { $0.category != nil } }
    var buildings: [ReportCount] { counts.filter { $0.building != nil } }

    /// Nothing was reported, done or waiting.
    var isEmpty: Bool { categories.isEmpty && times.isEmpty && longOpen.isEmpty && facts.overdue == 0 }

    /// Each day of the month with what was reported and resolved; nil where the day has not come yet.
    var days: [(day: CalendarDate, count: (opened: Int, resolved: Int)?)] {
        let today = CalendarDate(now, in: zone)
        let byDay = Dictionary(
            counts.compactMap { row in row.day.map { ($0, (opened: row.opened, resolved: row.resolved)) } },
            uniquingKeysWith: { first, _ in first })
        guard let first = month.first, let end = month.end else { return [] }
        return (0..<31).compactMap { first.adding(days: $0) }.filter { $0 < end }.map { day in
            (day, day > today ? nil : byDay[day] ?? (0, 0))
        }
    }
}
