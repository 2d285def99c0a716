import Database
import Faults
import Foundation

extension DemoRecords {
    mutating func addFaults(_ company: DemoCompany, _ span: DemoSpan) {
        let reports = FaultReports(company, span, self)
        let times = reports.times()
        let starring = starringRoles(times, span)
        let team = FaultTeam(self)
        for (index, at) in times.enumerated() {
            let star = starring[index]
            let report = reports.report(number: index, at: at, by: star == nil ? nil : home)
            var dice = Dice(company.slug, "story", String(index))
            let stuck = star ?? standstill(at, span, &dice)
            let cast = FaultStory.Cast(managers: team.managers, workers: team.workers(for: report, stuck: stuck != nil, &dice))
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
            (0.2, .reported), (2.5, .inProgress), (4, .resolved), (9, .onHold), (60, .closed), (190, .closed), (400, .closed)
        ]
        return wanted.reduce(into: [:]) { roles, role in
            if let index = last(before: role.0) { roles[index] = role.1 }
        }
    }

    /// Some faults come to a halt for a while; the older, the fewer.
    private func standstill(_ at: Date, _ span: DemoSpan, _ dice: inout Dice) -> FaultState? {
        let age = span.until.timeIntervalSince(at) / 86_400
        let share = age < 1 ? 0.35 : age < 4 ? 0.7 : age < 14 ? 0.48 : age < 45 ? 0.2 : age < 110 ? 0.05 : 0
        guard dice.chance(share) else { return nil }
        let states: [FaultState] = [.reported, .assigned, .inProgress, .onHold, .reopened]
        return states[dice.index(weights: [age < 10 ? 7 : 0, age < 45 ? 4 : 2, 4, 4, 2.5])]
    }

    private mutating func add(_ report: FaultReport, _ steps: [FaultStep], _ company: DemoCompany, _ hours: WorkingHours) {
        let number = faults.count
        let standing = FaultStanding(steps, priority: FaultStory.firstPriority(report), at: report.at)
        let due = report.at.addingTimeInterval(Double(company.hours(report.category, standing.priority)) * 3_600)
        faults.append(
            Fault(
                id: .demo(at: report.at, "\(company.slug)/fault/\(number)"), number: nextNumber(report.at, company),
                report: report,
                steps: steps, standing: standing, dueAt: due))
    }

    /// `F-2026-0012`, counted per year of the company's own time zone.
    private mutating func nextNumber(_ at: Date, _ company: DemoCompany) -> String {
        let day = WorkingHours(zone: company.zone).local(at).day
        let year = CalendarDate(daysSince2000: Int32(clamping: day - 10_957))?.year ?? 0
        let value = numbers[year, default: 0] + 1
        numbers[year] = value
        let digits = String(value)
        return "F-\(year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Who manages and who could be sent.
private struct FaultTeam {
    let managers: [Int]
    private let byRole: [String: [Int]]
    private let former: [(member: Int, until: Date)]

    init(_ records: DemoRecords) {
        managers = records.staff("manager")
        byRole = Dictionary(uniqueKeysWithValues: ["technician", "caretaker"].map { ($0, records.staff($0)) })
        // Whoever has left worked until a good while before.
        former = records.members.indices.compactMap { index in
            let member = records.members[index]
            guard member.roles == ["technician"], let left = member.disabledAt else { return nil }
            return (index, left.addingTimeInterval(-90 * 86_400))
        }
    }

    /// Who could be asked: the first technician gets more of what is open, so that their list shows something.
    func workers(for report: FaultReport, stuck: Bool, _ dice: inout Dice) -> [Int] {
        let role = report.category.assigns ?? "technician"
        let present = byRole[role] ?? []
        if stuck, dice.chance(0.25), let first = present.first { return [first] }
        return role == "technician" ? present + former.filter { report.at < $0.until }.map(\.member) : present
    }
}
