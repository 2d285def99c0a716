import HTML
import UI

@testable import Audit
@testable import Faults
@testable import Operations

extension PageSamples {
    static let audit = [
        PageSample(name: "audit", page: auditPage(8)),
        PageSample(
            name: "audit-none",
            page: auditPage(0, [Chip(label: "Search", value: "zzz", remove: "/admin/audit")], clear: "/admin/audit")),
        PageSample(name: "activity", page: activity(auditRows(3))),
        PageSample(name: "activity-none", page: activity([])),
        PageSample(
            name: "seals",
            page: seals(Flash("Checked 21 Nov 2026, 14:05: every seal is intact."), found: nil)),
        PageSample(
            name: "seals-broken",
            page: seals(
                Flash("Checked 21 Nov 2026, 14:05: entry 0193 was altered after it was sealed.", tone: .bad),
                found: "/admin/audit?q=0193")),
        PageSample(name: "seals-none", page: seals(nil, found: nil))
    ]

    private static let auditTabs = [Tab("Entries", "/admin/audit", current: true), Tab("Seals", "/admin/audit/seals")]

    private static func auditRows(_ count: Int) -> [AuditRow] {
        (0..<count).map {
            AuditRow(
                moment: moment, actor: $0 == 1 ? "Portico itself" : "Maria Kern",
                behalf: $0 == 1 ? "on behalf of Nora Blum" : nil,
                action: "edited", entity: "Fault", path: "/faults/F-2026-0412",
                changes: [
                    AuditFieldChange(field: "Priority", before: "Normal", after: "Urgent"),
                    AuditFieldChange(field: "Title", before: nil, after: $0 == 2 ? long : "Water drips"),
                    AuditFieldChange(field: "Assigned to", before: "Jan Weber", after: nil)
                ],
                address: "203.0.113.7", requestID: "01JD8ZK3\($0)", seal: $0 == 0 ? "Not sealed yet" : "Seal 1,20\($0)")
        }
    }

    private static func auditPage(_ count: Int, _ chips: [Chip] = [], clear: WebPath? = nil) -> AuditPage {
        AuditPage(
            tabs: auditTabs, action: "/admin/audit", words: Field("q", label: "Search"), actor: Field("actor", label: "Who"),
            entity: Field("entity", label: "What"), entities: [Choice("fault", "Fault")], act: Field("action", label: "Action"),
            acts: [Choice("fault.edited", "Fault: edited")], from: Field("from", label: "From", value: "2026-11-01"),
            to: Field("to", label: "To"), record: nil, summary: "\(count) entries", chips: chips, clear: clear,
            csv: "/admin/audit.csv", rows: auditRows(count),
            pager: count == 0 ? nil : Pager(next: "/admin/audit?after=x", summary: "1–8 of 80"))
    }

    private static func activity(_ rows: [AuditRow]) -> ActivityPage {
        ActivityPage(
            title: "Activity: Water dripping from the ceiling", crumbs: crumbs,
            tabs: [Tab("Fault", "/faults/F-2026-0412"), Tab("Activity", "/faults/F-2026-0412/activity", current: true)],
            summary: "\(rows.count) entries", csv: rows.isEmpty ? nil : "/admin/audit.csv?record=1", rows: rows, pager: nil)
    }

    private static func seals(_ result: Flash?, found: WebPath?) -> SealsPage {
        SealsPage(
            tabs: auditTabs,
            facts: [
                Fact("Sealed entries", "1,204"), Fact("Waiting for their seal", "3"), Fact("Last sealed", moment.text),
                Fact("Last seal", "1204:" + String(repeating: "5f3a9c01", count: 8))
            ], check: "/admin/audit/verification", result: result, found: found)
    }
}

extension PageSamples {
    static let figures = [
        PageSample(
            name: "home-charts",
            page: HomePage(
                greeting: "Good afternoon, Maria", day: "Saturday, 21 November 2026", sections: [], charts: charts)),
        PageSample(name: "month", page: month(charts)),
        PageSample(name: "month-none", page: month([]))
    ]

    private static let charts = [
        HomeChart(
            Chart(
                .bars, id: "state", title: "Faults by state", summary: "41 faults are not over yet.", subject: "State",
                series: ["Faults"], rows: [chartRow("Reported", [12]), chartRow("On hold", [0]), chartRow(long, [29])])),
        HomeChart(
            Chart(
                .stacked, id: "category", title: "Open faults by category", summary: "Three categories.", subject: "Category",
                series: ["Overdue", "In time"],
                rows: [chartRow("Plumbing", [3, 9]), chartRow("Heating", [0, 4]), chartRow("Lift", [1, 0])])),
        HomeChart(
            Chart(
                .bars, id: "time", title: "Time to resolution", summary: "Half took no longer than 15 h.", subject: "Building",
                series: ["Median", "90 %"], rows: [chartRow("Lindenstraße 12", [15, 40]), chartRow("Parkallee 4", [nil, nil])])),
        HomeChart(
            Chart(
                .lines, id: "days", title: "Day by day", summary: "41 reported, 38 resolved.", subject: "Day",
                series: ["Reported", "Resolved"],
                rows: (1...30).map { chartRow("\($0) Nov", $0 > 21 ? [nil, nil] : [Double($0 % 7), Double($0 % 5)]) },
                tick: { "\(Int($0))" }))
    ]

    private static func chartRow(_ label: String, _ values: [Double?]) -> Chart.Row {
        Chart.Row(label, values.map { $0.flatMap { Chart.Value($0, "\(Int($0))") } }, path: "/faults?x=1")
    }

    private static func month(_ charts: [HomeChart]) -> MonthPage {
        MonthPage(
            title: "November 2026", zone: "Europe/Berlin", action: "/reports",
            month: Field("month", label: "Month", value: "2026-11"),
            months: [Choice("2026-11", "November 2026"), Choice("2026-10", "October 2026")], csv: "/reports/2026-11.csv",
            pager: Pager(previous: "/reports/2026-10", summary: "November 2026"), isEmpty: charts.isEmpty,
            stats: [
                Stat("Reported", value: "41"), Stat("Deadline missed", value: "3", tone: .bad),
                Stat("Resolution, median", value: "15 h", change: "90 % within 40 h")
            ], charts: charts,
            longOpen: [
                LongOpenRow(
                    path: "/faults/F-2026-0406", title: "Broken window handle", detail: "F-2026-0406 · Am Markt 7, Apt 4",
                    state: Badge("On hold", tone: .warn, mark: .half), reported: moment(daysAgo: 45), age: "45 days")
            ], longOpenSummary: "The 1 oldest of 1 that were open at the end")
    }
}
