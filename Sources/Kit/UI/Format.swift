import Foundation
import HTML

/// Dates, numbers and money as people of one language read them, in one time zone and currency.
///
/// Written by hand because a list page prints hundreds of them: about 100 ns each, where an ICU formatter takes 5–20 µs.
/// Numbers use a true minus sign, and spaces inside an amount do not break.
public struct Format: Sendable {
    public let language: Language
    public let timeZone: TimeZone
    /// ISO 4217 code of amounts that name none of their own.
    public let currency: String
    private let clock: ZoneClock
    let words: FormatWords

    public init(language: Language, timeZone: TimeZone, currency: String) {
        self.language = language
        self.timeZone = timeZone
        self.currency = currency
        clock = ZoneClock.of(timeZone)
        words = FormatWords.of(language)
    }

    /// "21 Nov 2026", "21.11.2026".
    public func date(_ date: Date) -> String {
        let civil = reading(date).civil
        return ShortText.make(capacity: 32) { day(civil, into: &$0) }
    }

    /// "14:05".
    public func time(_ date: Date) -> String {
        let civil = reading(date).civil
        return ShortText.make(capacity: 8) { time(civil, into: &$0) }
    }

    /// "21 Nov 2026, 14:05", "21.11.2026, 14:05".
    public func dateTime(_ date: Date) -> String {
        dateTime(reading(date).civil)
    }

    /// "Saturday, 21 November 2026", "Samstag, 21. November 2026".
    public func longDate(_ date: Date) -> String {
        let civil = reading(date).civil
        let dot = language == .de ? "." : ""
        return "\(words.weekdays[civil.weekday]), \(civil.day)\(dot) \(words.months[civil.month - 1]) \(civil.year)"
    }

    /// RFC 3339 with the zone's offset, for `<time datetime>`: "2026-11-21T14:05:00+01:00".
    public func iso(_ date: Date) -> String {
        let (civil, offset) = reading(date)
        return iso(civil, offset)
    }

    /// Date and time as a page needs them: to read, and for `<time datetime>`.
    public func moment(_ date: Date) -> Moment {
        let (civil, offset) = reading(date)
        return Moment(text: dateTime(civil), iso: iso(civil, offset))
    }

    /// Date and time as a line of a list needs them: "21 Nov, 14:05", "21.11., 14:05", with the year when it is not this one.
    /// A line may break only between the two.
    public func moment(_ date: Date, now: Date) -> Moment {
        let (civil, offset) = reading(date)
        let isThisYear = civil.year == reading(now).civil.year
        let text = ShortText.make(capacity: 40) { text in
            day(civil, year: !isThisYear, space: Self.noBreakSpace, into: &text)
            text.put(", ")
            time(civil, into: &text)
        }
        return Moment(text: text, iso: iso(civil, offset))
    }

    /// Only the date to read, for lists; `<time datetime>` still has it all.
    public func dayMoment(_ date: Date) -> Moment {
        let (civil, offset) = reading(date)
        return Moment(text: ShortText.make(capacity: 32) { day(civil, into: &$0) }, iso: iso(civil, offset))
    }

    /// "5 minutes ago", "in 2 days"; "just now" within a minute.
    public func relative(_ date: Date, to now: Date) -> String {
        let seconds = date.timeIntervalSince(now)
        guard seconds.isFinite, abs(seconds) >= 60 else { return words.justNow }
        let span = FormatWords.span(of: abs(seconds))
        return seconds < 0 ? words.past(span) : words.future(span)
    }

    /// "2 hours", "3 days": the largest unit that fits, rounded down; under a minute counts as one.
    public func span(seconds: Double) -> String {
        words.phrase(FormatWords.span(of: seconds.isFinite ? abs(seconds) : 0), inPhrase: false)
    }

    /// "1,234", "−1.234".
    public func number(_ value: Int) -> String {
        ShortText.make(capacity: 32) { text in
            if value < 0 { text.put(Self.minus) }
            text.digits(UInt64(value.magnitude), grouping: words.grouping)
        }
    }

    /// "−€1,234.50", "−1.234,50 €"; the format's own currency unless another is named.
    /// - Parameter minor: in the currency's smallest unit, such as cents.
    public func money(minor: Int64, currency code: String? = nil) -> String {
        let code = code ?? currency
        let unit = CurrencyUnit.of(code)
        return ShortText.make(capacity: 48 + code.utf8.count) { text in
            if minor < 0 { text.put(Self.minus) }
            if language == .en { text.put(unit.symbol ?? "\(code)\u{a0}") }
            text.digits(minor.magnitude, grouping: words.grouping, point: words.decimal, minor: unit.digits)
            if language == .de {
                text.put(Self.noBreakSpace)
                text.put(unit.symbol ?? code)
            }
        }
    }

    /// "840 KB", "4.2 MB".
    public func fileSize(bytes: Int) -> String {
        let kilobytes = max(bytes, 0) / 1000
        if kilobytes < 1000 { return "\(max(kilobytes, 1))\u{a0}KB" }
        return ShortText.make(capacity: 40) { text in
            text.digits(UInt64(kilobytes / 100), grouping: words.grouping, point: words.decimal, minor: 1)
            text.put(Self.noBreakSpace)
            text.put("MB")
        }
    }

    private static let minus = "−"
    private static let noBreakSpace = "\u{a0}"

    func reading(_ date: Date) -> (civil: CivilTime, offset: Int) {
        let (seconds, offset) = clock.reading(date)
        return (CivilTime(secondsSince1970: seconds + offset), offset)
    }

    private func dateTime(_ civil: CivilTime) -> String {
        ShortText.make(capacity: 40) { text in
            day(civil, into: &text)
            text.put(", ")
            time(civil, into: &text)
        }
    }

    private func day(_ civil: CivilTime, year: Bool = true, space: String = " ", into text: inout ShortText) {
        switch language {
        case .en:
            text.digits(UInt64(civil.day), grouping: "")
            text.put(space)
            text.put(words.shortMonths[civil.month - 1])
            guard year else { return }
            text.put(space)
            text.digits(UInt64(civil.year), grouping: "")
        case .de:
            text.two(civil.day)
            text.put(".")
            text.two(civil.month)
            text.put(".")
            if year { text.four(civil.year) }
        }
    }

    private func time(_ civil: CivilTime, into text: inout ShortText) {
        text.two(civil.hour)
        text.put(":")
        text.two(civil.minute)
    }

    private func iso(_ civil: CivilTime, _ offset: Int) -> String {
        ShortText.make(capacity: 32) { text in
            text.four(civil.year)
            text.put("-")
            text.two(civil.month)
            text.put("-")
            text.two(civil.day)
            text.put("T")
            time(civil, into: &text)
            text.put(":")
            text.two(civil.second)
            guard offset != 0 else { return text.put("Z") }
            let minutes = abs(offset) / 60
            text.put(offset < 0 ? "-" : "+")
            text.two(minutes / 60)
            text.put(":")
            text.two(minutes % 60)
        }
    }
}
