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

    @Test(
        "Costs are those of faults resolved in the month of the company's own zone, exact to the cent, and the same on every face"
    )
    func costs() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        // In Berlin September ends at 22:00 UTC, and October, whose clocks go back, at 23:00.
        let (first, last) = (Date(timeIntervalSince1970: 1_790_805_600), Date(timeIntervalSince1970: 1_793_487_599))
        for (minor, category, at) in [
            (9_999, "plumbing", first), (1, "heating", last), (123_456_789, "plumbing", last), (10, "electrical", first),
            (0, "other", last), (777, "plumbing", first.addingTimeInterval(-1)), (50_005, "heating", last.addingTimeInterval(1))
        ] as [(Int64, String, Date)] {
            try await stock.addResolved(category, at: at, cost: minor)
        }
        try await stock.addResolved("other", at: last, cost: nil)
        for (month, minor, faults, text) in [
            ("2026-10", 123_466_799, 4, "1.234.667,99"), ("2026-09", 777, 1, "7,77"), ("2026-11", 50_005, 1, "500,05")
        ] {
            let report = try await manager.api(.get, "/reports/\(month)").json
            let costs = report?["costs"] as? [[String: Any]]
            #expect(costs?.count == 1 && costs?.first?["amount"] as? Int == minor && costs?.first?["faults"] as? Int == faults)
            #expect(costs?.first?["currency"] as? String == "EUR")
            let page = try await manager.get("/reports/\(month)").text
            #expect(page.contains("\(text)\u{a0}€"), "\(month)")
            let csv = try await manager.get("/reports/\(month).csv").text
            #expect(csv.contains("\(month),costs,EUR,minor_units,\(minor)\r\n\(month),costs,EUR,faults,\(faults)\r\n"))
        }
        #expect(try await !manager.get("/reports/2026-08.csv").text.contains(",costs,"))
        #expect(try await stock.total("2026-10", manager) == stock.listed(from: first, until: last.addingTimeInterval(1)))
    }

    @Test("Sums beyond what binary fractions hold stay exact, in a company of another zone and currency")
    func largeCosts() async throws {
        let company = try await TestCompany.fresh {
            $0.replacing("timeZone: Europe/Berlin", with: "timeZone: America/New_York")
                .replacing("currency: EUR", with: "currency: GBP")
        }
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        // Midnight of 1 October in New York is 04:00 UTC; clocks go back on 1 November, so that October ends at 04:00, too.
        let (first, next) = (Date(timeIntervalSince1970: 1_790_827_200), Date(timeIntervalSince1970: 1_793_505_600))
        let most: Int64 = 100_000_000_000_000
        for _ in 1...100 { try await stock.addResolved("plumbing", at: first, cost: most, currency: "GBP") }
        try await stock.addResolved("heating", at: next.addingTimeInterval(-1), cost: 1, currency: "GBP")
        try await stock.addResolved("heating", at: next, cost: 5, currency: "GBP")
        try await stock.addResolved("heating", at: first, cost: 333, currency: "EUR")
        let csv = try await manager.get("/reports/2026-10.csv").text
        #expect(
            csv.contains("2026-10,costs,GBP,minor_units,10000000000000001\r\n")
                && csv.contains("2026-10,costs,EUR,minor_units,333\r\n"))
        let json = try await manager.api(.get, "/reports/2026-10").text
        #expect(json.contains("\"amount\":10000000000000001"))
        #expect(try await manager.get("/reports/2026-10").text.contains("100.000.000.000.000,01"))
        #expect(try await manager.get("/reports/2026-11.csv").text.contains("2026-11,costs,GBP,minor_units,5\r\n"))
    }

    @Test(
        "A technician's own amount reaches the report of this month as it was typed; a fault that is opened again keeps it once")
    func typedCosts() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        let month = ReportMonth(CalendarDate(Date(), in: company.tenant.timeZone)).text
        func resolve(_ cost: String) async throws {
            _ = try await manager.api(.post, "/faults/\(fault.id)/assign", #"{"assigneeId": "\#(technician.id.text)"}"#)
            let done = try await technician.post("/faults/\(fault.number)/resolve", [("resolution", "Getauscht"), ("cost", cost)])
            #expect(done.status == 303, "\(done.text.prefix(300))")
        }
        try await resolve("1234,05")
        #expect(try await manager.get("/reports/\(month).csv").text.contains("\(month),costs,EUR,minor_units,123405\r\n"))
        _ = try await fault.reporter.api(.post, "/faults/\(fault.id)/reopen", #"{"reason": "noch undicht"}"#)
        try await resolve("1300,10")
        let csv = try await manager.get("/reports/\(month).csv").text
        #expect(csv.contains("\(month),costs,EUR,minor_units,130010\r\n") && csv.contains("\(month),costs,EUR,faults,1\r\n"))
    }
}

extension FaultStock {
    fileprivate func addResolved(_ category: String, at: Date, cost: Int64?, currency: String = "EUR") async throws {
        try await add(state: "resolved", category: category, hoursAgo: 1, dueIn: 48, acted: 0.5, resolved: 1, now: at)
        guard let cost else { return }
        _ = try await company.walled.write { tx in
            try await tx.execute(
                """
                update app.fault set cost_minor = \(cost), cost_currency = \(currency)
                 where tenant_id = \(company.tenant.id) and id = (select id from app.fault where tenant_id = \(company.tenant.id)
                                                                    and cost_minor is null and resolved_at = \(at) order by id desc limit 1)
                """)
        }
    }

    /// The report's own sum of euros.
    fileprivate func total(_ month: String, _ manager: TestMember) async throws -> Int? {
        let costs = try await manager.api(.get, "/reports/\(month)").json?["costs"] as? [[String: Any]]
        return costs?.first { $0["currency"] as? String == "EUR" }?["amount"] as? Int
    }

    /// The same, added up here from the faults themselves.
    fileprivate func listed(from: Date, until: Date) async throws -> Int? {
        let minors = try await company.walled.read(
            Query.values(
                """
                select coalesce(cost_minor, 0) from app.fault where tenant_id = \(company.tenant.id)
                   and resolved_at >= \(from) and resolved_at < \(until)
                """, Int.self))
        return minors.reduce(0, +)
    }
}
