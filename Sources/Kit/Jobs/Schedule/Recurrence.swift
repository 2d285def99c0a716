import Foundation

/// When something recurs.
public struct Recurrence: Sendable, Equatable {
    private enum Rule: Equatable {
        case every(TimeInterval)
        case calendar(hour: Int, minute: Int, weekday: Int?, day: Int?)
    }

    private let rule: Rule

    /// At whole multiples of the period since 1970 UTC, so that every node means the same instants. At least a second.
    public static func every(_ period: Duration) -> Recurrence { Recurrence(rule: .every(max(1, period.seconds))) }

    /// Every day at that time of the company's zone. A time that the clocks skip in spring comes right after the gap.
    public static func daily(hour: Int, minute: Int = 0) -> Recurrence { calendar(hour, minute) }

    /// Monday is 1, Sunday is 7.
    public static func weekly(weekday: Int, hour: Int, minute: Int = 0) -> Recurrence { calendar(hour, minute, weekday: weekday) }

    /// On that day of each month; 1 to 28, so that every month has it.
    public static func monthly(day: Int, hour: Int, minute: Int = 0) -> Recurrence { calendar(hour, minute, day: day) }

    private static func calendar(_ hour: Int, _ minute: Int, weekday: Int? = nil, day: Int? = nil) -> Recurrence {
        precondition((0...23).contains(hour) && (0...59).contains(minute), "a time of day")
        precondition((1...7).contains(weekday ?? 1) && (1...28).contains(day ?? 1), "a weekday from 1 to 7, a day from 1 to 28")
        return Recurrence(rule: .calendar(hour: hour, minute: minute, weekday: weekday, day: day))
    }

    /// The first instant after that one.
    func next(after date: Date, in zone: TimeZone) -> Date {
        switch rule {
        case .every(let period):
            return Date(timeIntervalSince1970: (floor(date.timeIntervalSince1970 / period) + 1) * period)
        case .calendar: return matching(date, in: zone, .forward) ?? date.addingTimeInterval(86_400)
        }
    }

    /// The last instant that is not after that one.
    func latest(at date: Date, in zone: TimeZone) -> Date {
        switch rule {
        case .every(let period): return Date(timeIntervalSince1970: floor(date.timeIntervalSince1970 / period) * period)
        case .calendar:
            // Searching backwards would find a repeated hour's second pass; going forward from before finds what `next` finds.
            var found = matching(date.addingTimeInterval(-32 * 86_400), in: zone, .forward) ?? date
            while true {
                let following = next(after: found, in: zone)
                if following > date || following <= found { return found }
                found = following
            }
        }
    }

    private func matching(_ date: Date, in zone: TimeZone, _ direction: Calendar.SearchDirection) -> Date? {
        guard case .calendar(let hour, let minute, let weekday, let day) = rule else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        // Foundation counts from Sunday = 1.
        let parts = DateComponents(day: day, hour: hour, minute: minute, second: 0, weekday: weekday.map { $0 % 7 + 1 })
        return calendar.nextDate(
            after: date, matching: parts, matchingPolicy: .nextTime, repeatedTimePolicy: .first, direction: direction)
    }
}
