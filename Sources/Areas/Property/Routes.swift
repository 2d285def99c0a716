import Database
import Foundation
import HTML
import UI
import Web

/// Buildings, units and who lives there.
package struct PropertyRoutes: Sendable {
    package init() {}

    package func add(to routes: Routes) {
        routes.get("buildings", may: .seeProperty, use: buildings)
        routes.get("buildings.csv", may: .seeProperty, use: export)
        routes.get("buildings/{id}", may: .seeProperty, use: building)
        routes.get("units/{id}", may: .seeProperty, use: unit)
        addActivity(to: routes)
    }

    @Sendable func buildings(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let words = (incoming.query.single("q") ?? "").prefix(120)
        let all = try await context.read(BuildingLine.all(context.tenant.id))
        let found = words.isEmpty ? all : all.filter { $0.matches(String(words)) }
        return .show(
            BuildingsPage(found, String(words), context),
            json: ListJSON(items: found.map(BuildingJSON.init), nextCursor: nil, total: found.count))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: ["name", "street", "postal_code", "city", "units"])
        let lines = try await context.read(BuildingLine.all(context.tenant.id))
        for line in lines {
            csv.append([line.name, line.street, line.postalCode, line.city, String(line.units)])
        }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "buildings.csv"))
    }

    @Sendable func building(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let (building, units) = try await context.read(
            BuildingLine.find(id, context.tenant.id), UnitLine.of(building: id, context.tenant.id, today: context.today))
        return .show(BuildingPage(building, units, context), json: BuildingJSON(building, units.map(UnitJSON.init)))
    }

    @Sendable func unit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let (unit, people) = try await context.read(
            UnitLine.find(id, context.tenant.id, today: context.today), OccupancyLine.of(unit: id, context.tenant.id))
        return .show(UnitPage(unit, people, context), json: UnitJSON(unit))
    }
}

extension MemberContext {
    /// The day at the company's place.
    var today: CalendarDate { CalendarDate(now, in: tenant.timeZone) }
}

struct BuildingJSON: Encodable, Sendable {
    let id: String
    let name: String
    let street: String
    let postalCode: String
    let city: String
    let unitCount: Int
    let units: [UnitJSON]?

    init(_ line: BuildingLine) {
        self.init(line, nil)
    }

    init(_ line: BuildingLine, _ units: [UnitJSON]?) {
        id = line.id.text
        name = line.name
        street = line.street
        postalCode = line.postalCode
        city = line.city
        unitCount = line.units
        self.units = units
    }
}

struct UnitJSON: Encodable, Sendable {
    let id: String
    let label: String
    let floor: Int
    let buildingId: String
    let building: String
    let residents: [String]

    init(_ line: UnitLine) {
        id = line.id.text
        label = line.label
        floor = line.floor
        buildingId = line.buildingID.text
        building = line.building
        residents = line.residents
    }
}
