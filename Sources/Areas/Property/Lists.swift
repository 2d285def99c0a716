import Database
import Foundation
import HTML
import UI
import Web

/// What the address of a list asks for: words and selects.
struct ListRequest: Sendable {
    let base: WebPath
    /// As typed, for the fields and chips of the filter bar.
    let values: [String: String]
    let cursor: Cursor
    let size: Int

    init(_ incoming: Incoming, _ base: WebPath, _ names: [String]) throws {
        self.base = base
        var values: [String: String] = [:]
        for name in ["q"] + names {
            values[name] = incoming.query.single(name).flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
        }
        self.values = values
        cursor = try incoming.cursor()
        size = try incoming.limit()
    }

    func path(_ base: WebPath? = nil, without name: String? = nil, cursor: Cursor? = nil) -> WebPath {
        let query = values.filter { $0.key != name }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return (base ?? self.base).adding(query: query + (cursor?.text.map { [("cursor", $0)] } ?? []))
    }

    func field(_ name: String, _ label: String) -> Field { Field(name, label: label, value: values[name] ?? "") }

    /// One chip per filter in force.
    func chips(_ words: Field, _ filters: [ListFilter]) -> [Chip] {
        let all: [(Field, [Choice])] = [(words, [])] + filters.map { ($0.field, $0.choices) }
        return all.compactMap { field, choices in
            guard !field.value.isEmpty else { return nil }
            let words = choices.first { $0.value == field.value }?.label ?? field.value
            return Chip(label: field.label, value: words, remove: path(without: field.name))
        }
    }

    func pager<Line>(_ page: KeysetPage<Line>, _ summary: String) -> Pager {
        Pager(previous: page.previous.map { path(cursor: $0) }, next: page.next.map { path(cursor: $0) }, summary: summary)
    }
}

extension UnitFilter {
    init(_ request: ListRequest) {
        building = request.values["building"].flatMap { UUID(uuidString: $0) }
        kind = request.values["kind"].flatMap(UnitKind.init(rawValue:))
        vacant = request.values["lived"].map { $0 == "no" }
        words = request.values["q"]
        archived = request.values["state"] == "archived"
    }
}

extension UnitsPage {
    init(
        _ page: KeysetPage<UnitLine>, _ total: Int, _ request: ListRequest, _ buildings: [BuildingName], _ context: MemberContext
    ) {
        let t = PropertyMessages(context.language)
        let words = request.field("q", t.filter.units)
        let filters = [
            ListFilter(
                field: request.field("building", t.buildings.name), choices: buildings.map { Choice($0.id.text, $0.name) },
                all: t.filter.anyBuilding),
            ListFilter(
                field: request.field("kind", t.units.kind),
                choices: UnitKind.allCases.map { Choice($0.rawValue, t.unitKind(kind: $0.rawValue)) }, all: t.filter.anyKind),
            ListFilter(
                field: request.field("lived", t.units.residents),
                choices: [Choice("yes", t.filter.lived), Choice("no", t.filter.vacant)],
                all: t.filter.any),
            ListFilter(
                field: request.field("state", t.filter.state), choices: [Choice("archived", t.filter.archived)],
                all: t.filter.inUse)
        ]
        let chips = request.chips(words, filters)
        self.init(
            action: "/units", words: words, filters: filters, summary: t.units.summary(count: total), chips: chips,
            clear: chips.isEmpty ? nil : "/units", csv: request.path("/units.csv"),
            rows: page.lines.map { unit in
                UnitRow(
                    path: "/units/\(unit.id.text)", label: unit.label, building: unit.building, floor: t.floorName(unit.floor),
                    kind: t.unitKind(kind: unit.kind.rawValue), residents: unit.residents.joined(separator: ", "),
                    archived: unit.isArchived)
            }, pager: request.pager(page, t.units.summary(count: total)))
    }
}
