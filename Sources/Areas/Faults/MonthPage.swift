import Database
import Foundation
import HTML
import Operations
import UI
import Web

/// `/reports/{yyyy-mm}`.
package struct MonthPage: Sendable {
    /// "November 2026".
    var title: String
    /// The company's zone, by which days are counted.
    var zone: String
    var action: WebPath
    var month: Field
    var months: [Choice]
    var csv: WebPath
    var pager: Pager
    var isEmpty: Bool
    var stats: [Stat]
    var charts: [HomeChart]
    var longOpen: [LongOpenRow]
    /// "The 10 oldest of 41".
    var longOpenSummary: String
}

package struct LongOpenRow: Sendable {
    var path: WebPath
    var title: String
    var detail: String
    var state: Badge
    var reported: Moment
    /// "45 days".
    var age: String
}

extension FaultReport {
    func page(_ desk: FaultDesk) -> MonthPage {
        let t = desk.t.monthly
        let path = { (month: ReportMonth) in "/reports/\(month.text)" as WebPath }
        let current = ReportMonth(CalendarDate(now, in: zone))
        let first = facts.first.map { ReportMonth(CalendarDate($0, in: zone)) } ?? current
        let next = month.adding(1).flatMap { $0 <= current ? $0 : nil }
        let previous = month.adding(-1).flatMap { $0 >= first ? $0 : nil }
        return MonthPage(
            title: name(month, desk), zone: zone.identifier, action: "/reports",
            month: Field("month", label: t.month, value: month.text), months: months(from: first, to: current, desk),
            csv: "/reports/\(month.text).csv",
            pager: Pager(previous: previous.map(path), next: next.map(path), summary: name(month, desk)), isEmpty: isEmpty,
            stats: stats(desk), charts: charts(desk), longOpen: longOpen.map { row($0, desk) },
            longOpenSummary: t.longOpenSummary(shown: longOpen.count, count: openAtEnd))
    }

    private func name(_ month: ReportMonth, _ desk: FaultDesk) -> String {
        month.first.map { desk.format(in: zone).month($0.noon(in: zone)) } ?? month.text
    }

    /// The newest first; at most three years, and always the month that is shown.
    private func months(from first: ReportMonth, to current: ReportMonth, _ desk: FaultDesk) -> [Choice] {
        var months = (0..<36).compactMap { current.adding(-$0) }.filter { $0 >= first }
        if !months.contains(month) { months.append(month) }
        return months.sorted(by: >).map { Choice($0.text, name($0, desk)) }
    }

    private func stats(_ desk: FaultDesk) -> [Stat] {
        let (t, format, charts) = (desk.t.monthly, desk.format, FaultCharts(desk))
        return [
            Stat(t.opened, value: format.number(total?.opened ?? 0)),
            Stat(t.resolved, value: format.number(total?.resolved ?? 0)),
            Stat(t.closed, value: format.number(total?.closed ?? 0)),
            Stat(t.openAtEnd, value: format.number(openAtEnd)),
            Stat(t.overdue, value: format.number(facts.overdue), tone: facts.overdue > 0 ? .bad : .ok),
            Stat(t.firstAct, value: charts.text(all?.firstMedian), change: t.slow(time: charts.text(all?.firstSlow))),
            Stat(t.resolution, value: charts.text(all?.resolvedMedian), change: t.slow(time: charts.text(all?.resolvedSlow)))
        ]
            + costs.map {
                Stat(
                    t.costs, value: format.money(minor: $0.minor, currency: $0.currency), change: t.costsOf(count: $0.faults))
            }
    }

    private func charts(_ desk: FaultDesk) -> [HomeChart] {
        let (t, charts) = (desk.t.monthly, FaultCharts(desk))
        let (opened, resolved) = (total?.opened ?? 0, total?.resolved ?? 0)
        let series = [t.opened, t.resolved]
        let chart = { (kind: Chart.Kind, id: String, title: String, subject: String, rows: [Chart.Row]) in
            HomeChart(
                Chart(
                    kind, id: id, title: title, summary: t.summary(opened: opened, resolved: resolved), subject: subject,
                    series: series, rows: rows, tick: { desk.format.number(Int($0)) }))
        }
        let pair = { (count: ReportCount) in [charts.count(count.opened), charts.count(count.resolved)] }
        let perDay = days.map { day, count in
            Chart.Row(
                desk.format(in: zone).shortDay(day.noon(in: zone)),
                [count.flatMap { charts.count($0.opened) }, count.flatMap { charts.count($0.resolved) }])
        }
        let perCategory = categories.map {
            Chart.Row(desk.settings.title($0.category ?? "", desk.context.language.rawValue), pair($0))
        }
        let perBuilding = buildings.map { Chart.Row($0.buildingName ?? "", pair($0)) }
        return [
            chart(.lines, "days", t.byDay, t.day, perDay),
            chart(.bars, "categories", t.byCategory, desk.t.list.category, perCategory),
            chart(.bars, "buildings", t.byBuilding, desk.t.filter.building, perBuilding),
            charts.responses(
                times, id: "first-act", title: desk.t.charts.firstAct,
                summary: t.firstActSummary(time: charts.text(all?.firstMedian))
            ) { [$0.firstMedian, $0.firstSlow] },
            charts.responses(
                times, id: "resolution", title: desk.t.charts.resolution,
                summary: t.resolutionSummary(time: charts.text(all?.resolvedMedian))
            ) { [$0.resolvedMedian, $0.resolvedSlow] }
        ].filter { !$0.chart.rows.isEmpty }
    }

    private func row(_ line: LongOpen, _ desk: FaultDesk) -> LongOpenRow {
        let end = month.end.map { min($0.start(in: zone), now) } ?? now
        return LongOpenRow(
            path: "/faults/\(line.number)", title: line.title, detail: "\(line.number) · \(desk.place(line.building, line.unit))",
            state: Badge(desk.t.state(state: line.state.rawValue), tone: line.state.tone, mark: line.state.mark),
            reported: desk.format.dayMoment(line.reportedAt),
            age: desk.format.duration(seconds: end.timeIntervalSince(line.reportedAt)))
    }
}

extension FaultDesk {
    /// Days of a report are the company's, whatever zone its reader lives in.
    func format(in zone: TimeZone) -> Format {
        Format(language: context.language, timeZone: zone, currency: context.tenant.currency.code)
    }
}
