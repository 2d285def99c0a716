import Database
import Foundation
import HTML
import UI
import Web

extension BuildingLine {
    var address: String { "\(street), \(postalCode) \(city)" }

    func matches(_ words: String) -> Bool {
        words.split(separator: " ").allSatisfy { word in
            "\(name) \(address)".range(of: word, options: [.caseInsensitive, .diacriticInsensitive]) != nil
        }
    }
}

extension BuildingsPage {
    init(_ lines: [BuildingLine], _ words: String, _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        self.init(
            action: "/buildings", words: Field("q", label: t.buildings.search, value: words),
            summary: t.buildings.summary(count: lines.count),
            chips: words.isEmpty ? [] : [Chip(label: t.buildings.search, value: words, remove: "/buildings")],
            clear: words.isEmpty ? nil : "/buildings", csv: "/buildings.csv",
            rows: lines.map {
                BuildingRow(
                    path: "/buildings/\($0.id.text)", name: $0.name, address: $0.address, units: context.format.number($0.units))
            })
    }
}

extension BuildingPage {
    init(_ line: BuildingLine, _ units: [UnitLine], _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        self.init(
            name: line.name, crumbs: [Crumb(t.buildings.title, "/buildings"), Crumb(line.name)],
            facts: [Fact(t.buildings.address, line.address), Fact(t.buildings.units, context.format.number(line.units))],
            summary: t.units.summary(count: units.count),
            units: units.map { unit in
                UnitRow(
                    path: "/units/\(unit.id.text)", label: unit.label, floor: t.floorName(unit.floor),
                    residents: unit.residents.joined(separator: ", "))
            },
            faults: context.mayList ? ("/faults" as WebPath).adding(query: [("building", line.id.text)]) : nil,
            report: context.mayReport ? ("/faults/new" as WebPath).adding(query: [("building", line.id.text)]) : nil,
            tabs: Self.tabs(line.id, context))
    }
}

extension UnitPage {
    init(_ line: UnitLine, _ people: [OccupancyLine], _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        self.init(
            title: "\(line.building), \(line.label)",
            crumbs: [
                Crumb(t.buildings.title, "/buildings"), Crumb(line.building, "/buildings/\(line.buildingID.text)"),
                Crumb(line.label)
            ],
            facts: [Fact(t.units.label, line.label), Fact(t.units.floor, t.floorName(line.floor))],
            people: people.map { OccupantRow($0, t, context) },
            faults: context.mayList
                ? ("/faults" as WebPath).adding(query: [("q", line.label), ("building", line.buildingID.text)]) : nil,
            report: context.mayReport ? ("/faults/new" as WebPath).adding(query: [("unit", line.id.text)]) : nil,
            tabs: Self.tabs(line.id, context))
    }
}

extension OccupantRow {
    init(_ line: OccupancyLine, _ t: PropertyMessages, _ context: MemberContext) {
        let date = { (day: CalendarDate) in context.format.date(day.noon(in: context.tenant.timeZone)) }
        let former = line.until.map { $0 < context.today } ?? false
        self.init(
            name: line.name, initials: Person(name: line.name, subtitle: "").initials,
            role: line.until.map { t.people.between(kind: line.kind, since: date(line.since), until: date($0)) }
                ?? t.people.since(kind: line.kind, date: date(line.since)), former: former)
    }
}

extension PropertyMessages {
    func floorName(_ floor: Int) -> String {
        floor < 0 ? self.units.basement(level: -floor) : self.units.floorName(floor: floor)
    }
}

extension MemberContext {
    // The faults' rights by name: property stands below the faults and does not know them.
    var mayList: Bool { may(Permission("faults:see_all")) }
    var mayReport: Bool { may(Permission("faults:report")) }
}
