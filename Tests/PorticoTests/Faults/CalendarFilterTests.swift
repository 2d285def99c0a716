import Database
import Foundation
import Testing
import Web

@testable import Faults

@Suite("Flow 6: faults by the month of their report and the day they are due")
struct CalendarFilterTests {
    private let zone = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private func calendar(_ today: String) throws -> FaultCalendar {
        FaultCalendar(today: try #require(CalendarDate(today)), zone: zone)
    }

    @Test("Words move with the calendar, dates stand; a month and a day begin and end at the company's midnight")
    func spans() throws {
        let new = try calendar("2026-01-15")
        #expect(new.month("last") == new.month("2025-12") && new.month("this") == new.month("2026-01"))
        #expect(new.day("tomorrow") == new.day("2026-01-16"))
        let october = try #require(new.month("2025-10"))
        #expect(october.lowerBound.formatted(.iso8601) == "2025-09-30T22:00:00Z")
        #expect(october.upperBound.formatted(.iso8601) == "2025-10-31T23:00:00Z")
        // The day on which the clock is put back has 25 hours.
        let long = try #require(new.day("2025-10-26"))
        #expect(long.upperBound.timeIntervalSince(long.lowerBound) == 25 * 3600)
        #expect(try calendar("2026-12-31").day("tomorrow") == new.day("2027-01-01"))
        for nonsense in ["", "next", "2026-13", "2026-1", "2026-02-30", "0001-01-01", "9999-12-31", "2026-10-01'--", "２０２６-10"] {
            #expect(new.month(nonsense) == nil && new.day(nonsense) == nil)
        }
    }

    @Test("The list, its CSV, its board and its count know both; a saved view keeps the words, a chip takes them off again")
    func lists() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        let today = CalendarDate(Date(), in: company.tenant.timeZone)
        let calendar = FaultCalendar(today: today, zone: company.tenant.timeZone)
        let (last, tomorrow) = (try #require(calendar.month("last")), try #require(calendar.day("tomorrow")))
        func hours(since date: Date) -> Double { Date().timeIntervalSince(date) / 3600 }
        // One at each edge of last month, one before and one after it.
        for moment in [
            last.lowerBound.addingTimeInterval(2), last.upperBound.addingTimeInterval(-2),
            last.lowerBound.addingTimeInterval(-2), last.upperBound.addingTimeInterval(2)
        ] {
            try await stock.add(state: "reported", category: "plumbing", hoursAgo: hours(since: moment), dueIn: 200)
        }
        try await stock.add(
            state: "assigned", category: "plumbing", hoursAgo: hours(since: last.lowerBound) - 1, dueIn: 200, acted: 1)
        let due = -hours(since: tomorrow.lowerBound)
        try await stock.add(state: "assigned", category: "heating", hoursAgo: 1, dueIn: due + 12, acted: 0.1)
        try await stock.add(state: "resolved", category: "heating", hoursAgo: 1, dueIn: due + 12, acted: 0.1, resolved: 0.2)
        try await stock.add(state: "assigned", category: "heating", hoursAgo: 1, dueIn: due - 0.01, acted: 0.1)
        func total(_ path: String) async throws -> Int? { try await manager.api(.get, path).json?["total"] as? Int }
        #expect(try await total("/faults?month=last") == 3)
        #expect(try await total("/faults?month=last&assignee=none&category=plumbing") == 2)
        let name = ReportMonth(today).adding(-1)?.text ?? ""
        #expect(try await total("/faults?month=\(name)") == 3)
        #expect(try await total("/faults?due=tomorrow") == 1)
        #expect(try await total("/faults?due=\(today.adding(days: 1)?.description ?? "")") == 1)
        let all = try await total("/faults?due=never")
        #expect(try await total("/faults") == 8 && all == 8)
        #expect(try await manager.get("/faults.csv?due=tomorrow").text.split(separator: "\r\n").count == 2)
        let columns = try await manager.api(.get, "/faults/board?month=last").json?["columns"] as? [[String: Any]] ?? []
        #expect(columns.compactMap { $0["count"] as? Int }.reduce(0, +) == 3)
        let page = try await manager.get("/faults?month=last&due=never").text
        #expect(page.contains("Gemeldet: Letzten Monat") && !page.contains("Frist: never"))
        #expect(page.contains("<option value=\"last\" selected>Letzten Monat"))
        #expect(try await manager.get("/faults?month=2020-02").text.contains("<option value=\"2020-02\" selected>"))
        let saved = try await manager.post("/faults/views?month=last&category=plumbing", [("name", "Sanitär vom letzten Monat")])
        #expect(saved.location == "/faults?category=plumbing&month=last")
    }

    @Test("Sheets are printed for everything that a filter finds, fifty at a time, and the page says when there are more")
    func sheets() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        for _ in 0..<3 { try await stock.add(state: "assigned", category: "heating", hoursAgo: 1, dueIn: 24, acted: 0.1) }
        try await stock.add(state: "assigned", category: "plumbing", hoursAgo: 1, dueIn: 24, acted: 0.1)
        func sheets(_ text: String) -> Int { text.matches(of: /<section class="card sheet">/).count }
        let few = try await manager.get("/faults/sheets?category=heating&all=1").text
        #expect(sheets(few) == 3 && few.contains("3 Schäden") && few.contains("href=\"/faults?category=heating\""))
        #expect(try await manager.get("/faults?category=heating").text.contains("Alle 3 Blätter drucken"))
        for _ in 0..<50 { try await stock.add(state: "reported", category: "heating", hoursAgo: 1, dueIn: 24) }
        let many = try await manager.get("/faults/sheets?category=heating&all=1").text
        #expect(sheets(many) == 50 && many.contains("Die ersten 50 von 53 Schäden"))
        #expect(try await manager.get("/faults?category=heating").text.contains("Die ersten 50 Blätter drucken"))
        let other = try await TestCompany.fresh().member("manager")
        #expect(sheets(try await other.get("/faults/sheets?category=heating&all=1").text) == 0)
        #expect(try await stock.reporter.get("/faults/sheets?all=1").status == 403)
    }
}
