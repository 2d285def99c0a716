import Audit
import Foundation
import UI
import Web

/// The tab "Activity" of buildings and units.
extension PropertyRoutes {
    func addActivity(to routes: Routes) {
        routes.get("buildings/{id}/activity", may: .seeActivity) { try await buildingActivity($0, $1) }
            .tells("What happened to a building, newest first.").lists(AuditJSON.self)
        routes.get("units/{id}/activity", may: .seeActivity) { try await unitActivity($0, $1) }
            .tells("What happened to a unit, newest first.").lists(AuditJSON.self)
    }

    private func buildingActivity(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.require(.seeProperty)
        let id = try incoming.id()
        let request = try ActivityRequest(incoming, context, entity: "building", record: "\(id)")
        let (building, lines, total) = try await context.read(
            BuildingLine.find(id, context.tenant.id), request.lines, request.total)
        let crumbs = BuildingPage.crumbs(building, context)
        return AuditDesk(context).activity(
            ActivitySubject("building", id, title: building.name, crumbs: crumbs, path: "/buildings/\(id.text)"), request, lines,
            total)
    }

    private func unitActivity(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.require(.seeProperty)
        let id = try incoming.id()
        let request = try ActivityRequest(incoming, context, entity: "unit", record: "\(id)")
        let (unit, lines, total) = try await context.read(
            UnitLine.find(id, context.tenant.id, today: context.today), request.lines, request.total)
        let crumbs = UnitPage.crumbs(unit, context)
        return AuditDesk(context).activity(
            ActivitySubject("unit", id, title: "\(unit.building), \(unit.label)", crumbs: crumbs, path: "/units/\(id.text)"),
            request, lines, total)
    }
}

extension BuildingPage {
    fileprivate static func crumbs(_ line: BuildingLine, _ context: MemberContext) -> [Crumb] {
        [Crumb(PropertyMessages(context.language).buildings.title, "/buildings"), Crumb(line.name, "/buildings/\(line.id.text)")]
    }

    static func tabs(_ id: UUID, _ context: MemberContext) -> [Tab] {
        AuditDesk.tabs(
            "/buildings/\(id.text)", label: PropertyMessages(context.language).buildings.name, isActivity: false, context)
    }
}

extension UnitPage {
    fileprivate static func crumbs(_ line: UnitLine, _ context: MemberContext) -> [Crumb] {
        [
            Crumb(PropertyMessages(context.language).buildings.title, "/buildings"),
            Crumb(line.building, "/buildings/\(line.buildingID.text)"), Crumb(line.label, "/units/\(line.id.text)")
        ]
    }

    static func tabs(_ id: UUID, _ context: MemberContext) -> [Tab] {
        AuditDesk.tabs("/units/\(id.text)", label: PropertyMessages(context.language).units.label, isActivity: false, context)
    }
}
