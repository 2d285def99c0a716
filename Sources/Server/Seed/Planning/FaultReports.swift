import Database
import Faults
import Foundation

/// Makes up who reports what, where and when.
struct FaultReports {
    let company: DemoCompany
    let span: DemoSpan
    let hours: WorkingHours
    private let records: DemoRecords
    private let unitsOf: [[Int]]
    private let residents: [Int: [DemoRecords.Occupancy]]
    private let managers: [Int]

    init(_ company: DemoCompany, _ span: DemoSpan, _ records: DemoRecords) {
        self.company = company
        self.span = span
        self.records = records
        hours = WorkingHours(zone: company.zone)
        unitsOf = records.buildings.indices.map { building in
            records.units.indices.filter { records.units[$0].building == building }
        }
        residents = Dictionary(grouping: records.occupancies.filter { $0.kind == "resident" }, by: \.unit)
        managers = records.staff("manager")
    }

    /// When faults were reported, oldest first, no two in the same second: more in winter and in the last days, fewer at weekends,
    /// most before and after work.
    func times() -> [Date] {
        var dice = Dice(company.slug, "times")
        var sum = 0.0
        let upTo = (0..<DemoSpan.days).map { day in
            sum += weight(span.from.addingTimeInterval(Double(day) * 86_400 + 43_200))
            return sum
        }
        var seconds = (0..<company.faults).map { _ in
            let wanted = dice.between(0, sum)
            let day = upTo.firstIndex { $0 > wanted } ?? 0
            let time = Self.daytimes[dice.index(weights: Self.daytimes.map(\.weight))]
            return day * 86_400 + Int(dice.between(time.from, time.to) * 3_600)
        }
        seconds.sort()
        for index in seconds.indices.dropFirst() where seconds[index] <= seconds[index - 1] {
            seconds[index] = seconds[index - 1] + 1
        }
        return seconds.map { span.from.addingTimeInterval(Double($0)) }
    }

    private static let daytimes: [(from: Double, to: Double, weight: Double)] = [
        (6, 9, 26), (9, 12, 18), (12, 16, 16), (16, 19, 24), (19, 21.5, 14), (21.5, 23.2, 2)
    ]

    private func weight(_ date: Date) -> Double {
        let week = hours.local(date).weekday >= 6 ? 0.6 : 1
        return week * (0.85 + 0.35 * winter(date)) * (date > span.daysAgo(6) ? 1.8 : 1)
    }

    /// From 0 in July to 1 in January.
    private func winter(_ date: Date) -> Double {
        let dayOfYear = date.timeIntervalSince1970.truncatingRemainder(dividingBy: 365.25 * 86_400) / 86_400
        return 0.5 + 0.5 * cos((dayOfYear - 15) / 365.25 * 2 * .pi)
    }

    /// - Parameter resident: who reports it from their own flat; `nil` for anybody anywhere.
    func report(number: Int, at: Date, by resident: DemoRecords.Occupancy?) -> FaultReport {
        var dice = Dice(company.slug, "fault", String(number))
        let cold = winter(at)
        while true {
            let weights = company.categories.map { $0.summer + ($0.winter - $0.summer) * cold }
            let category = company.categories[dice.index(weights: weights)]
            guard let complaints = company.words.complaints[category.key] else { continue }
            let complaint = dice.pick(complaints)
            if resident != nil, complaint.place != .home { continue }
            // Floods are rare.
            if complaint.isDanger, !dice.chance(0.25) { continue }
            let building = resident.map { records.units[$0.unit].building } ?? building(&dice)
            if category.key == "elevator", !company.houses[building].hasLift { continue }
            guard let neighbour = resident ?? neighbour(in: building, at: at, &dice) else { continue }
            return report(at, category, complaint, building, neighbour, &dice)
        }
    }

    /// Larger houses have more faults.
    private func building(_ dice: inout Dice) -> Int {
        dice.index(weights: company.houses.map { Double($0.units) })
    }

    private func neighbour(in building: Int, at: Date, _ dice: inout Dice) -> DemoRecords.Occupancy? {
        let unit = dice.pick(unitsOf[building])
        let day = span.day(at)
        let present = (residents[unit] ?? []).filter { $0.holds(on: day) }
        return present.isEmpty ? nil : dice.pick(present)
    }

    private func report(
        _ at: Date, _ category: DemoCompany.Category, _ complaint: Complaint, _ building: Int, _ neighbour: DemoRecords.Occupancy,
        _ dice: inout Dice
    ) -> FaultReport {
        let words = company.words
        let choice = dice.whole(0...59)
        let parts = [dice.pick(words.openings), spoken(complaint.text, choice: choice), dice.pick(words.closings)]
        let isHome = complaint.place == .home
        let reporter = !isHome && dice.chance(0.15) ? dice.pick(managers) : neighbour.member
        return FaultReport(
            at: at, category: category, complaint: complaint, title: spoken(complaint.title, choice: choice),
            description: Self.paragraphs(parts), fix: spoken(complaint.fix, choice: choice), building: building,
            unit: isHome ? neighbour.unit : nil, locationNote: dice.pick(isHome ? words.homeNotes : words.commonNotes),
            reporter: reporter)
    }

    /// A greeting or opening stands before the text on a line of its own; a closing is a paragraph.
    private static func paragraphs(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
