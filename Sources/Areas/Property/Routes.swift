import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Buildings, units and who lives there.
package struct PropertyRoutes: Sendable {
    package init() {}

    package func add(to routes: Routes) {
        routes.chapter("Buildings, units and people")
        routes.get("buildings", may: .seeProperty, use: buildings)
            .tells("Lists all buildings.")
            .asks(.text("q", max: 120), FieldShape("state", .choice(["archived"]))).listsAll(BuildingJSON.self)
        routes.get("buildings.csv", may: .seeProperty, use: export)
            .tells("The same as CSV.")
            .asks(.text("q", max: 120), FieldShape("state", .choice(["archived"]))).gives(file: "text/csv")
        routes.get("units", may: .seeProperty, use: units)
            .tells("Lists units.")
            .asks(.text("q"), .uuid("building"), .choice("kind", UnitKind.self), FieldShape("lived", .choice(["yes", "no"])))
            .asks(FieldShape("state", .choice(["archived"]))).lists(UnitJSON.self)
        routes.get("units.csv", may: .seeProperty, use: exportUnits)
            .tells("The same as CSV, all pages.")
            .asks(.text("q"), .uuid("building"), .choice("kind", UnitKind.self), FieldShape("lived", .choice(["yes", "no"])))
            .asks(FieldShape("state", .choice(["archived"]))).asks(.paging).gives(file: "text/csv")
        EstateRoutes().add(to: routes)
        OccupancyRoutes().add(to: routes)
        routes.get("buildings/{id}", may: .seeProperty, use: building)
            .tells("A building with its units, entrances and common parts.").gives(BuildingJSON.self)
        routes.get("units/{id}", may: .seeProperty, use: unit)
            .tells("A unit with the people in it.").gives(UnitJSON.self)
        addActivity(to: routes)
        PeopleRoutes().add(to: routes)
        ImportRoutes().add(to: routes)
    }

    @Sendable func buildings(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (found, words, archived) = try await found(incoming, context)
        return .show(
            BuildingsPage(found, words, archived: archived, context),
            json: ListJSON(items: found.map(BuildingJSON.init), nextCursor: nil, total: found.count))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: ["name", "street", "postal_code", "city", "units"])
        for line in try await found(incoming, context).lines {
            csv.append([line.name, line.street, line.postalCode, line.city, String(line.units)])
        }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "buildings.csv"))
    }

    private func found(_ incoming: Incoming, _ context: MemberContext) async throws
        -> (lines: [BuildingLine], words: String, archived: Bool)
    {
        let words = String((incoming.query.single("q") ?? "").prefix(120))
        let archived = incoming.query.single("state") == "archived"
        let all = try await context.read(BuildingLine.all(context.tenant.id, archived: archived))
        return (words.isEmpty ? all : all.filter { $0.matches(words) }, words, archived)
    }

    @Sendable func building(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let (building, units, entrances, commonParts) = try await context.read(
            BuildingLine.find(id, context.tenant.id), UnitLine.of(building: id, context.tenant.id, today: context.today),
            PartLine.of(.entrance, building: id, context.tenant.id), PartLine.of(.commonPart, building: id, context.tenant.id))
        return .show(
            BuildingPage(building, units, entrances, commonParts, context),
            json: BuildingJSON(building, units.map { UnitJSON($0) }, entrances, commonParts))
    }

    private static let unitFilters = ["building", "kind", "lived", "state"]

    @Sendable func units(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try ListRequest(incoming, "/units", Self.unitFilters)
        let condition = UnitFilter(request).condition(context.tenant.id, context.today)
        let (lines, total, buildings) = try await context.read(
            UnitLine.page(condition, request.cursor, size: request.size, today: context.today), UnitLine.count(condition),
            BuildingName.all(context.tenant.id))
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        return .show(
            UnitsPage(page, total, request, buildings, context),
            json: ListJSON(items: page.lines.map { UnitJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func exportUnits(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try ListRequest(incoming, "/units", Self.unitFilters)
        let condition = UnitFilter(request).condition(context.tenant.id, context.today)
        var csv = CSV(head: ["building", "unit", "floor", "kind", "area", "entrance", "residents"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(UnitLine.page(condition, cursor, size: 1000, today: context.today))
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "units.csv"))
    }

    @Sendable func unit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let (unit, people, lent) = try await context.read(
            UnitLine.find(id, context.tenant.id, today: context.today), OccupancyLine.of(unit: id, context.tenant.id),
            context.may(.seeDelegations) ? DelegationLine.open(on: id, context.tenant.id, today: context.today) : .known([]))
        return .show(UnitPage(unit, people, lent, context), json: UnitJSON(unit, people))
    }
}

extension MemberContext {
    /// The day at the company's place.
    package var today: CalendarDate { CalendarDate(now, in: tenant.timeZone) }
}
