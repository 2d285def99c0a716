import Audit
import Database
import Forms
import Foundation
import Web

/// Who lives in and owns a unit, and from when to when. Each function is one transaction's worth: change, audit line, event.
///
/// That shares never exceed one whole decides the database (`app.check_shares`), for every way in.
struct Occupancies {
    let tx: Tx

    private var tenant: Int32 { tx.facts.tenant }

    /// Somebody moves in, or becomes an owner.
    ///
    /// - Throws: 404 for an unknown unit, `FormErrors` for an unknown person or one who is there already on some of these days,
    ///   409 when the shares would exceed one whole.
    func begin(_ kind: OccupancyKind, in unit: UUID, _ draft: OccupancyDraft) async throws -> OccupancyLine {
        try await take(unit)
        let member = try await draft.person.id(tx)
        try await refuseOverlap(kind, unit, member, draft.since, draft.until)
        let id = try await insert(kind, unit, member, draft.share, draft.since, draft.until)
        return try await find(id)
    }

    /// Somebody moves out, or stops being an owner: `last` is the last day.
    func end(_ id: UUID, _ draft: EndDraft) async throws -> OccupancyLine {
        let before = try await found(id, draft.version)
        guard draft.last >= before.since else { throw FormErrors([FieldProblem("until", .own("ends_before_start"))]) }
        try await close(before, draft.last)
        return try await find(id)
    }

    /// An owner hands over the unit, or a part of their share, on a day: from then on it is the other's.
    func transfer(_ id: UUID, _ draft: TransferDraft) async throws -> OccupancyLine {
        let before = try await found(id, draft.version)
        guard before.kind == .owner else { throw Failure.notFound }
        guard let last = draft.on.adding(days: -1), last >= before.since, before.until.map({ $0 >= draft.on }) ?? true else {
            throw FormErrors([FieldProblem("on", .own("not_owner_then"))])
        }
        let member = try await draft.person.id(tx)
        guard member != before.memberID else { throw FormErrors([FieldProblem("person", .own("same_person"))]) }
        try await refuseOverlap(.owner, before.unitID, member, draft.on, before.until)
        let rest = try rest(of: before, after: draft.share)
        try await close(before, last)
        if let rest { _ = try await insert(.owner, before.unitID, before.memberID, rest, draft.on, before.until) }
        let new = try await insert(.owner, before.unitID, member, draft.share ?? before.share, draft.on, before.until)
        return try await find(new)
    }

    /// Takes back an entry that was made by mistake. The audit line keeps what it said.
    func withdraw(_ id: UUID) async throws -> OccupancyLine {
        let line = try await found(id, nil)
        try await tx.execute("delete from app.occupancy where tenant_id = \(tenant) and id = \(id)")
        try tx.audit("occupancy.withdrawn", "occupancy", id, AuditChange(before: line.facts))
        try tx.publish(OccupancyChanged(occupancy: id, unit: line.unitID, member: line.memberID, what: "withdrawn"))
        return line
    }

    // MARK: Parts

    private func rest(of line: OccupancyLine, after part: Share?) throws -> Share? {
        guard let part else { return nil }
        guard let share = line.share else { throw FormErrors([FieldProblem("share", .own("share_unknown"))]) }
        do {
            return try share.minus(part)
        } catch is Share.TooLarge {
            throw FormErrors([FieldProblem("share", .own("more_than_owned"))])
        } catch is Share.Overflow {
            throw FormErrors([FieldProblem("share", .own("too_fine"))])
        }
    }

    private func find(_ id: UUID) async throws -> OccupancyLine {
        try await tx.query(OccupancyLine.find(id, tenant))
    }

    /// The unit's row is the lock of everything that happens to its people.
    private func found(_ id: UUID, _ version: Int?) async throws -> OccupancyLine {
        let line = try await find(id)
        try await take(line.unitID, evenArchived: true)
        let fresh = try await tx.query(OccupancyLine.find(id, tenant, lock: true))
        if let version, version != fresh.version { throw Failure.staleVersion }
        return fresh
    }

    func take(_ unit: UUID, evenArchived: Bool = false) async throws {
        let archived = try await tx.value(
            "select archived_at is not null from app.unit where tenant_id = \(tenant) and id = \(unit) for no key update",
            Bool.self)
        if archived, !evenArchived { throw Failure.unitArchived }
    }

    private func refuseOverlap(
        _ kind: OccupancyKind, _ unit: UUID, _ member: UUID, _ since: CalendarDate, _ until: CalendarDate?
    ) async throws {
        let overlaps = try await tx.value(
            """
            select exists (select from app.occupancy o where o.tenant_id = \(tenant) and o.unit_id = \(unit)
               and o.member_id = \(member) and o.kind = \(kind.rawValue) and coalesce(o.until >= \(since), true)
               and coalesce(o.since <= \(until), true))
            """, Bool.self)
        if overlaps { throw FormErrors([FieldProblem("person", .own("already_there"))]) }
    }

    func insert(
        _ kind: OccupancyKind, _ unit: UUID, _ member: UUID, _ share: Share?, _ since: CalendarDate, _ until: CalendarDate?
    ) async throws -> UUID {
        let id = UUID.v7(now: tx.facts.now)
        try await Self.keepingWhole {
            try await tx.execute(
                """
                insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, until, numerator, denominator)
                values (\(tenant), \(id), \(unit), \(member), \(kind.rawValue), \(since), \(until), \(share?.numerator),
                        \(share?.denominator))
                """)
        }
        var facts: [String: String?] = [
            "kind": kind.rawValue, "since": since.description, "unit": unit.text, "member": member.text
        ]
        if let share { facts["share"] = share.text }
        if let until { facts["until"] = until.description }
        try tx.audit("occupancy.began", "occupancy", id, AuditChange(after: facts))
        try tx.publish(OccupancyChanged(occupancy: id, unit: unit, member: member, what: "began"))
        return id
    }

    private func close(_ line: OccupancyLine, _ last: CalendarDate) async throws {
        try await Self.keepingWhole {
            try await tx.execute(
                """
                update app.occupancy set until = \(last), version = version + 1 where tenant_id = \(tenant) and id = \(line.id)
                """)
        }
        try tx.audit(
            "occupancy.ended", "occupancy", line.id,
            AuditChange(before: ["until": line.until?.description], after: ["until": last.description]))
        try tx.publish(OccupancyChanged(occupancy: line.id, unit: line.unitID, member: line.memberID, what: "ended"))
    }

    private static func keepingWhole(_ change: () async throws -> Int) async throws {
        do {
            _ = try await change()
        } catch let error as DatabaseError where error.constraint == "occupancy_whole" {
            throw Failure.sharesExceed
        }
    }
}

extension OccupancyLine {
    fileprivate var facts: [String: String?] {
        [
            "kind": kind.rawValue, "since": since.description, "until": until?.description, "share": share?.text,
            "unit": unitID.text, "member": memberID.text
        ]
    }
}

extension Failure {
    static let unitArchived = Failure(.conflict, "archived", "This unit is archived")
    /// 409: another change may have come first, and taken the rest of the whole.
    static var sharesExceed: Failure {
        var failure = Failure(.conflict, "shares_exceed_whole", "The shares of this unit would exceed one whole")
        failure.problems = [FieldProblem("share", .own("shares_exceed_whole"))]
        return failure
    }
}
