import Database
import Foundation
import HTML
import UI
import Web

/// What the address of the list of outages asks for.
struct IncidentListRequest: Sendable {
    let state: IncidentState?
    let cursor: Cursor
    let size: Int

    init(_ incoming: Incoming) throws {
        state = incoming.query.single("state").flatMap(IncidentState.init(rawValue:))
        cursor = try incoming.cursor()
        size = try incoming.limit()
    }

    func condition(_ desk: FaultDesk) -> SQL {
        let visible = desk.viewer.visibleIncidents(on: desk.today)
        guard let state else { return visible }
        return [visible, "i.state = \(state.rawValue)"].joined(separator: " and ")
    }

    func path(_ cursor: Cursor? = nil) -> WebPath {
        ("/incidents" as WebPath).adding(
            query: (state.map { [("state", $0.rawValue)] } ?? []) + (cursor?.text.map { [("cursor", $0)] } ?? []))
    }
}

extension FaultDesk {
    func incidents(_ page: KeysetPage<Incident>, _ total: Int, _ request: IncidentListRequest) -> IncidentsPage {
        let summary = t.incident.summary(count: total)
        return IncidentsPage(
            tabs: [Tab(t.incident.all, "/incidents", current: request.state == nil)]
                + IncidentState.allCases.map {
                    Tab(
                        t.incident.state(state: $0.rawValue), ("/incidents" as WebPath).adding(query: [("state", $0.rawValue)]),
                        current: request.state == $0)
                }, summary: summary, rows: page.lines.map(row),
            pager: Pager(
                previous: page.previous.map { request.path($0) }, next: page.next.map { request.path($0) }, summary: summary),
            csv: viewer.manages
                ? ("/incidents.csv" as WebPath).adding(query: request.state.map { [("state", $0.rawValue)] } ?? []) : nil,
            declare: viewer.manages ? "/incidents/new" : nil)
    }

    func row(_ incident: Incident) -> IncidentRow {
        IncidentRow(
            path: incident.path, number: incident.number, title: incident.title, place: place(incident),
            badge: badge(incident.state), category: settings.title(incident.category, context.language.rawValue),
            since: format.moment(incident.since, now: context.now),
            affected: t.incident.affected(faults: incident.faults, people: incident.joined))
    }

    func place(_ incident: Incident) -> String {
        incident.entrance.map { t.place(building: incident.building, unit: $0) } ?? incident.building
    }

    func badge(_ state: IncidentState) -> Badge {
        Badge(
            t.incident.state(state: state.rawValue), tone: state == .open ? .bad : .ok, mark: state == .open ? .triangle : .check)
    }
}
