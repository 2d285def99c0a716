import Audit
import Database
import Foundation
import Jobs
import Operations
import Web

/// What can be done to faults. Each function is one transaction's worth: change, timeline, audit line, event.
package struct Faults {
    let tx: Tx
    let viewer: FaultViewer
    let settings: FaultSettings
    /// Roles that faults may be given to.
    let workers: [String]
    /// Roles of people who work for the company.
    let staff: [String]
    let zone: TimeZone

    var now: Date { tx.facts.now }
    var today: CalendarDate { CalendarDate(now, in: zone) }

    // MARK: Reporting

    /// Puts a new fault on record.
    ///
    /// - Throws: 404 when the place is not one that the viewer may report for.
    func report(_ draft: FaultDraft, photos: [StoredPhoto]) async throws -> Fault {
        guard let building = try await reportableBuilding(draft) else { throw Failure.notFound }
        let number = try await nextNumber()
        let id = UUID.v7(now: now)
        let priority = settings.priority(category: draft.category, words: draft.title + " " + draft.description)
        let due = now.addingTimeInterval(Double(settings.hours(category: draft.category, priority: priority)) * 3600)
        try await tx.execute(
            """
            insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id,
                                  location_note, reporter_id, reported_at, due_at, state_at)
            values (\(viewer.tenant), \(id), \(number), \(draft.title), \(draft.description), \(draft.category), \(priority.rawValue),
                    'reported', \(building), \(draft.unit), \(draft.locationNote), \(viewer.member), \(now), \(due), \(now))
            """)
        try add(photos, to: id, stage: "report")
        tx.atCommit("insert into app.fault_suggestion(tenant_id, id, state) values (\(viewer.tenant), \(id), 'queued')")
        try note(id, "reported", from: nil, to: .reported)
        try tx.publish(FaultReported(fault: id))
        try tx.audit(
            "fault.reported", "fault", id,
            AuditChange(after: ["number": number, "title": draft.title, "priority": priority.rawValue]))
        return try await find(.id(id))
    }

    /// The building of the draft's place, if the viewer may report there: managers and technicians anywhere, others where they live or own.
    private func reportableBuilding(_ draft: FaultDraft) async throws -> UUID? {
        let own: SQL =
            viewer.seesAll
            ? "true"
            : """
            exists (select from app.occupancy o join app.unit w on w.tenant_id = o.tenant_id and w.id = o.unit_id
                     where o.tenant_id = b.tenant_id and o.member_id = \(viewer.member) and o.since <= \(today)
                       and coalesce(o.until >= \(today), true) and w.building_id = b.id and (\(draft.unit)::uuid is null or w.id = \(draft.unit)))
            """
        guard let unit = draft.unit else {
            guard let building = draft.building else { return nil }
            return try await tx.firstValue(
                "select b.id from app.building b where b.tenant_id = \(viewer.tenant) and b.id = \(building) and \(own)",
                UUID.self)
        }
        let inBuilding: SQL = draft.building.map { "and b.id = \($0)" } ?? SQL.empty
        return try await tx.firstValue(
            """
            select b.id from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(viewer.tenant) and u.id = \(unit) \(inBuilding) and \(own)
            """, UUID.self)
    }

    /// `F-2026-0012`: counted per company and year of its own time zone, without gaps.
    private func nextNumber() async throws -> String {
        let year = today.year
        let value = try await tx.value(
            """
            insert into app.counter(tenant_id, kind, value) values (\(viewer.tenant), \("fault-\(year)"), 1)
            on conflict (tenant_id, kind) do update set value = app.counter.value + 1 returning value
            """, Int.self)
        let digits = String(value)
        return "F-\(year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    // MARK: Acting

    /// Does one act after checking right, transition and version, in this order: 404, 403, 400 with what is allowed, 409.
    func act(_ act: FaultAct, on key: FaultKey, _ draft: FaultActDraft) async throws -> Fault {
        let fault = try await find(key, lock: true)
        guard viewer.may(act, fault) else { throw Failure.forbidden }
        guard fault.state.next.contains(act.target), viewer.isTimely(act, fault, now) else {
            throw Failure.invalidTransition(from: fault, to: act.target, viewer, now)
        }
        if let version = draft.version, version != fault.version { throw Failure.staleVersion }
        try check(draft, act, fault)
        let assignee = act == .assign ? try await assignable(draft.assignee) : nil
        if act == .assign, let assignee, assignee.id == fault.assigneeID, fault.state == .assigned { return fault }
        try await apply(act, fault, draft, assignee?.id)
        try add(draft.photos, to: fault.id, stage: "resolution")
        try note(
            fault.id, act.entryKind, from: fault.state, to: act.target, draft.note, draft.facts(assignee?.name))
        try publish(act, fault, assignee?.id)
        try tx.audit(
            "fault.\(act.entryKind)", "fault", fault.id,
            AuditChange(
                before: ["state": fault.state.rawValue, "assignee": fault.assignee, "cost": fault.cost?.text],
                after: [
                    "state": act.target.rawValue, "assignee": assignee?.name ?? fault.assignee,
                    "cost": (draft.cost ?? fault.cost)?.text, "rating": draft.rating.map(String.init)
                ]))
        return try await find(.id(fault.id))
    }

    /// What only this fault and this day can tell about a draft.
    private func check(_ draft: FaultActDraft, _ act: FaultAct, _ fault: Fault) throws {
        // A rating is the reporter's word; nobody gives it for them.
        if draft.rating != nil, !viewer.reported(fault) { throw Failure.forbidden }
        guard let until = draft.holdUntil else { return }
        guard until > today, let last = today.adding(days: 366), until <= last else {
            throw Failure.refused([.init("hold_until", .own("hold_until_range"))])
        }
    }

    private func apply(_ act: FaultAct, _ fault: Fault, _ draft: FaultActDraft, _ assignee: UUID?) async throws {
        let facts: SQL =
            switch act {
            case .assign: ", assignee_id = \(assignee), assigned_at = \(now), hold_reason = null, hold_until = null"
            case .start, .cancel: ", hold_reason = null, hold_until = null"
            case .hold: ", hold_reason = \(draft.note), hold_until = \(draft.holdUntil)"
            case .resolve:
                """
                , resolution = \(draft.note), resolved_at = \(now), hold_reason = null, hold_until = null,
                cost_minor = coalesce(\(draft.cost?.minor), cost_minor), cost_currency = coalesce(\(draft.cost?.currency), cost_currency)
                """
            case .confirm:
                """
                , closed_at = \(now), rating = coalesce(\(draft.rating), rating),
                rating_note = case when \(draft.rating)::int8 is null then rating_note else \(draft.ratingNote) end
                """
            case .reopen: ", closed_at = null"
            }
        try await tx.execute(
            """
            update app.fault set state = \(act.target.rawValue), state_at = \(now), version = version + 1 \(facts)
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
    }

    private func publish(_ act: FaultAct, _ fault: Fault, _ assignee: UUID?) throws {
        switch (act, assignee) {
        case (.assign, let assignee?):
            try tx.publish(FaultAssigned(fault: fault.id, assignee: assignee, former: fault.assigneeID, by: tx.facts.actor))
        case (.resolve, _): try tx.publish(FaultResolved(fault: fault.id, by: tx.facts.actor))
        default:
            try tx.publish(
                FaultStatusChanged(fault: fault.id, from: fault.state.rawValue, to: act.target.rawValue, by: tx.facts.actor))
        }
    }

    /// An active member of this company whose role works on faults.
    func assignable(_ member: UUID?) async throws -> Assignable {
        guard let member, let found = try await tx.query(Assignable.all(viewer.tenant, workers, only: member)).first else {
            throw Failure.refused([.init("assignee_id", .own("assignee_invalid"))])
        }
        return found
    }

    // MARK: Editing

    /// Changes what the reporter wrote. Stale versions are merged where the two changes do not touch the same field.
    ///
    /// - Throws: 409 with the lines that overlap (`FaultMerge`).
    func edit(_ key: FaultKey, _ draft: FaultEdit) async throws -> Fault {
        let fault = try await find(key, lock: true)
        guard viewer.mayEdit(fault) else { throw Failure.forbidden }
        var draft = draft
        // How urgent it is decides the house; a reporter's wish is not read (T20).
        if !viewer.manages { draft.priority = nil }
        let merged = try draft.merged(with: fault)
        guard merged != FaultText(fault) else { return fault }
        let due = fault.reportedAt.addingTimeInterval(
            Double(settings.hours(category: merged.category, priority: merged.priority)) * 3600)
        let moved = merged.deadlineChanged(from: fault)
        try await tx.execute(
            """
            update app.fault set title = \(merged.title), description = \(merged.description), category = \(merged.category),
                   priority = \(merged.priority.rawValue), due_at = \(moved ? due : fault.dueAt), version = version + 1
                   \(moved ? ", warned_at = null, escalated_at = null" : SQL.empty)
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        let change = AuditChange(before: FaultText(fault).fields, after: merged.fields)
        try note(
            fault.id, "edited", from: fault.state, to: fault.state, "",
            ["fields": change.after.keys.sorted().joined(separator: ",")])
        try tx.audit("fault.edited", "fault", fault.id, change)
        return try await find(.id(fault.id))
    }

    // MARK: Parts

    func find(_ key: FaultKey, lock: Bool = false) async throws -> Fault {
        try await tx.query(Fault.find(key, viewer, today: today, lock: lock))
    }

    func add(_ photos: [StoredPhoto], to fault: UUID, stage: String) throws {
        for photo in photos {
            try tx.keep(photo.full)
            try tx.keep(photo.thumb)
            tx.atCommit(
                """
                insert into app.fault_photo(tenant_id, id, fault_id, stage, object_key, thumb_key, width, height, bytes, added_by, added_at)
                values (\(viewer.tenant), \(photo.id), \(fault), \(stage), \(photo.full.key), \(photo.thumb.key), \(photo.width)::int,
                        \(photo.height)::int, \(photo.bytes)::int, \(tx.facts.actor), \(now))
                """)
        }
    }

    func note(
        _ fault: UUID, _ kind: String, from: FaultState?, to: FaultState, _ words: String = "", _ facts: [String: String] = [:]
    ) throws {
        let facts = try JSONBytes(encoding: tx.facts.isVisit ? facts.merging(["by": "visitor"]) { $1 } : facts)
        tx.atCommit(
            """
            insert into app.fault_entry(tenant_id, id, fault_id, at, actor_id, kind, from_state, to_state, note, facts)
            values (\(viewer.tenant), \(UUID.v7()), \(fault), \(now), \(tx.facts.actor), \(kind), \(from?.rawValue), \(to.rawValue),
                    \(words), \(facts))
            """)
    }
}

/// Somebody who can be given a fault.
package struct Assignable: Record, Sendable {
    package let id: UUID
    package let name: String
    /// Open faults they already have.
    package let load: Int

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        load = try row["load"]
    }

    /// Active members with one of the roles, by name.
    static func all(_ tenant: Int32, _ roles: [String], only: UUID? = nil) -> Query<[Assignable]> {
        let one: SQL = only.map { "and m.id = \($0)" } ?? SQL.empty
        return .many(
            """
            select m.id, m.name, (select count(*) from app.fault f where f.tenant_id = m.tenant_id and f.assignee_id = m.id
                                    and f.state in ('assigned', 'in_progress', 'on_hold', 'reopened')) as load
              from app.member m
             where m.tenant_id = \(tenant) and m.disabled_at is null \(one)
               and exists (select from unnest(m.roles) as r where r = any(\(roles)))
             order by m.name, m.id
            """)
    }
}

/// Somebody who may have faults, by name alone, for filters: counting everybody's open ones took a third of the list's time.
struct WorkerName: Record, Sendable {
    let id: UUID
    let name: String

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
    }

    /// Active members with one of the roles.
    static func all(_ tenant: Int32, _ roles: [String]) -> Query<[WorkerName]> {
        .many(
            """
            select id, name from app.member
             where tenant_id = \(tenant) and disabled_at is null and roles && \(roles) order by name, id
            """)
    }
}

extension FaultAct {
    var entryKind: String {
        switch self {
        case .assign: "assigned"
        case .start: "started"
        case .hold: "held"
        case .resolve: "resolved"
        case .confirm: "confirmed"
        case .reopen: "reopened"
        case .cancel: "cancelled"
        }
    }
}

extension Failure {
    /// 400 with the states that this viewer could choose instead.
    static func invalidTransition(from fault: Fault, to target: FaultState, _ viewer: FaultViewer, _ now: Date) -> Failure {
        var failure = Failure(
            .badRequest, "invalid_transition", "A fault that is \(fault.state.rawValue) cannot become \(target.rawValue)")
        failure.allowedTransitions = viewer.acts(on: fault, now: now).map(\.target.rawValue)
        return failure
    }
}
