import Audit
import Database
import Forms
import Foundation
import Jobs
import Web

extension Faults {
    /// How long a merge, or an act on many, can be undone.
    static let undoTime: TimeInterval = 600

    /// Says that the fault is the same as another one. It is over then; its reporter hears how the other goes on.
    ///
    /// - Throws: 400 when the other does not exist, is over, or is itself a duplicate; when this one has duplicates of its own.
    func merge(_ key: FaultKey, into original: FaultKey, version: Int?) async throws -> Fault {
        guard viewer.manages else { throw Failure.forbidden }
        let first = try await find(key)
        let second: Fault
        do { second = try await find(original) } catch is NotFound { throw Self.refused(.notFound) }
        guard first.id != second.id else { throw Self.refused(.own("same_fault")) }
        // Always in the same order, so that two who merge crosswise wait for each other instead of stopping each other.
        _ = try await tx.values(
            """
            select id from app.fault where tenant_id = \(viewer.tenant) and id = any(\([first.id, second.id])) order by id for update
            """, UUID.self)
        let (fault, target) = (try await find(.id(first.id)), try await find(.id(second.id)))
        if let version, version != fault.version { throw Failure.staleVersion }
        guard fault.state.isOpen else { throw Failure.invalidTransition(from: fault, to: .cancelled, viewer, now) }
        guard target.state.isOpen || target.state == .resolved else { throw Self.refused(.own("original_over")) }
        guard try await tx.query(FaultLink.duplicates(of: .id(fault.id), viewer.tenant)).isEmpty else {
            throw Self.refused(.own("has_duplicates"))
        }
        try await tx.execute(
            """
            update app.fault set state = 'cancelled', hold_reason = null, hold_until = null, state_at = \(now), version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        try await tx.execute(
            """
            insert into app.fault_duplicate(tenant_id, id, fault_id, original_id)
            values (\(viewer.tenant), \(UUID.v7(now: now)), \(fault.id), \(target.id))
            """)
        let before = HeldFacts(reason: fault.holdReason, until: fault.holdUntil)
        try note(
            fault.id, "merged", from: fault.state, to: .cancelled, "", ["number": target.number].merging(before.facts) { $1 })
        try note(target.id, "absorbed", from: target.state, to: target.state, "", ["number": fault.number])
        try tx.publish(FaultMerged(fault: fault.id, original: target.id, by: tx.facts.actor))
        try tx.audit(
            "fault.merged", "fault", fault.id,
            AuditChange(
                before: ["state": fault.state.rawValue, "duplicate_of": nil],
                after: ["state": "cancelled", "duplicate_of": target.number]))
        return try await find(.id(fault.id))
    }

    /// Takes a merge back: the fault stands where it stood.
    ///
    /// - Throws: 409 after ten minutes, or when it is no duplicate.
    func separate(_ key: FaultKey) async throws -> Fault {
        guard viewer.manages else { throw Failure.forbidden }
        let fault = try await find(key, lock: true)
        guard let original = fault.duplicateOf else { throw Failure.undoOver }
        let entries = try await tx.query(FaultEntry.of(.id(fault.id), viewer.tenant))
        guard let merge = entries.last(where: { $0.kind == "merged" }), let state = merge.from,
            now.timeIntervalSince(merge.at) <= Self.undoTime
        else { throw Failure.undoOver }
        let held = HeldFacts(merge.facts)
        try await tx.execute(
            """
            update app.fault set state = \(state.rawValue), hold_reason = \(held.reason), hold_until = \(held.until),
                   state_at = \(now), version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        try await tx.execute("delete from app.fault_duplicate where tenant_id = \(viewer.tenant) and fault_id = \(fault.id)")
        try note(fault.id, "separated", from: .cancelled, to: state, "", ["number": fault.original ?? ""])
        let target = try await find(.id(original))
        try note(original, "released", from: target.state, to: target.state, "", ["number": fault.number])
        try tx.audit(
            "fault.separated", "fault", fault.id,
            AuditChange(
                before: ["state": "cancelled", "duplicate_of": fault.original],
                after: ["state": state.rawValue, "duplicate_of": nil]
            ))
        return try await find(.id(fault.id))
    }

    private static func refused(_ code: FieldProblem.Code) -> Failure {
        Failure.refused([FieldProblem("original", code)])
    }
}

/// What a fault on hold was waiting for, kept in the timeline's facts so that an undo can restore it.
private struct HeldFacts {
    var reason: String?
    var until: CalendarDate?

    init(reason: String?, until: CalendarDate?) {
        self.reason = reason
        self.until = until
    }

    init(_ bytes: JSONBytes) {
        let facts = (try? bytes.decode([String: String].self)) ?? [:]
        reason = facts["hold_reason"]
        until = facts["hold_until"].flatMap { CalendarDate($0) }
    }

    var facts: [String: String] {
        var facts: [String: String] = [:]
        facts["hold_reason"] = reason
        facts["hold_until"] = until?.description
        return facts
    }
}

/// Another fault, to be linked to.
struct FaultLink: Record, Sendable {
    let id: UUID
    let number: String
    let title: String

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        title = try row["title"]
    }

    /// What was merged into the fault.
    static func duplicates(of key: FaultKey, _ tenant: Int32) -> Query<[FaultLink]> {
        .many(
            """
            select f.id, f.number, f.title from app.fault_duplicate d join app.fault f on f.tenant_id = d.tenant_id and f.id = d.fault_id
             where d.tenant_id = \(tenant) and d.original_id = \(key.id(tenant)) order by f.id
            """)
    }
}

extension FaultLine {
    /// Open faults of the week before at the same place: in the same unit, or of the same category in the same building.
    static func similar(to key: FaultKey, _ tenant: Int32) -> Query<[FaultLine]> {
        let this = { (column: SQL) in
            "(select \(column) from app.fault where tenant_id = \(tenant) and id = \(key.id(tenant)))" as SQL
        }
        return page(
            """
            f.tenant_id = \(tenant) and f.state = any(\(FaultState.open.map(\.rawValue))) and f.building_id = \(this("building_id"))
              and f.id <> \(key.id(tenant)) and f.reported_at > \(this("reported_at - interval '7 days'"))
              and (f.unit_id is not distinct from \(this("unit_id")) or f.category = \(this("category")))
            """, .first, size: 2)
    }
}

extension Failure {
    static let undoOver = Failure(.conflict, "undo_over", "This can no longer be undone")
}
