import Foundation

extension FormReader {
    /// A day as `2026-11-21`.
    public mutating func date(_ name: String) -> CivilDate {
        if let probe {
            probe.note(name, .date, required: true)
            return .epoch
        }
        return required(name, or: .epoch) { $0.optionalDate(name) }
    }

    public mutating func optionalDate(_ name: String) -> CivilDate? {
        if let probe {
            probe.note(name, .date)
            return nil
        }
        guard let text = one(name, .text), !text.isEmpty else { return nil }
        let date = CivilDate(text)
        if date == nil { fail(name, .invalidDate) }
        return date
    }

    /// An instant: RFC 3339 with its offset (`2026-11-21T14:05:00Z`), or, as `<input type="datetime-local">` writes it,
    /// `2026-11-21T14:05` in that zone.
    public mutating func instant(_ name: String, in zone: TimeZone) -> Date {
        if let probe {
            probe.note(name, .instant, required: true)
            return Date(timeIntervalSince1970: 0)
        }
        return required(name, or: Date(timeIntervalSince1970: 0)) { $0.optionalInstant(name, in: zone) }
    }

    public mutating func optionalInstant(_ name: String, in zone: TimeZone) -> Date? {
        if let probe {
            probe.note(name, .instant)
            return nil
        }
        guard let text = one(name, .text), !text.isEmpty else { return nil }
        let instant = Instant.read(text, in: zone)
        if instant == nil { fail(name, .invalidDate) }
        return instant
    }
}

enum Instant {
    static func read(_ text: String, in zone: TimeZone) -> Date? {
        let bytes = Array(text.utf8)
        guard (16...40).contains(bytes.count), bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == 0x20,
            let day = CivilDate(String(decoding: bytes[..<10], as: UTF8.self)),
            let hour = pair(bytes[11...]), hour < 24, bytes[13] == UInt8(ascii: ":"), let minute = pair(bytes[14...]), minute < 60
        else { return nil }
        var rest = bytes[16...]
        var seconds = 0.0
        if rest.first == UInt8(ascii: ":") {
            guard let whole = pair(rest.dropFirst()), whole < 60 else { return nil }
            seconds = Double(whole)
            rest = rest.dropFirst(3)
            guard let fraction = takeFraction(&rest) else { return nil }
            seconds += fraction
        }
        let local = Double(day.daysSinceEpoch) * 86_400 + Double(hour * 3600 + minute * 60) + seconds
        guard !rest.isEmpty else { return Date(timeIntervalSince1970: local - offset(of: zone, at: local)) }
        return readOffset(rest).map { Date(timeIntervalSince1970: local - $0) }
    }

    /// The zone's offset at a local time. In the hour that is skipped in spring the time before the change is meant; in the
    /// hour that comes twice in autumn, the first.
    private static func offset(of zone: TimeZone, at local: Double) -> Double {
        let before = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - 86_400)))
        let candidate = Date(timeIntervalSince1970: local - before)
        let there = Double(zone.secondsFromGMT(for: candidate))
        if there == before { return before }
        let again = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - there)))
        return again == there ? there : before
    }

    private static func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Double? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count + 1)
        return Double("0." + String(decoding: digits, as: UTF8.self))
    }

    /// Seconds east of Greenwich.
    private static func readOffset(_ rest: ArraySlice<UInt8>) -> Double? {
        guard let sign = rest.first else { return nil }
        if rest.count == 1 { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard rest.count == 6, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = pair(rest.dropFirst()),
            hours < 24,
            rest[rest.startIndex + 3] == UInt8(ascii: ":"), let minutes = pair(rest.dropFirst(4)), minutes < 60
        else { return nil }
        return Double(hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func pair(_ bytes: ArraySlice<UInt8>) -> Int? {
        let two = bytes.prefix(2)
        guard two.count == 2, two.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return two.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    }
}
