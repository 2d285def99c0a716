import Audit
import Database
import Foundation
import Jobs
import Property
import Web

extension Faults {
    /// Puts a new fault on record; in an owner's name where the viewer has that right from nobody else.
    ///
    /// - Throws: 404 when the place is not one that the viewer may report for.
    func report(_ draft: FaultDraft, photos: [StoredPhoto]) async throws -> Fault {
        guard let (building, principal) = try await reportablePlace(draft) else { throw Failure.notFound }
        let number = try await tx.nextNumber("F", "fault", today)
        let id = UUID.v7(now: now)
        let priority = settings.priority(category: draft.category, words: draft.title + " " + draft.description)
        let due = now.addingTimeInterval(Double(settings.hours(category: draft.category, priority: priority)) * 3600)
        try await tx.execute(
            """
            insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id,
                                  location_note, reporter_id, on_behalf_of, reported_at, due_at, state_at)
            values (\(viewer.tenant), \(id), \(number), \(draft.title), \(draft.description), \(draft.category), \(priority.rawValue),
                    'reported', \(building), \(draft.unit), \(draft.locationNote), \(viewer.member), \(principal?.id), \(now), \(due), \(now))
            """)
        try add(photos, to: id, stage: "report")
        tx.atCommit("insert into app.fault_suggestion(tenant_id, id, state) values (\(viewer.tenant), \(id), 'queued')")
        try note(id, "reported", from: nil, to: .reported, "", principal == nil ? [:] : FaultViewer.byDelegate)
        tx.atCommit(gathering(id, draft))
        try tx.publish(FaultReported(fault: id))
        try tx.enqueue(AssignAnyway(fault: id), at: now.addingTimeInterval(FaultJobs.patience))
        try tx.audit(
            "fault.reported", "fault", id,
            AuditChange(after: ["number": number, "title": draft.title, "priority": priority.rawValue]),
            onBehalfOf: principal?.id)
        return try await find(.id(id))
    }

    /// What comes in while the place has an outage of that kind is part of it.
    private func gathering(_ fault: UUID, _ draft: FaultDraft) -> SQL {
        """
        insert into app.incident_fault(tenant_id, id, fault_id, incident_id, at, by_itself)
        select \(viewer.tenant), \(UUID.v7(now: now)), \(fault), i.id, \(now), true from app.incident i
         where \(Incident.covering(draft, viewer.tenant)) order by i.id desc limit 1 on conflict do nothing
        """
    }

    /// The building of the draft's place, and in whose name the viewer reports there.
    private func reportablePlace(_ draft: FaultDraft) async throws -> (UUID, Principal?)? {
        if let building = try await reportableBuilding(draft) { return (building, nil) }
        guard let lent = viewer.lent, let unit = draft.unit,
            let principal = try await tx.query(lent.principal(for: unit, .reportFault)),
            let building = try await reportableBuilding(draft, anywhere: true)
        else { return nil }
        return (building, principal)
    }

    /// The building of the draft's place, if the viewer may report there: managers and technicians anywhere, others where they live or own.
    private func reportableBuilding(_ draft: FaultDraft, anywhere: Bool = false) async throws -> UUID? {
        let own: SQL =
            viewer.seesAll || anywhere
            ? "true"
            : """
            exists (select from app.occupancy o join app.unit w on w.tenant_id = o.tenant_id and w.id = o.unit_id
                     where o.tenant_id = b.tenant_id and o.member_id = \(viewer.member) and o.since <= \(today)
                       and coalesce(o.until >= \(today), true) and w.building_id = b.id and (\(draft.unit)::uuid is null or w.id = \(draft.unit)))
            """
        guard let unit = draft.unit else {
            guard let building = draft.building else { return nil }
            return try await tx.firstValue(
                "select b.id from app.building b where b.tenant_id = \(viewer.tenant) and b.id = \(building) and b.archived_at is null and \(own)",
                UUID.self)
        }
        let inBuilding: SQL = draft.building.map { "and b.id = \($0)" } ?? SQL.empty
        return try await tx.firstValue(
            """
            select b.id from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(viewer.tenant) and u.id = \(unit) and u.archived_at is null and b.archived_at is null
               \(inBuilding) and \(own)
            """, UUID.self)
    }
}

extension Tx {
    /// `F-2026-0012`: counted per company, kind and year of the company's own time zone, without gaps.
    func nextNumber(_ letter: String, _ kind: String, _ day: CalendarDate) async throws -> String {
        let value = try await value(
            """
            insert into app.counter(tenant_id, kind, value) values (\(facts.tenant), \("\(kind)-\(day.year)"), 1)
            on conflict (tenant_id, kind) do update set value = app.counter.value + 1 returning value
            """, Int.self)
        let digits = String(value)
        return "\(letter)-\(day.year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
