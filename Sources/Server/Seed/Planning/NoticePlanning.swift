import Foundation

extension DemoRecords {
    /// What the server would have told people about the last two weeks (`TellAboutFault` in area Faults).
    mutating func addNotices(_ company: DemoCompany, _ span: DemoSpan) {
        var dice = Dice(company.slug, "notices")
        let managing = staff("admin") + staff("manager")
        for (index, fault) in faults.enumerated() {
            var holder: Int?
            for (number, step) in fault.steps.enumerated() {
                let former = holder
                holder = step.assignee ?? holder
                guard step.at >= span.daysAgo(14) else { continue }
                let occasion = UUID.demo(at: step.at, order: number, "\(company.slug)/occasion/\(index)/\(number)")
                for (kind, members) in recipients(step, fault.report.reporter, former, managing) {
                    let told = Set(members).filter { $0 != step.actor || kind == "received" }
                    for member in told.sorted() { notify(member, kind, index, step.at, occasion, span, &dice) }
                }
            }
        }
    }

    private func recipients(_ step: FaultStep, _ reporter: Int, _ former: Int?, _ managing: [Int]) -> [(String, [Int])] {
        let holder = former.map { [$0] } ?? []
        return switch step.kind {
        case "reported": [("received", [reporter]), ("reported", managing)]
        case "assigned":
            [
                ("assigned", step.assignee.map { [$0] } ?? []), ("unassigned", holder.filter { $0 != step.assignee }),
                ("scheduled", [reporter])
            ]
        case "resolved", "started", "held": [(step.kind, [reporter])]
        case "confirmed", "reopened": [(step.kind, holder + managing)]
        case "cancelled": [(step.kind, holder + [reporter] + managing)]
        default: []
        }
    }

    /// Most people have read what is older than two days.
    private mutating func notify(
        _ member: Int, _ kind: String, _ fault: Int, _ at: Date, _ occasion: UUID, _ span: DemoSpan, _ dice: inout Dice
    ) {
        let read = at.addingTimeInterval(dice.between(300, 90_000).rounded())
        let hasRead = dice.chance(at < span.daysAgo(2) ? 0.93 : 0.35) && read < span.until
        let key = "\(kind):\(occasion.uuidString.lowercased())"
        notices.append(
            Notice(
                id: .demo(at: at, order: notices.count & 0xFFF, "\(member)/\(key)"), member: member, kind: "fault.\(kind)",
                fault: fault,
                dedupeKey: key, at: at, readAt: hasRead ? read : nil))
    }
}
