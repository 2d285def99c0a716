import Audit
import Database
import Forms
import Foundation
import Web

/// Buildings and what they consist of. Each function is one transaction's worth: change and audit line.
struct Estate {
    let tx: Tx
    let today: CalendarDate

    private var tenant: Int32 { tx.facts.tenant }

    func find(_ kind: EstateKind, _ id: UUID, lock: Bool = false) async throws -> EstateRecord {
        try await tx.query(EstateRecord.find(kind, id, tenant, lock: lock))
    }

    /// - Throws: 404 when the building is not there, `FormErrors` when the name is taken.
    func add(_ kind: EstateKind, in building: UUID?, _ fields: [String: String]) async throws -> EstateRecord {
        if let building { _ = try await find(.building, building, lock: true) }
        let id = UUID.v7(now: tx.facts.now)
        try await naming(kind) { try await tx.execute(kind.insert(id, in: building, fields, tenant)) }
        try tx.audit("\(kind.rawValue).added", kind.rawValue, id, AuditChange(after: fields.mapValues { $0 }))
        return try await find(kind, id)
    }

    /// Changes fields. Stale versions are merged where the two changes do not touch the same field.
    ///
    /// - Throws: 409 with the lines that overlap (`FieldConflict`), `FormErrors` when the name is taken.
    func edit(_ kind: EstateKind, _ id: UUID, _ edit: FieldEdit) async throws -> (record: EstateRecord, merged: Bool) {
        let before = try await find(kind, id, lock: true)
        let fields = try edit.merged(with: before)
        let stale = edit.version.map { $0 != before.version } ?? false
        guard fields != before.fields else { return (before, stale) }
        try await naming(kind) {
            try await tx.execute(
                """
                update \(kind.table) set \(kind.assignments(fields)), version = version + 1
                 where tenant_id = \(tenant) and id = \(id)
                """)
        }
        try tx.audit(
            "\(kind.rawValue).edited", kind.rawValue, id,
            AuditChange(before: before.fields.mapValues { $0 }, after: fields.mapValues { $0 }))
        return (try await find(kind, id), stale)
    }

    /// Takes it out of use; nothing that refers to it is touched. Doing it twice changes nothing.
    ///
    /// - Throws: 409 while somebody lives in it or will.
    func archive(_ kind: EstateKind, _ id: UUID) async throws -> EstateRecord {
        let record = try await find(kind, id, lock: true)
        guard record.archivedAt == nil else { return record }
        if try await isLivedIn(record) { throw Failure.livedIn }
        try await set(record, archivedAt: tx.facts.now)
        try tx.audit("\(kind.rawValue).archived", kind.rawValue, id)
        return try await find(kind, id)
    }

    func restore(_ kind: EstateKind, _ id: UUID) async throws -> EstateRecord {
        let record = try await find(kind, id, lock: true)
        guard record.archivedAt != nil else { return record }
        try await set(record, archivedAt: nil)
        try tx.audit("\(kind.rawValue).restored", kind.rawValue, id)
        return try await find(kind, id)
    }

    private func set(_ record: EstateRecord, archivedAt: Date?) async throws {
        try await tx.execute(
            """
            update \(record.kind.table) set archived_at = \(archivedAt), version = version + 1
             where tenant_id = \(tenant) and id = \(record.id)
            """)
    }

    private func isLivedIn(_ record: EstateRecord) async throws -> Bool {
        let units: SQL
        switch record.kind {
        case .building: units = "u.building_id = \(record.id)"
        case .unit: units = "u.id = \(record.id)"
        case .entrance, .commonPart: return false
        }
        return try await tx.value(
            """
            select exists (select from app.unit u join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
                            where u.tenant_id = \(tenant) and \(units) and o.kind = 'resident' and coalesce(o.until >= \(today), true))
            """, Bool.self)
    }

    /// The database decides whether a name is free and an entrance is the building's own.
    private func naming(_ kind: EstateKind, _ change: () async throws -> Int) async throws {
        do {
            _ = try await change()
        } catch let error as DatabaseError where error.isUniqueViolation() {
            throw FormErrors([FieldProblem(kind.naming, .taken)])
        } catch let error as DatabaseError where error.isForeignKeyViolation {
            throw FormErrors([FieldProblem("entrance_id", .notFound)])
        }
    }
}

extension Failure {
    static let livedIn = Failure(.conflict, "lived_in", "Somebody lives here; they must move out first")
}
