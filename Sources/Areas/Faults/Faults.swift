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
            fault.id, act.entryKind, from: fault.state, to: act.target, draft.note,
            draft.facts(assignee?.name).merging(viewer.marks(on: fault)) { $1 })
        try publish(act, fault, assignee?.id)
        try tx.audit(
            "fault.\(act.entryKind)", "fault", fault.id,
            AuditChange(
                before: ["state": fault.state.rawValue, "assignee": fault.assignee, "cost": fault.cost?.text],
                after: [
                    "state": act.target.rawValue, "assignee": assignee?.name ?? fault.assignee,
                    "cost": (draft.cost ?? fault.cost)?.text, "rating": draft.rating.map(String.init)
                ]), onBehalfOf: viewer.behalf(on: fault))
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
