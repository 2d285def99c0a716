import Audit
import Database
import Foundation
import Jobs
import Web

/// What can be done to outages. Each function is one transaction's worth: change, history, audit line, event.
struct Incidents {
    let faults: Faults
    var tx: Tx { faults.tx }
    var viewer: FaultViewer { faults.viewer }
    var now: Date { faults.now }

    /// Faults per outage that its page and its end go through.
    static let most = 500

    // MARK: Declaring

    /// - Throws: 400 when the place is not the company's, is archived, or one of the faults is not there.
    func declare(_ draft: IncidentDraft) async throws -> Incident {
        guard viewer.manages else { throw Failure.forbidden }
        guard let building = try await building(draft) else { throw Failure.refused([.init("place", .notFound)]) }
        let number = try await tx.nextNumber("O", "incident", faults.today)
        let id = UUID.v7(now: now)
        try await tx.execute(
            """
            insert into app.incident(tenant_id, id, number, title, category, building_id, entrance_id, since, expected_end, declared_by,
                                     declared_at)
            values (\(viewer.tenant), \(id), \(number), \(draft.title), \(draft.category), \(building), \(draft.entrance),
                    \(draft.since), \(draft.expectedEnd), \(viewer.member), \(now))
            """)
        try note(id, "declared", draft.title)
        try tx.publish(IncidentDeclared(incident: id, building: building, by: tx.facts.actor))
        try tx.audit(
            "incident.declared", "incident", id,
            AuditChange(after: ["number": number, "title": draft.title, "category": draft.category]))
        let incident = try await find(.id(id))
        return draft.faults.isEmpty ? incident : try await gather(draft.faults, into: incident)
    }

    private func building(_ draft: IncidentDraft) async throws -> UUID? {
        guard let entrance = draft.entrance else {
            return try await tx.firstValue(
                """
                select id from app.building
                 where tenant_id = \(viewer.tenant) and id = \(draft.building) and archived_at is null
                """, UUID.self)
        }
        let inBuilding: SQL = draft.building.map { "and building_id = \($0)" } ?? SQL.empty
        return try await tx.firstValue(
            """
            select building_id from app.entrance
             where tenant_id = \(viewer.tenant) and id = \(entrance) and archived_at is null \(inBuilding)
            """, UUID.self)
    }

    /// - Throws: 409 for a stale version; 400 when it would end before it began.
    func edit(_ key: FaultKey, _ draft: IncidentEdit) async throws -> Incident {
        let incident = try await locked(key, draft.version)
        let since = draft.since ?? incident.since
        let end = draft.expectedEnd ?? incident.expectedEnd
        if let end, end < since { throw Failure.refused([.init("expected_end", .own("end_before_since"))]) }
        try await tx.execute(
            """
            update app.incident set title = \(draft.title ?? incident.title), category = \(draft.category ?? incident.category),
                   since = \(since), expected_end = \(end), version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(incident.id)
            """)
        let changed = try await find(.id(incident.id))
        let change = AuditChange(before: incident.trail, after: changed.trail)
        guard !change.after.isEmpty else { return changed }
        try note(incident.id, "edited", change.after.keys.sorted().joined(separator: ", "))
        try tell(incident.id, "edited")
        try tx.audit("incident.edited", "incident", incident.id, change)
        return changed
    }

    // MARK: Gathering

    /// Faults of the same building that no outage has yet; those that it has stay.
    ///
    /// - Throws: 400 when one of them is not there, is over, or belongs to another outage; then none is gathered.
    func gather(_ key: FaultKey, _ ids: [UUID]) async throws -> Incident {
        let incident = try await locked(key, nil)
        guard incident.state == .open else { throw Failure.incidentOver }
        return try await gather(ids, into: incident)
    }

