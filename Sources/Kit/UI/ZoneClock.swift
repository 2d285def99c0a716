import Foundation
import Synchronization

/// Offsets of one time zone, remembered by year.
///
/// Foundation answers an offset in about a microsecond through ICU; a list page asks a hundred times. A year has a handful of
/// changes, so they are found once, by weekly samples and halving between two that differ.
final class ZoneClock: Sendable {
    private struct Year {
        /// Offset from each of these seconds on, ascending; the first one is the start of the year.
        var changes: [(from: Int, offset: Int)]
    }

    private static let clocks = Mutex<[String: ZoneClock]>([:])
    /// 365.2425 days. The years of this clock need no civil bounds, only to be found by one division.
    private static let yearSeconds = 31_556_952
    private static let sample = 7 * 86_400
    /// Beyond these, dates are wrong input and keep the offset of the bound.
    private static let range = -62_135_596_800...253_402_300_799

    private let zone: TimeZone
    private let years = Mutex<[Int: Year]>([:])

    private init(_ zone: TimeZone) {
        self.zone = zone
    }

    /// The clock of a zone; one for the whole process, because offsets never depend on who asks.
    static func of(_ zone: TimeZone) -> ZoneClock {
        clocks.withLock { clocks in
            if let known = clocks[zone.identifier] { return known }
            let clock = ZoneClock(zone)
            clocks[zone.identifier] = clock
            return clock
        }
    }

    /// Whole seconds since 1970 and the offset from UTC in force then.
    func reading(_ date: Date) -> (seconds: Int, offset: Int) {
        let bounded = min(max(date.timeIntervalSince1970, Double(Self.range.lowerBound)), Double(Self.range.upperBound))
        let seconds = bounded.isNaN ? 0 : Int(bounded.rounded(.down))
        let index = Int((Double(seconds) / Double(Self.yearSeconds)).rounded(.down))
        let offset = years.withLock { years in
            if let known = years[index] { return Self.offset(at: seconds, in: known) }
            let year = survey(index)
            years[index] = year
            return Self.offset(at: seconds, in: year)
        }
        return (seconds, offset)
    }

    private static func offset(at seconds: Int, in year: Year) -> Int {
        year.changes.last { $0.from <= seconds }?.offset ?? year.changes.first?.offset ?? 0
    }

    private func survey(_ index: Int) -> Year {
        let start = index * Self.yearSeconds
        var last = (from: start, offset: offset(at: start))
        var changes = [last]
        for second in stride(from: start + Self.sample, through: start + Self.yearSeconds + Self.sample, by: Self.sample) {
            let now = offset(at: second)
            if now != last.offset {
                changes.append((firstSecond(after: last.from, until: second, with: last.offset), now))
            }
            last = (second, now)
        }
        return Year(changes: changes)
    }

    /// Halves until the second is found where the offset stops being `old`.
    private func firstSecond(after low: Int, until high: Int, with old: Int) -> Int {
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = (low + high) / 2
            if offset(at: middle) == old { low = middle } else { high = middle }
        }
        return high
    }

    private func offset(at second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
