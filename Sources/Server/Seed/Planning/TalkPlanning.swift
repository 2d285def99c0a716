import Database
import Faults
import Foundation

extension DemoRecords {
    /// Every third fault is talked about: the worker says when, the reporter answers, and now and then staff note something.
    mutating func addComments(_ company: DemoCompany, _ span: DemoSpan) {
        let talk = company.words.talk
        for (index, fault) in faults.enumerated() {
            var dice = Dice(company.slug, "talk", String(index))
            guard let start = fault.steps.first(where: { $0.kind == "assigned" }), let worker = start.assignee, dice.chance(0.33)
            else { continue }
            var at = start.at
            func say(_ author: Int, _ words: [String], _ isInternal: Bool, _ dice: inout Dice) -> Comment? {
                at = at.addingTimeInterval(dice.between(900, 20_000).rounded())
                let body = dice.pick(words)
                guard at < span.until else { return nil }
                return Comment(
                    id: .demo(at: at, "\(fault.id)/comment/\(author)/\(isInternal)"), fault: index, author: author, at: at,
                    body: body,
                    isInternal: isInternal)
            }
            var said = [say(worker, talk.updates, false, &dice)]
            if dice.chance(0.6), fault.report.reporter != worker {
                said.append(say(fault.report.reporter, talk.replies, false, &dice))
            }
            if dice.chance(0.3), let manager = staff("manager").first, manager != worker, manager != fault.report.reporter {
                said.append(say(manager, talk.notes, true, &dice))
            }
            comments += said.compactMap(\.self)
        }
    }

    /// In the house with the most open faults of one of the kinds that a whole house can have.
    mutating func addOutage(_ company: DemoCompany, _ span: DemoSpan) {
        for (category, title) in company.words.talk.outages {
            let open = faults.indices.filter { faults[$0].standing.state.isOpen && faults[$0].report.category.key == category }
            let houses = Dictionary(grouping: open) { faults[$0].report.building }
            guard let (building, gathered) = houses.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
                let manager = staff("manager").first
            else { continue }
            let at = span.until.addingTimeInterval(-4 * 3_600)
            let year = WorkingHours(zone: company.zone).local(at).day
            let living = occupancies.filter {
                units[$0.unit].building == building && $0.kind == "resident" && $0.holds(on: span.lastDay)
            }
            let yearNumber = CalendarDate(daysSince2000: Int32(clamping: year - 10_957))?.year ?? 0
            outage = Outage(
                id: .demo(at: at, "\(company.slug)/outage"), number: "O-\(yearNumber)-0001", year: yearNumber, title: title,
                text: company.words.talk.outageText(title, buildings[building].house.name),
                language: company.words.talk.language, category: category, building: building,
                at: at, declaredBy: manager, faults: gathered, joined: living.prefix(3).map(\.member))
            return
        }
    }
}
