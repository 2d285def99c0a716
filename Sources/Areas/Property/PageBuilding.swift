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
    init(_ lines: [BuildingLine], _ words: String, archived: Bool, _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        let path = { (words: String, archived: Bool, csv: Bool) in
            (csv ? "/buildings.csv" as WebPath : "/buildings").adding(
                query: (words.isEmpty ? [] : [("q", words)]) + (archived ? [("state", "archived")] : []))
        }
        var chips: [Chip] = []
        if !words.isEmpty { chips.append(Chip(label: t.buildings.search, value: words, remove: path("", archived, false))) }
        if archived { chips.append(Chip(label: t.filter.state, value: t.filter.archived, remove: path(words, false, false))) }
        let edits = context.may(.editProperty)
        self.init(
            action: "/buildings", words: Field("q", label: t.buildings.search, value: words),
            state: Field("state", label: t.filter.state, value: archived ? "archived" : ""),
            states: [Choice("archived", t.filter.archived)],
            summary: t.buildings.summary(count: lines.count), chips: chips, clear: chips.isEmpty ? nil : "/buildings",
            csv: path(words, archived, true),
            rows: lines.map {
                BuildingRow(
                    path: "/buildings/\($0.id.text)", name: $0.name, address: $0.address, units: context.format.number($0.units))
            }, new: edits ? "/buildings/new" : nil, imports: edits ? "/imports" : nil)
    }
}

extension BuildingPage {
    init(_ line: BuildingLine, _ units: [UnitLine], _ entrances: [PartLine], _ commonParts: [PartLine], _ context: MemberContext)
    {
        let t = PropertyMessages(context.language)
        let path: WebPath = "/buildings/\(line.id.text)"
        let edits = context.may(.editProperty)
        let adds = edits && !line.isArchived
        self.init(
            name: line.name, crumbs: [Crumb(t.buildings.title, "/buildings"), Crumb(line.name)], archived: line.isArchived,
            facts: [Fact(t.buildings.address, line.address), Fact(t.buildings.units, context.format.number(line.units))],
            summary: t.units.summary(count: line.units),
            units: units.map { unit in
                UnitRow(
                    path: "/units/\(unit.id.text)", label: unit.label, building: unit.building, floor: t.floorName(unit.floor),
                    kind: t.unitKind(kind: unit.kind.rawValue), residents: unit.residents.joined(separator: ", "),
                    archived: unit.isArchived)
            },
            entrances: PartList(
                title: t.parts.entrances, rows: entrances.map { PartRow($0, .entrance, edits) },
                new: adds ? "\(path)/entrances/new" : nil),
            commonParts: PartList(
                title: t.parts.commonParts, rows: commonParts.map { PartRow($0, .commonPart, edits) },
                new: adds ? "\(path)/common-parts/new" : nil),
            newUnit: adds ? "\(path)/units/new" : nil, edit: edits ? "\(path)/edit" : nil,
            archive: adds ? "\(path)/archive" : nil,
            restore: edits && line.isArchived ? "\(path)/restoration" : nil,
            faults: context.mayList ? ("/faults" as WebPath).adding(query: [("building", line.id.text)]) : nil,
            report: context.mayReport && !line.isArchived
                ? ("/faults/new" as WebPath).adding(query: [("building", line.id.text)]) : nil,
            sheet: context.mayPrintSheets && !line.isArchived
                ? ("/faults/codes/sheets" as WebPath).adding(query: [("building", line.id.text)]) : nil,
            tabs: Self.tabs(line.id, context))
    }
}

extension PartRow {
    init(_ line: PartLine, _ kind: EstateKind, _ edits: Bool) {
        let path: WebPath = "/\(kind.segment)/\(line.id.text)"
        self.init(
            name: line.name, note: line.note, archived: line.isArchived, edit: edits ? "\(path)/edit" : nil,
            archive: edits && !line.isArchived ? "\(path)/archive" : nil,
            restore: edits && line.isArchived ? "\(path)/restoration" : nil)
    }
}

extension [PartLine] {
    /// To choose from: those in use.
    var choices: [Choice] { filter { !$0.isArchived }.map { Choice($0.id.text, $0.name) } }
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
    var mayPrintSheets: Bool { may(Permission("faults:assign")) }
}
