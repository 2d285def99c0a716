import Faults
import Foundation

extension DemoRecords {
    mutating func addFaults(_ company: DemoCompany, _ span: DemoSpan) {
        let reports = FaultReports(company, span, self)
        let times = reports.times()
        let starring = starringRoles(times, span)
        for (index, at) in times.enumerated() {
            let star = starring[index]
            let report = reports.report(number: index, at: at, by: star == nil ? nil : home)
            var dice = Dice(company.slug, "story", String(index))
            let stuck = star ?? standstill(at, span, &dice)
            let cast = FaultStory.Cast(managers: staff("manager"), workers: workers(for: report, span, stuck: stuck != nil, &dice))
            let story = FaultStory(report, company.words, cast, reports.hours, until: span.until, stuck: stuck, dice)
            add(report, story.steps, company, reports.hours)
        }
    }

    /// Where the resident of the sign-in page lives.
    private var home: Occupancy? {
        faces["resident"].flatMap { face in occupancies.first { $0.member == face && $0.kind == "resident" } }
    }

    /// Faults of that resident, by place in the list, and where each stands: the page that a newcomer opens first shows something.
    private func starringRoles(_ times: [Date], _ span: DemoSpan) -> [Int: FaultState] {
        func last(before days: Double) -> Int? { times.lastIndex { $0 < span.daysAgo(days) } }
        let wanted: [(Double, FaultState)] = [
            (0.2, .reported), (2.5, .inProgress), (4, .resolved), (9, .onHold), (60, .closed), (190, .closed), (400, .closed),
        ]
        return wanted.reduce(into: [:]) { roles, role in
            if let index = last(before: role.0) { roles[index] = role.1 }
        }
    }

    /// Some faults come to a halt for a while; the older, the fewer.
    private func standstill(_ at: Date, _ span: DemoSpan, _ dice: inout Dice) -> FaultState? {
        let age = span.until.timeIntervalSince(at) / 86_400
        let share = age < 1 ? 0.3 : age < 4 ? 0.55 : age < 14 ? 0.3 : age < 45 ? 0.13 : age < 110 ? 0.035 : 0
        guard dice.chance(share) else { return nil }
        let states: [FaultState] = [.reported, .assigned, .inProgress, .onHold, .reopened]
        return states[dice.index(weights: [age < 10 ? 4 : 0, age < 45 ? 4 : 2, 4, 4, 2.5])]
    }

    /// Who could be asked: the first technician gets more of what is open, so that their list shows something.
    private func workers(for report: FaultReport, _ span: DemoSpan, stuck: Bool, _ dice: inout Dice) -> [Int] {
        let present = staff(report.category.assigns ?? "technician")
        if stuck, dice.chance(0.25), let first = present.first { return [first] }
        guard report.category.assigns != "caretaker" else { return present }
        // Whoever has left worked until a good while before.
        let former = members.indices.filter { index in
            members[index].roles == ["technician"] && members[index].disabledAt.map { report.at < $0.addingTimeInterval(-90 * 86_400) } == true
        }
        return present + former
    }

    private mutating func add(_ report: FaultReport, _ steps: [FaultStep], _ company: DemoCompany, _ hours: WorkingHours) {
        let number = faults.count
        let standing = FaultStanding(steps, priority: FaultStory.firstPriority(report), at: report.at)
        let due = report.at.addingTimeInterval(Double(company.hours(report.category, standing.priority)) * 3_600)
        faults.append(
            Fault(
                id: .demo(at: report.at, "\(company.slug)/fault/\(number)"), number: nextNumber(report.at, company), report: report,
                steps: steps, standing: standing, dueAt: due))
    }

    /// `F-2026-0012`, counted per year of the company's own time zone.
    private mutating func nextNumber(_ at: Date, _ company: DemoCompany) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = company.zone
        let year = calendar.component(.year, from: at)
        let value = numbers[year, default: 0] + 1
        numbers[year] = value
        let digits = String(value)
        return "F-\(year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
