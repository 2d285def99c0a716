import Database
import Foundation

/// Days and months as the list's address names them. The words move with the calendar, so that a saved view means next month what
/// it means now.
struct FaultCalendar: Sendable {
    enum Month: String, CaseIterable { case this, last }
    enum Day: String, CaseIterable { case today, tomorrow }

    let today: CalendarDate
    let zone: TimeZone

    /// `this`, `last` or `2026-10`, from its first midnight to the next month's; nil for anything else.
    func month(_ text: String) -> Range<Date>? {
        let month =
            switch Month(rawValue: text) {
            case .this: ReportMonth(today)
            case .last: ReportMonth(today).adding(-1)
            case nil: ReportMonth(text)
            }
        return span(month?.first, month?.end)
    }

    /// `today`, `tomorrow` or `2026-11-27`, from midnight to midnight; nil for anything else.
    func day(_ text: String) -> Range<Date>? {
        let day =
            switch Day(rawValue: text) {
            case .today: today
            case .tomorrow: today.adding(days: 1)
            case nil: CalendarDate(text)
            }
        return span(day, day?.adding(days: 1))
    }

    private func span(_ first: CalendarDate?, _ end: CalendarDate?) -> Range<Date>? {
        guard let first, let end, first < end, first.year >= 1900, first.year < 2200 else { return nil }
        return first.start(in: zone)..<max(first.start(in: zone), end.start(in: zone))
    }
}
