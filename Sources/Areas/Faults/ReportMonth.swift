import Database
import Foundation

/// A month of the calendar, as `/reports/2026-11` names it: years 2000 to 2199.
struct ReportMonth: Sendable, Hashable, Comparable {
    let year: Int
    let month: Int

    init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 7, digits[4] == UInt8(ascii: "-"), let day = CalendarDate("\(text)-01"),
            (2000...2199).contains(day.year)
        else { return nil }
        (year, month) = (day.year, day.month)
    }

    init(_ day: CalendarDate) {
        (year, month) = (day.year, day.month)
    }

    /// The month that lies so many months later, or earlier.
    func adding(_ months: Int) -> ReportMonth? {
        let count = year * 12 + month - 1 + min(max(months, -12_000), 12_000)
        guard count >= 2000 * 12, let first = CalendarDate(year: count / 12, month: count % 12 + 1, day: 1) else { return nil }
        return first.year <= 2199 ? ReportMonth(first) : nil
    }

    var first: CalendarDate? { CalendarDate(year: year, month: month, day: 1) }

    /// The first day after it.
    var end: CalendarDate? {
        month == 12 ? CalendarDate(year: year + 1, month: 1, day: 1) : CalendarDate(year: year, month: month + 1, day: 1)
    }

    /// "2026-11".
    var text: String { "\(year)-" + (month < 10 ? "0" : "") + "\(month)" }

    static func < (left: ReportMonth, right: ReportMonth) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }
}
