/// A day of the calendar without time or zone (`date` in Postgres); proleptic Gregorian, years 1 to 9999.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 2000-01-01, as Postgres stores it.
    public let daysSince2000: Int32

    private static let first: Int32 = -730_119  // 0001-01-01
    private static let last: Int32 = 2_921_939  // 9999-12-31

    /// nil outside the years 1 to 9999.
    public init?(daysSince2000 days: Int32) {
        guard days >= Self.first, days <= Self.last else { return nil }
        daysSince2000 = days
    }

    /// The nearest day inside the years 1 to 9999.
    public init(clampingDaysSince2000 days: Int) {
        daysSince2000 = Int32(min(max(days, Int(Self.first)), Int(Self.last)))
    }

    /// nil when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let back = Self.parts(days: days)
        guard back.month == month, back.day == day else { return nil }
        daysSince2000 = Int32(days)
    }

    /// Reads `2026-11-21` and nothing else.
    public init?(_ iso: some StringProtocol) {
        let digits = Array(iso.utf8)
        guard digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            digits[range].reduce(0) { sum, byte in
                guard let sum, byte >= 0x30, byte <= 0x39 else { return nil }
                return sum * 10 + Int(byte - 0x30)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var year: Int { Self.parts(days: Int(daysSince2000)).year }
    public var month: Int { Self.parts(days: Int(daysSince2000)).month }
    public var day: Int { Self.parts(days: Int(daysSince2000)).day }

    /// Monday is 1, Sunday is 7 (ISO 8601).
    public var weekday: Int { (((Int(daysSince2000) + 5) % 7) + 7) % 7 + 1 }

    /// nil when that leaves the years 1 to 9999.
    public func adding(days: Int) -> CalendarDate? {
        let (sum, overflow) = Int(daysSince2000).addingReportingOverflow(days)
        guard !overflow, let exact = Int32(exactly: sum) else { return nil }
        return CalendarDate(daysSince2000: exact)
    }

    /// ISO 8601: `2026-11-21`.
    public var description: String {
        let (year, month, day) = Self.parts(days: Int(daysSince2000))
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.daysSince2000 < right.daysSince2000 }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days), moved from 1970 to 2000.
    private static let from1970 = 10_957

    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468 - from1970
    }

    private static func parts(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + from1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension CalendarDate: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = CalendarDate(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a date of the form 2026-11-21")
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
