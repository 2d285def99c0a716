import Foundation

/// When people of the demo companies do things, in their own time zone.
struct WorkingHours: Sendable {
    let zone: TimeZone

    enum Shift {
        /// Managers: Monday to Friday, 8 to 17.
        case office
        /// Technicians: Monday to Friday, 7 to 16; Saturday until 12.
        case rounds
        /// Residents: any day, 7 to 22.
        case home
        /// Emergencies and the system itself.
        case always
    }

    /// The first moment of the shift at or after `date`, spread over its first two hours when it has to wait.
    func next(_ shift: Shift, from date: Date, _ dice: inout Dice) -> Date {
        var moment = date
        for _ in 0..<8 {
            let clock = local(moment)
            guard let open = opening(shift, weekday: clock.weekday) else {
                moment = moment.addingTimeInterval(Double(86_400 - clock.second))
                continue
            }
            if clock.second < open.lowerBound {
                return moment.addingTimeInterval(Double(open.lowerBound - clock.second) + dice.between(60, 7_200).rounded())
            }
            if clock.second < open.upperBound { return moment }
            moment = moment.addingTimeInterval(Double(86_400 - clock.second))
        }
        return moment
    }

    /// Monday is 1, Sunday 7; seconds since midnight, on a clock that knows no daylight saving within the day.
    func local(_ date: Date) -> (day: Int, weekday: Int, second: Int) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        return (day, ((day + 3) % 7 + 7) % 7 + 1, seconds - day * 86_400)
    }

    private func opening(_ shift: Shift, weekday: Int) -> Range<Int>? {
        switch shift {
        case .office: weekday <= 5 ? 8 * 3_600..<17 * 3_600 : nil
        case .rounds: weekday <= 5 ? 7 * 3_600..<16 * 3_600 : weekday == 6 ? 8 * 3_600..<12 * 3_600 : nil
        case .home: 7 * 3_600..<22 * 3_600
        case .always: 0..<86_400
        }
    }
}
