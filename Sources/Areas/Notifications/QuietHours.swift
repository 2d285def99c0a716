import Foundation

/// Hours of a member's day in which nothing rings; they may pass midnight.
struct QuietHours: Sendable, Equatable {
    /// Minutes since midnight.
    let from: Int
    let to: Int

    init?(from: Int32?, to: Int32?) {
        guard let from, let to, from != to else { return nil }
        (self.from, self.to) = (Int(from), Int(to))
    }

    /// When they end, if they hold at that time; nil otherwise.
    func end(at now: Date, in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.hour, .minute], from: now)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isQuiet = from < to ? (from..<to).contains(minute) : minute >= from || minute < to
        guard isQuiet else { return nil }
        return calendar.nextDate(
            after: now, matching: DateComponents(hour: to / 60, minute: to % 60, second: 0), matchingPolicy: .nextTime)
    }

    /// "22:00".
    static func text(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// Minutes of "22:00" or "7:30"; nil for anything else.
    static func minutes(_ text: String) -> Int? {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(halves.count), (1...2).contains(halves[0].utf8.count), halves[1].utf8.count == 2,
            halves.joined().utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let hour = Int(halves[0]), let minute = Int(halves[1]),
            hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}
