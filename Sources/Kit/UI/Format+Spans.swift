import Foundation

extension Format {
    /// "November 2026".
    public func month(_ date: Date) -> String {
        let civil = reading(date).civil
        return "\(words.months[civil.month - 1]) \(civil.year)"
    }

    /// "21 Nov", "21.11.": a day where the year is clear.
    public func shortDay(_ date: Date) -> String {
        let civil = reading(date).civil
        return switch language {
        case .en: "\(civil.day) \(words.shortMonths[civil.month - 1])"
        case .de: "\(civil.day).\(civil.month)."
        }
    }

    /// How long something took, to compare: "35 min", "5.5 h", "3.2 days". Spaces inside do not break.
    public func duration(seconds: Double) -> String {
        let seconds = seconds.isFinite ? min(max(seconds, 0), 1e12) : 0
        if seconds < 3_570 { return "\(Int((seconds / 60).rounded()))\u{a0}\(words.minutes)" }
        if seconds < 48 * 3_600 { return "\(tenths(seconds / 3_600))\u{a0}\(words.hours)" }
        return "\(tenths(seconds / 86_400))\u{a0}\(words.days)"
    }

    /// One digit after the decimal sign, none where it would be zero.
    private func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return number(tenths / 10) + (tenths % 10 == 0 ? "" : "\(words.decimal)\(tenths % 10)")
    }
}
