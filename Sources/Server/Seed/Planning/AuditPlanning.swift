import Foundation

extension DemoRecords {
    /// The audit trail: how the houses were entered, and of the last month what happened to faults, and that staff signed in.
    mutating func addAuditLines(_ company: DemoCompany, _ span: DemoSpan) {
        addHouseLines()
        for (index, fault) in faults.enumerated() { addAuditLines(of: fault, index, span) }
        addSignIns(company, span)
    }

    private mutating func addHouseLines() {
        let admin = staff("admin").first
        for (number, building) in buildings.enumerated() {
            let house = building.house
            auditLines.append(
                AuditLine(
                    id: .demo(at: building.createdAt, order: number, "\(building.id)/audit"), at: building.createdAt,
                    actor: admin,
                    action: "building.created", entity: "building", subject: building.id, before: [:],
                    after: ["name": house.name, "street": house.street, "postal_code": house.postalCode, "city": house.city]))
        }
        for unit in units {
            auditLines.append(
                AuditLine(
                    id: .demo(at: unit.createdAt, "\(unit.id)/audit"), at: unit.createdAt, actor: admin, action: "unit.created",
                    entity: "unit", subject: unit.id, before: [:], after: ["label": unit.label, "floor": String(unit.floor)]))
        }
    }

    private mutating func addAuditLines(of fault: Fault, _ index: Int, _ span: DemoSpan) {
        var holder: Int?
        for (number, step) in fault.steps.enumerated() {
            let former = holder
            holder = step.assignee ?? holder
            guard step.at >= span.daysAgo(30) else { continue }
            let (before, after) = change(fault, step, former)
            auditLines.append(
                AuditLine(
                    id: .demo(at: step.at, order: number, "\(fault.id)/audit/\(number)"), at: step.at, actor: step.actor,
                    action: "fault.\(step.kind)", entity: "fault", subject: fault.id, before: before, after: after))
        }
    }

    private func change(_ fault: Fault, _ step: FaultStep, _ former: Int?) -> ([String: String?], [String: String?]) {
        if step.kind == "reported" {
            let first = FaultStory.firstPriority(fault.report).rawValue
            return ([:], ["number": fault.number, "title": fault.report.title, "priority": first])
        }
        if let priority = step.priority {
            return (["priority": FaultStory.firstPriority(fault.report).rawValue], ["priority": priority.rawValue])
        }
        var before: [String: String?] = [:]
        var after: [String: String?] = [:]
        if step.from != step.to { (before["state"], after["state"]) = (step.from?.rawValue, step.to.rawValue) }
        if let now = step.assignee, now != former {
            before.updateValue(former.map { members[$0].name }, forKey: "assignee")
            after.updateValue(members[now].name, forKey: "assignee")
        }
        return (before, after)
    }

    private mutating func addSignIns(_ company: DemoCompany, _ span: DemoSpan) {
        let hours = WorkingHours(zone: company.zone)
        for member in members.indices.filter({ isStaff(members[$0], company) && members[$0].disabledAt == nil }) {
            var dice = Dice(company.slug, "sign-ins", String(member))
            for day in 1...14 {
                let at = hours.next(.office, from: span.daysAgo(Double(day)).addingTimeInterval(3_600), &dice)
                guard at < span.until, dice.chance(0.8) else { continue }
                auditLines.append(
                    AuditLine(
                        id: .demo(at: at, order: member, "\(members[member].id)/sign-in/\(day)"), at: at, actor: member,
                        action: "member.signed_in", entity: "member", subject: members[member].id, before: [:], after: [:]))
            }
        }
    }

    private func isStaff(_ member: Member, _ company: DemoCompany) -> Bool {
        company.staff.contains { member.roles.contains($0.role) }
    }
}
