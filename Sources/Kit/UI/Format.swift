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
    private let words: FormatWords

    public init(language: Language, timeZone: TimeZone, currency: String) {
        self.language = language
        self.timeZone = timeZone
        self.currency = currency
        clock = ZoneClock.of(timeZone)
        words = FormatWords.of(language)
    }

    /// "21 Nov 2026", "21.11.2026".
    public func date(_ date: Date) -> String {
        day(civil(date))
    }

    /// "14:05".
    public func time(_ date: Date) -> String {
        time(civil(date))
    }

    /// "21 Nov 2026, 14:05", "21.11.2026, 14:05".
    public func dateTime(_ date: Date) -> String {
        let civil = civil(date)
        return "\(day(civil)), \(time(civil))"
    }

    /// "Saturday, 21 November 2026", "Samstag, 21. November 2026".
    public func longDate(_ date: Date) -> String {
        let civil = civil(date)
        let dot = language == .de ? "." : ""
        return "\(words.weekdays[civil.weekday]), \(civil.day)\(dot) \(words.months[civil.month - 1]) \(civil.year)"
    }

    /// RFC 3339 with the zone's offset, for `<time datetime>`: "2026-11-21T14:05:00+01:00".
    public func iso(_ date: Date) -> String {
        let (seconds, offset) = clock.reading(date)
        let civil = CivilTime(secondsSince1970: seconds + offset)
        let day = "\(pad(civil.year, 4))-\(pad(civil.month))-\(pad(civil.day))"
        let time = "\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second))"
        if offset == 0 { return "\(day)T\(time)Z" }
        let minutes = abs(offset) / 60
        return "\(day)T\(time)\(offset < 0 ? "-" : "+")\(pad(minutes / 60)):\(pad(minutes % 60))"
    }

    /// Date and time as a page needs them: to read, and for `<time datetime>`.
    public func moment(_ date: Date) -> Moment {
        Moment(text: dateTime(date), iso: iso(date))
    }

    /// Only the date to read, for lists; `<time datetime>` still has it all.
    public func dayMoment(_ date: Date) -> Moment {
        Moment(text: self.date(date), iso: iso(date))
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
        (value < 0 ? "−" : "") + grouped(String(value.magnitude))
    }

    /// "−€1,234.50", "−1.234,50 €"; the format's own currency unless another is named.
    /// - Parameter minor: in the currency's smallest unit, such as cents.
    public func money(minor: Int64, currency code: String? = nil) -> String {
        let code = code ?? currency
        let unit = CurrencyUnit.of(code)
        var digits = String(minor.magnitude)
        digits = String(repeating: "0", count: max(0, unit.digits + 1 - digits.count)) + digits
        var amount = grouped(String(digits.dropLast(unit.digits)))
        if unit.digits > 0 { amount += words.decimal + digits.suffix(unit.digits) }
        let sign = minor < 0 ? "−" : ""
        if language == .de { return "\(sign)\(amount)\u{a0}\(unit.symbol ?? code)" }
        return unit.symbol.map { "\(sign)\($0)\(amount)" } ?? "\(sign)\(code)\u{a0}\(amount)"
    }

    /// "840 KB", "4.2 MB".
    public func fileSize(bytes: Int) -> String {
        let kilobytes = max(bytes, 0) / 1000
        if kilobytes < 1000 { return "\(max(kilobytes, 1))\u{a0}KB" }
        let tenths = kilobytes / 100
        return "\(grouped(String(tenths / 10)))\(words.decimal)\(tenths % 10)\u{a0}MB"
    }

    private func civil(_ date: Date) -> CivilTime {
        let (seconds, offset) = clock.reading(date)
        return CivilTime(secondsSince1970: seconds + offset)
    }

    private func day(_ civil: CivilTime) -> String {
        switch language {
        case .en: "\(civil.day) \(words.shortMonths[civil.month - 1]) \(civil.year)"
        case .de: "\(pad(civil.day)).\(pad(civil.month)).\(civil.year)"
        }
    }

    private func time(_ civil: CivilTime) -> String {
        "\(pad(civil.hour)):\(pad(civil.minute))"
    }

    private func pad(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    /// Digits in groups of three from the right.
    private func grouped(_ digits: String) -> String {
        guard digits.utf8.count > 3 else { return digits }
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { out += words.grouping }
            out.append(digit)
        }
        return out
    }
}
