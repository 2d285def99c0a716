import Database
import Foundation
import HTTPTypes
import Testing

@testable import Faults

@Suite("Monthly report")
struct FaultReportTests {
    @Test("T71 A month is yyyy-mm from 2000 to 2199 and nothing else")
    func months() {
        #expect(ReportMonth("2026-11")?.text == "2026-11" && ReportMonth("2026-02")?.end == CalendarDate("2026-03-01"))
        #expect(ReportMonth("2026-12")?.adding(1)?.text == "2027-01" && ReportMonth("2026-01")?.adding(-1)?.text == "2025-12")
        #expect(ReportMonth("2000-01")?.adding(-1) == nil && ReportMonth("2199-12")?.adding(1) == nil)
        #expect(ReportMonth("2026-01")?.adding(.max) == nil && ReportMonth("2026-01")?.adding(.min) == nil)
        for text in [
            "", "2026", "2026-13", "2026-00", "1999-12", "2200-01", "2026-1", "2026-111", "+026-11", "2026/11", "２０２６-11"
        ] {
            #expect(ReportMonth(text) == nil, "\(text)")
        }
    }

    @Test("The report counts what was reported, resolved and closed in the month of the company's own time zone")
    func counts() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        // 23:30 UTC on 30 September is half past one of 1 October in Berlin.
        let edge = Date(timeIntervalSince1970: 1_790_811_000)
        try await stock.add(state: "closed", category: "plumbing", hoursAgo: 0, dueIn: 48, acted: 2, resolved: 10, now: edge)
        try await stock.add(
            state: "assigned", category: "heating", hoursAgo: 0, dueIn: 24, acted: 4, now: edge.addingTimeInterval(5 * 86_400))
        try await stock.add(
            state: "reported", category: "heating", hoursAgo: 0, dueIn: 24, now: edge.addingTimeInterval(-3_600 * 2))
        let october = try await manager.api(.get, "/reports/2026-10").json ?? [:]
        let total = october["total"] as? [String: Any] ?? [:]
        #expect(total["opened"] as? Int == 2 && total["resolved"] as? Int == 1 && total["closed"] as? Int == 1)
        #expect(october["openAtEnd"] as? Int == 2 && october["overdue"] as? Int == 2)
        #expect(october["timeZone"] as? String == "Europe/Berlin")
        let categories = october["categories"] as? [[String: Any]] ?? []
        #expect(Set(categories.map { "\($0["key"] ?? "") \($0["opened"] ?? "")" }) == ["plumbing 1", "heating 1"])
        let times = (october["responseTimes"] as? [[String: Any]])?.first
        #expect(times?["firstActionMedian"] as? Double == 3 * 3600 && times?["resolutionMedian"] as? Double == 10 * 3600)
        let open = october["longestOpen"] as? [[String: Any]] ?? []
        #expect(open.map { $0["state"] as? String } == ["reported", "assigned"])
        #expect((try await manager.api(.get, "/reports/2026-09").json?["total"] as? [String: Any])?["opened"] as? Int == 1)
    }

    @Test("Page, print and CSV show the same; an empty month says so; the picker leads to a month")
    func faces() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        let october = Date(timeIntervalSince1970: 1_791_800_000)
        try await stock.add(state: "resolved", category: "plumbing", hoursAgo: 0, dueIn: 48, acted: 2, resolved: 10, now: october)
        let page = try await manager.get("/reports/2026-10").text
        #expect(page.contains("Bericht für Oktober 2026") && page.contains("<title id=\"days-title\">"))
        let csv = try await manager.get("/reports/2026-10.csv")
        #expect(csv.text.contains("2026-10,total,,opened,1\r\n") && csv.text.contains("2026-10,category,Sanitär,resolved,1\r\n"))
        #expect(csv.text.contains("2026-10,response_times,,resolution_median,36000\r\n"))
        #expect(try await manager.get("/reports/2026-08").text.contains("In diesem Monat ist nichts geschehen"))
        #expect(try await manager.get("/reports/2150-01").status == 200)
        #expect(try await manager.get("/reports?month=2026-10").location == "/reports/2026-10")
        #expect(try await manager.get("/reports?month=x").location?.hasPrefix("/reports/20") == true)
        for month in ["2026-13", "x", "2026-10-01", "%00", "9999999-01"] {
            #expect([400, 404].contains(try await manager.get("/reports/\(month)").status), "\(month)")
        }
    }

    @Test("Those who manage see reports, others do not; another company's faults count nowhere (T06)")
    func rights() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let stock = try await FaultStock.fresh(other)
        try await stock.add(state: "reported", category: "plumbing", hoursAgo: 1, dueIn: 48)
        let month = ReportMonth(CalendarDate(Date(), in: company.tenant.timeZone)).text
        for role in ["resident", "owner", "technician", "caretaker"] {
            #expect(try await company.member(role).get("/reports/\(month)").status == 403)
        }
        let report = try await company.member("manager").api(.get, "/reports/\(month)").json ?? [:]
        #expect((report["total"] as? [String: Any])?["opened"] as? Int == 0 && report["openAtEnd"] as? Int == 0)
    }
}
