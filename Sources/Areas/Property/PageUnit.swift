import Database
import Foundation
import HTML
import UI
import Web

extension UnitPage {
    init(_ line: UnitLine, _ people: [OccupancyLine], _ lent: [DelegationLine], _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        let path: WebPath = "/units/\(line.id.text)"
        let today = context.today
        let edits = context.may(.editProperty)
        let row = { (person: OccupancyLine) in OccupantRow(person, t, context) }
        let present = people.filter { !$0.isFormer(on: today) }
        self.init(
            title: "\(line.building), \(line.label)",
            crumbs: [
                Crumb(t.buildings.title, "/buildings"), Crumb(line.building, "/buildings/\(line.buildingID.text)"),
                Crumb(line.label)
            ],
            archived: line.isArchived, facts: Self.facts(line, t, context),
            residents: present.filter { $0.kind == .resident }.map(row), owners: present.filter { $0.kind == .owner }.map(row),
            former: people.filter { $0.isFormer(on: today) }.map(row), lent: lent.map { LentRow($0, context) },
            newResident: edits && !line.isArchived ? "\(path)/residents/new" : nil,
            newOwner: edits && !line.isArchived ? "\(path)/owners/new" : nil, edit: edits ? "\(path)/edit" : nil,
            archive: edits && !line.isArchived ? "\(path)/archive" : nil,
            restore: edits && line.isArchived ? "\(path)/restoration" : nil,
            faults: context.mayList
                ? ("/faults" as WebPath).adding(query: [("q", line.label), ("building", line.buildingID.text)]) : nil,
            report: context.mayReport && !line.isArchived
                ? ("/faults/new" as WebPath).adding(query: [("unit", line.id.text)]) : nil,
            write: context.session.preview == nil && context.session.support == nil
                ? ("/messages/new" as WebPath).adding(query: [("unit", line.id.text)]) : nil,
            tabs: Self.tabs(line.id, context))
    }

    private static func facts(_ line: UnitLine, _ t: PropertyMessages, _ context: MemberContext) -> [Fact] {
        var facts = [
            Fact(t.units.label, line.label), Fact(t.units.kind, t.unitKind(kind: line.kind.rawValue)),
            Fact(t.units.floor, t.floorName(line.floor))
        ]
        if let area = line.area {
            facts.append(Fact(t.units.area, Area.text(String(area), decimal: context.language == .de ? "," : ".") + "\u{a0}m²"))
        }
        if let entrance = line.entrance { facts.append(Fact(t.units.entrance, entrance)) }
        return facts
    }
}

extension OccupantRow {
    init(_ line: OccupancyLine, _ t: PropertyMessages, _ context: MemberContext) {
        let edits = context.may(.editProperty)
        let former = line.isFormer(on: context.today)
        let path: WebPath = "/occupancies/\(line.id.text)"
        self.init(
            name: line.name, path: context.may(.seePeople) ? "/people/\(line.memberID.text)" : nil,
            initials: Person(name: line.name, subtitle: "").initials, role: line.role(t, context),
            share: line.share?.text ?? "", former: former, end: edits && !former ? "\(path)/end" : nil,
            transfer: edits && !former && line.kind == .owner ? "\(path)/transfer" : nil,
            withdraw: edits ? "\(path)/withdrawal" : nil)
    }
}

extension OccupancyLine {
    /// "Resident since 1 Mar 2024", "Owner, 2019 to 2023".
    func role(_ t: PropertyMessages, _ context: MemberContext) -> String {
        let date = { (day: CalendarDate) in context.format.date(day.noon(in: context.tenant.timeZone)) }
        return until.map { t.people.between(kind: kind.rawValue, since: date(since), until: date($0)) }
            ?? t.people.since(kind: kind.rawValue, date: date(since))
    }
}
