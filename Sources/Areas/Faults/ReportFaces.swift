import Foundation
import Web

/// A month for programs; durations are in seconds.
struct ReportJSON: Codable, Sendable {
    struct Count: Codable, Sendable {
        let key: String?
        let name: String?
        let opened: Int
        let resolved: Int
        let closed: Int
        let reopened: Int
        let cancelled: Int

        init(_ count: ReportCount?, key: String?, name: String?) {
            self.key = key
            self.name = name
            opened = count?.opened ?? 0
            resolved = count?.resolved ?? 0
            closed = count?.closed ?? 0
            reopened = count?.reopened ?? 0
            cancelled = count?.cancelled ?? 0
        }
    }

    struct Times: Codable, Sendable {
        let buildingId: String?
        let building: String?
        let reported: Int
        let firstActionMedian: Double?
        let firstAction90: Double?
        let resolutionMedian: Double?
        let resolution90: Double?

        init(_ times: ResponseTimes) {
            buildingId = times.building?.text
            building = times.name
            reported = times.reported
            firstActionMedian = times.firstMedian
            firstAction90 = times.firstSlow
            resolutionMedian = times.resolvedMedian
            resolution90 = times.resolvedSlow
        }
    }

    struct Cost: Codable, Sendable {
        let amount: Int64
        let currency: String
        let faults: Int
    }

    struct Open: Codable, Sendable {
        let number: String
        let title: String
        let state: String
        let reportedAt: Date
    }

    let month: String
    let timeZone: String
    let total: Count
    let overdue: Int
    let openAtEnd: Int
    let categories: [Count]
    let buildings: [Count]
    let responseTimes: [Times]
    let costs: [Cost]
    let longestOpen: [Open]

    init(_ report: FaultReport) {
        month = report.month.text
        timeZone = report.zone.identifier
        total = Count(report.total, key: nil, name: nil)
        overdue = report.facts.overdue
        openAtEnd = report.openAtEnd
        categories = report.categories.map { Count($0, key: $0.category, name: nil) }
        buildings = report.buildings.map { Count($0, key: $0.building?.text, name: $0.buildingName) }
        responseTimes = report.times.map(Times.init)
        costs = report.costs.map { Cost(amount: $0.minor, currency: $0.currency, faults: $0.faults) }
        longestOpen = report.longOpen.map {
            Open(number: $0.number, title: $0.title, state: $0.state.rawValue, reportedAt: $0.reportedAt)
        }
    }
}

extension FaultReport {
    /// One figure per line, so that a spreadsheet can turn it any way; durations in seconds, nothing where there is none.
    func csv(_ desk: FaultDesk) -> CSV {
        var csv = CSV(head: ["month", "section", "name", "figure", "value"])
        let add = { (csv: inout CSV, section: String, name: String, figures: [(String, String)]) in
            for (figure, value) in figures { csv.append([month.text, section, name, figure, value]) }
        }
        let figures = { (count: ReportCount?) in
            [
                ("opened", count?.opened), ("resolved", count?.resolved), ("closed", count?.closed),
                ("reopened", count?.reopened),
                ("cancelled", count?.cancelled)
            ].map { ($0, String($1 ?? 0)) }
        }
        add(
            &csv, "total", "",
            figures(total) + [("overdue", String(facts.overdue)), ("open_at_end", String(openAtEnd))])
        for cost in costs {
            add(&csv, "costs", cost.currency, [("minor_units", String(cost.minor)), ("faults", String(cost.faults))])
        }
        for row in categories {
            add(&csv, "category", desk.settings.title(row.category ?? "", desk.context.language.rawValue), figures(row))
        }
        for row in buildings { add(&csv, "building", row.buildingName ?? "", figures(row)) }
        for row in times {
            let seconds = { (value: Double?) in value.map { String(Int($0.rounded())) } ?? "" }
            add(
                &csv, "response_times", row.name ?? "",
                [
                    ("reported", String(row.reported)), ("first_action_median", seconds(row.firstMedian)),
                    ("first_action_90", seconds(row.firstSlow)), ("resolution_median", seconds(row.resolvedMedian)),
                    ("resolution_90", seconds(row.resolvedSlow))
                ])
        }
        for row in longOpen {
            add(&csv, "longest_open", row.number, [("reported_at", row.reportedAt.formatted(.iso8601)), ("title", row.title)])
        }
        return csv
    }
}
