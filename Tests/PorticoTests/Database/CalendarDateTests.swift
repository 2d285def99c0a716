import Database
import Foundation
import Testing

@Suite("Calendar dates")
struct CalendarDateTests {
    @Test(
        "Days that do not exist are none",
        arguments: ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01"])
    func missing(_ text: String) { #expect(CalendarDate(text) == nil) }

    @Test(
        "Only one way of writing is read",
        arguments: ["2026-1-1", "26-01-01", "2026/01/01", " 2026-01-01", "2026-01-01T00:00", "２０２６-01-01", "+026-01-01", ""])
    func forms(_ text: String) { #expect(CalendarDate(text) == nil) }

    @Test("Every day from 1999 to 2029 agrees with Foundation's calendar")
    func agrees() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var date = try #require(calendar.date(from: DateComponents(year: 1999, month: 1, day: 1)))
        var day = try #require(CalendarDate("1999-01-01"))
        while day.year < 2030 {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            #expect(day.year == parts.year && day.month == parts.month && day.day == parts.day)
            #expect(day.weekday == (parts.weekday.map { ($0 + 5) % 7 + 1 }))
            date.addTimeInterval(86_400)
            day = try #require(day.adding(days: 1))
        }
    }

    @Test("Adding days stops at the calendar's ends and at overflow")
    func ends() {
        #expect(CalendarDate("9999-12-31")?.adding(days: 1) == nil)
        #expect(CalendarDate("0001-01-01")?.adding(days: -1) == nil)
        #expect(CalendarDate("2026-01-01")?.adding(days: .max) == nil)
        #expect(CalendarDate("2026-01-01")?.adding(days: .min) == nil)
        #expect(CalendarDate("2024-02-28")?.adding(days: 1)?.description == "2024-02-29")
    }
}