    private func gather(_ ids: [UUID], into incident: Incident) async throws -> Incident {
        let fitting = try await tx.values(
            """
            select f.id from app.fault f
             where f.tenant_id = \(viewer.tenant) and f.id = any(\(ids)) and f.building_id = \(incident.buildingID)
               and f.state not in ('closed', 'cancelled')
               and not exists (select from app.incident_fault g where g.tenant_id = f.tenant_id and g.fault_id = f.id
                                  and g.incident_id <> \(incident.id))
             order by f.id for update of f
            """, UUID.self)
        guard Set(fitting) == Set(ids) else { throw Failure.refused([.init("fault_ids", .own("not_gathered"))]) }
        try await tx.execute(
            """
            insert into app.incident_fault(tenant_id, id, fault_id, incident_id, at, by_itself)
            select \(viewer.tenant), g.id, g.fault, \(incident.id), \(now), false
              from unnest(\(fitting.map { _ in UUID.v7(now: now) }), \(fitting)) as g(id, fault) on conflict do nothing
            """)
        try note(incident.id, "gathered", String(fitting.count))
        try tell(incident.id, "gathered")
        for fault in fitting {
            try tx.audit("incident.gathered", "fault", fault, AuditChange(after: ["incident": incident.number]))
        }
        return try await find(.id(incident.id))
    }

    /// Takes gathering back: the faults stand by themselves again, as they are.
    ///
    /// - Throws: 404 when one of them is not part of it.
    func release(_ key: FaultKey, _ ids: [UUID]) async throws -> Incident {
        let incident = try await locked(key, nil)
        let released = try await tx.execute(
            """
            delete from app.incident_fault
             where tenant_id = \(viewer.tenant) and incident_id = \(incident.id) and fault_id = any(\(ids))
            """)
        guard released == ids.count else { throw Failure.notFound }
        try note(incident.id, "released", String(released))
        try tell(incident.id, "released")
        for fault in ids {
            try tx.audit("incident.released", "fault", fault, AuditChange(before: ["incident": incident.number]))
        }
        return try await find(.id(incident.id))
    }

    /// "Me too": somebody has the same trouble and does not report it again. A second time changes nothing.
    func join(_ key: FaultKey) async throws -> Incident {
        let incident = try await tx.query(Incident.find(key, viewer, today: faults.today, lock: true))
        guard incident.state == .open else { throw Failure.incidentOver }
        let first = try await tx.execute(
            """
            insert into app.incident_member(tenant_id, incident_id, member_id, at)
            values (\(viewer.tenant), \(incident.id), \(viewer.member), \(now)) on conflict do nothing
            """)
        if first == 1 { try tx.audit("incident.joined", "incident", incident.id) }
        return try await find(.id(incident.id))
    }

    // MARK: Parts

    func find(_ key: FaultKey) async throws -> Incident {
        try await tx.query(Incident.find(key, viewer, today: faults.today))
    }

    /// - Throws: 403 for those who do not manage; 409 for a stale version.
    func locked(_ key: FaultKey, _ version: Int?) async throws -> Incident {
        let incident = try await tx.query(Incident.find(key, viewer, today: faults.today, lock: true))
        guard viewer.manages else { throw Failure.forbidden }
        if let version, version != incident.version { throw Failure.staleVersion }
        return incident
    }

    func tell(_ incident: UUID, _ what: String) throws {
        try tx.publish(IncidentUpdated(incident: incident, what: what, by: tx.facts.actor))
    }

    @discardableResult
    func note(_ incident: UUID, _ kind: String, _ words: String = "", texts: [String: String] = [:]) throws -> UUID {
        let id = UUID.v7()
        let texts = try JSONBytes(encoding: texts)
        tx.atCommit(
            """
            insert into app.incident_entry(tenant_id, id, incident_id, at, actor_id, kind, note, texts)
            values (\(viewer.tenant), \(id), \(incident), \(now), \(tx.facts.actor), \(kind), \(words), \(texts))
            """)
        return id
    }
}

extension Incident {
    /// For the audit trail.
    fileprivate var trail: [String: String?] {
        [
            "title": title, "category": category, "since": since.formatted(.iso8601),
            "expected_end": expectedEnd?.formatted(.iso8601)
        ]
    }
}

extension Failure {
    static let incidentOver = Failure(.conflict, "incident_over", "This outage is over")
}
