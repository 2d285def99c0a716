import Database
import Foundation

extension CalendarDate {
    /// The day that it is in a zone.
    public init(_ date: Date, in zone: TimeZone) {
        let local = date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))
        let days = (local / 86_400).rounded(.down) - 10_957
        self.init(clampingDaysSince2000: Int(exactly: days) ?? 0)
    }

    /// The day's first instant in a zone.
    public func start(in zone: TimeZone) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.startOfDay(for: noon(in: zone))
    }

    /// Noon of the day in a zone: an instant that is this day there, whatever daylight saving does.
    public func noon(in zone: TimeZone) -> Date {
        let utc = Date(timeIntervalSince1970: (Double(daysSince2000) + 10_957.5) * 86_400)
        return utc.addingTimeInterval(-Double(zone.secondsFromGMT(for: utc)))
    }
}
