import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// A building with its entrances, as places of an outage.
struct IncidentPlace: Record, Sendable {
    let building: UUID
    let name: String
    let entrance: UUID?
    let entranceName: String?

    init(row: Row) throws {
        building = try row["building_id"]
        name = try row["name"]
        entrance = try row["entrance_id"]
        entranceName = try row["entrance"]
    }

    static func all(_ tenant: Int32) -> Query<[IncidentPlace]> {
        .many(
            """
            select b.id as building_id, b.name, e.id as entrance_id, e.name as entrance
              from (select * from app.building b where b.tenant_id = \(tenant) and b.archived_at is null order by b.name limit 1000) b
              left join app.entrance e on e.tenant_id = b.tenant_id and e.building_id = b.id and e.archived_at is null
             order by b.name, b.id, e.name
            """)
    }
}

/// What a form for a new outage begins with: the fault that it is declared from, and open faults like it.
struct IncidentSeed: Sendable {
    let fault: Fault?
    let fitting: [FaultLine]
}

extension FaultDesk {
    var incidentPlaces: Query<[IncidentPlace]> { IncidentPlace.all(viewer.tenant) }

    func seed(_ key: FaultKey?) async throws -> IncidentSeed {
        guard let key else { return IncidentSeed(fault: nil, fitting: []) }
        let fault = try await context.read(Fault.find(key, viewer, today: today))
        let fitting = try await context.read(
            FaultLine.fitting(
                building: "\(fault.buildingID)::uuid", entrance: "null::uuid", category: "\(fault.category)", viewer.tenant))
        return IncidentSeed(fault: fault, fitting: fitting)
    }

    func compose(
        _ seed: IncidentSeed, ticked: Set<String> = [], _ places: [IncidentPlace], _ refused: FormErrors? = nil
    ) -> IncidentFormPage {
        let errors = self.errors(refused?.problems ?? [])
        func field(
            _ name: String, _ label: String, _ value: String = "", hint: String? = nil, most: Int? = nil, required: Bool = true
        )
            -> Field
        {
            Field(
                name, label: label, value: refused?.values[name] ?? value, hint: hint, error: errors.message(for: name),
                required: required, maxLength: most)
        }
        let chosen =
            refused.map { Set($0.values.all("fault_ids")) }
            ?? (ticked.isEmpty ? Set(seed.fitting.map(\.id.text)) : ticked)
        let fields = [
            field("title", t.incident.title, seed.fault?.title ?? "", hint: t.incident.titleHint, most: 140),
            field("category", t.report.category, seed.fault?.category ?? ""),
            field("place", t.report.place, seed.fault.map { "building-\($0.buildingID.text)" } ?? ""),
            field("since", t.incident.since, minute(seed.fault?.reportedAt ?? context.now), required: false),
            field("expected_end", t.incident.expectedEnd, hint: t.incident.expectedEndHint, required: false)
        ]
        return IncidentFormPage(
            heading: t.incident.declare, crumbs: [Crumb(t.incident.list, "/incidents"), Crumb(t.incident.declare)],
            action: "/incidents", back: seed.fault?.path ?? "/incidents", errors: errors.inOrder(of: fields),
            hidden: seed.fault.map { [HiddenValue("from", $0.number)] } ?? [], title: fields[0], category: fields[1],
            categories: categories, place: fields[2], places: groups(places), since: fields[3], expectedEnd: fields[4],
            faults: field("fault_ids", t.incident.offered, hint: t.incident.offeredHint, required: false),
            offered: seed.fitting.map { Choice($0.id.text, "\($0.number) · \($0.title)", hint: place($0.building, $0.unit)) },
            ticked: chosen, submit: t.incident.declare)
    }

    func edit(_ incident: Incident, _ refused: FormErrors? = nil, stale: Bool = false) -> IncidentFormPage {
        var errors = self.errors(refused?.problems ?? [])
        if stale { errors.append(FieldError(field: "", code: "stale_version", message: t.act.stale)) }
        func field(_ name: String, _ label: String, _ value: String, hint: String? = nil, required: Bool = true) -> Field {
            Field(
                name, label: label, value: refused?.values[name] ?? value, hint: hint, error: errors.message(for: name),
                required: required, maxLength: name == "title" ? 140 : nil)
        }
        return IncidentFormPage(
            heading: t.incident.edit,
            crumbs: [Crumb(t.incident.list, "/incidents"), Crumb(incident.number, incident.path), Crumb(t.incident.edit)],
            action: "\(incident.path)/edit", back: incident.path, errors: errors,
            hidden: [.version(incident.version, opened: refused?.values["version"], stale: stale)],
            title: field("title", t.incident.title, incident.title, hint: t.incident.titleHint),
            category: field("category", t.report.category, incident.category), categories: categories, place: nil,
            since: field("since", t.incident.since, minute(incident.since), required: false),
            expectedEnd: field(
                "expected_end", t.incident.expectedEnd, incident.expectedEnd.map(minute) ?? "", hint: t.incident.expectedEndHint,
                required: false), faults: Field("fault_ids", label: ""), submit: t.edit.save)
    }

    /// Each building as a whole, then its entrances.
    private func groups(_ places: [IncidentPlace]) -> [ChoiceGroup] {
        var groups: [ChoiceGroup] = []
        var last: UUID?
        for place in places {
            if place.building != last {
                groups.append(
                    ChoiceGroup(place.name, [Choice("building-\(place.building.text)", t.incident.whole(name: place.name))]))
                last = place.building
            }
            guard let entrance = place.entrance else { continue }
            groups[groups.count - 1].choices.append(
                Choice("entrance-\(entrance.text)", t.place(building: place.name, unit: place.entranceName ?? "")))
        }
        return groups
    }

    /// As `<input type="datetime-local">` wants it: `2026-11-21T14:05`.
    private func minute(_ date: Date) -> String {
        let iso = ISO8601DateFormatter()
        iso.timeZone = context.outer.zone
        iso.formatOptions = [.withFullDate, .withTime, .withColonSeparatorInTime]
        return String(iso.string(from: date).prefix(16))
    }
}
