import Foundation

/// timestamptz in binary: microseconds since 2000-01-01 00:00 UTC.
enum PostgresTime {
    /// From 1970-01-01 to 2000-01-01.
    static let epochOffset: Double = 946_684_800
    private static let reference = Date.timeIntervalBetween1970AndReferenceDate - epochOffset

    /// nil when the date is not a number or lies outside what timestamptz holds (4713 BC to AD 294276).
    static func microseconds(_ date: Date) -> Int64? {
        if date == .distantFuture { return .max }
        if date == .distantPast { return .min }
        let micros = ((date.timeIntervalSinceReferenceDate + reference) * 1_000_000).rounded()
        guard micros.isFinite, micros > -211_813_488_000_000_000, micros < 9_223_371_331_200_000_000 else { return nil }
        return Int64(exactly: micros)
    }

    /// infinity and -infinity become `distantFuture` and `distantPast`.
    static func date(microseconds: Int64) -> Date {
        switch microseconds {
        case .max: .distantFuture
        case .min: .distantPast
        default: Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - reference)
        }
    }
}
