import Database
import Foundation
import HTML
import Operations
import UI
import Web

/// The drawings of the dashboard.
struct FaultCharts {
    let desk: FaultDesk
    private var t: FaultsMessages.Charts { desk.t.charts }

    init(_ desk: FaultDesk) {
        self.desk = desk
    }

    /// Days that response times look back on.
    static let days = 90

    private func value(_ count: Int) -> Chart.Value? { Chart.Value(Double(count), desk.format.number(count)) }

    func count(_ count: Int) -> Chart.Value? { value(count) }

    // MARK: Managers

    func byState(_ tally: [FaultTally]) -> HomeChart {
        let counts = Dictionary(tally.compactMap { row in row.state.map { ($0, row.all) } }, uniquingKeysWith: +)
        return states(counts, title: t.byState, path: { ("/faults" as WebPath).adding(query: [("state", $0.rawValue)]) })
    }

    private func states(_ counts: [FaultState: Int], title: String, path: (FaultState) -> WebPath?) -> HomeChart {
        let rows = FaultState.unfinished.map {
            Chart.Row(desk.t.state(state: $0.rawValue), [value(counts[$0] ?? 0)], path: path($0))
        }
        let total = counts.values.reduce(0, +)
        return HomeChart(
            Chart(
                .bars, id: "by-state", title: title, summary: t.byStateSummary(count: total), subject: desk.t.list.state,
                series: [t.faults], rows: rows))
    }

    func byAge(_ tally: [FaultTally]) -> HomeChart {
        let counts = Dictionary(tally.compactMap { row in row.age.map { ($0, row) } }, uniquingKeysWith: { first, _ in first })
        let rows = FaultAge.allCases.map { age in
            Chart.Row(
                desk.t.age(age: age.word), [value(counts[age.rawValue]?.open ?? 0)],
                path: ("/faults" as WebPath).adding(query: [("state", "open"), ("age", age.rawValue)]))
        }
        let old = counts[FaultAge.older.rawValue]?.open ?? 0
        return HomeChart(
            Chart(
                .bars, id: "by-age", title: t.byAge, summary: t.byAgeSummary(count: old), subject: t.age, series: [t.faults],
                rows: rows))
    }

    func byCategory(_ tally: [FaultTally]) -> HomeChart {
        let counts = tally.filter { $0.category != nil && $0.open > 0 }.sorted {
            ($1.open, $0.category ?? "") < ($0.open, $1.category ?? "")
        }
        let rows = counts.map { row in
            let key = row.category ?? ""
            return Chart.Row(
                desk.settings.title(key, desk.context.language.rawValue), [value(row.late), value(row.open - row.late)],
                path: ("/faults" as WebPath).adding(query: [("category", key), ("state", "open")]))
        }
        return HomeChart(
            Chart(
                .stacked, id: "by-category", title: t.byCategory, summary: t.byCategorySummary(count: rows.count),
                subject: desk.t.list.category, series: [desk.t.overdue, t.inTime], rows: rows, drawn: 12))
    }

    /// Two drawings: until somebody first acted, and until it was resolved.
    func responses(_ times: [ResponseTimes]) -> [HomeChart] {
        let all = times.first { $0.building == nil }
        return [
            responses(
                times, id: "first-act", title: t.firstAct,
                summary: t.firstActSummary(days: Self.days, time: text(all?.firstMedian)),
                { [$0.firstMedian, $0.firstSlow] }),
            responses(
                times, id: "resolution", title: t.resolution,
                summary: t.resolutionSummary(days: Self.days, time: text(all?.resolvedMedian)),
                { [$0.resolvedMedian, $0.resolvedSlow] })
        ]
    }

    func responses(
        _ times: [ResponseTimes], id: String, title: String, summary: String, _ values: (ResponseTimes) -> [Double?]
    ) -> HomeChart {
        let rows = times.map { line in
            Chart.Row(
                line.name ?? t.allBuildings,
                values(line).map { $0.flatMap { Chart.Value($0, desk.format.duration(seconds: $0)) } },
                path: line.building.map { ("/faults" as WebPath).adding(query: [("building", $0.text)]) })
        }
        return HomeChart(
            Chart(
                .bars, id: id, title: title, summary: summary, subject: desk.t.filter.building, series: [t.median, t.slow],
                rows: rows,
                drawn: 9))
    }

    func text(_ seconds: Double?) -> String { seconds.map { desk.format.duration(seconds: $0) } ?? "–" }

    // MARK: Technicians and residents

    func load(_ counts: [FaultState: Int]) -> HomeChart {
        states(counts, title: t.load) {
            ("/faults" as WebPath).adding(query: [("assignee", "me"), ("state", $0.rawValue)])
        }
    }

    func own(_ counts: [FaultState: Int]) -> HomeChart {
        states(counts, title: t.own) { ("/faults" as WebPath).adding(query: [("state", $0.rawValue)]) }
    }

    static let weeks = 8

    /// The first day of the oldest week that `done` shows.
    var firstMonday: CalendarDate {
        desk.today.adding(days: 1 - desk.today.weekday - 7 * (Self.weeks - 1)) ?? desk.today
    }

    func done(_ counts: [WeekCount]) -> HomeChart {
        let byWeek = Dictionary(counts.map { ($0.monday, $0.count) }, uniquingKeysWith: +)
        let rows = (0..<Self.weeks).compactMap { firstMonday.adding(days: 7 * $0) }.map { monday in
            Chart.Row(desk.format.shortDay(monday.noon(in: desk.context.outer.zone)), [value(byWeek[monday] ?? 0)])
        }
        return HomeChart(
            Chart(
                .lines, id: "done", title: t.done,
                summary: t.doneSummary(count: counts.reduce(0) { $0 + $1.count }, weeks: Self.weeks),
                subject: t.week, series: [t.resolved], rows: rows, tick: { desk.format.number(Int($0)) }))
    }
}
