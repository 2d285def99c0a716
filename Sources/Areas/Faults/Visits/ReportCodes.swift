import Audit
import Database
import Foundation
import Web

/// Making, replacing and ending the codes on sheets; each is one transaction's worth.
struct ReportCodes {
    let tx: Tx
    let tokens: VisitorTokens

    private var tenant: Int32 { tx.facts.tenant }

    /// A code for a place that has none.
    ///
    /// - Throws: 400 when there is no such place, or it has a code.
    func make(_ value: String) async throws -> ReportCode {
        let places = try await tx.query(CodelessPlace.all(tenant)).filter { $0.value == value }
        guard let id = try await make(places).first else { throw Failure.refused([.init("place", .notFound)]) }
        return try await tx.query(ReportCode.find(id, tenant))
    }

    /// One for every building that has none for itself.
    func makeMissing() async throws -> Int {
        try await make(try await tx.query(CodelessPlace.all(tenant)).filter { $0.part == nil }).count
    }

    private func make(_ places: [CodelessPlace]) async throws -> [UUID] {
        var made: [UUID] = []
        for place in places {
            let id = UUID.v7()
            let values: SQL = "\(place.buildingID)::uuid, \(place.entranceID)::uuid, \(place.partID)::uuid"
            // Of two who make it at once, the second one gets the first one's.
            guard try await tx.execute(insert(id, values, from: "on conflict do nothing")) == 1 else { continue }
            try tx.audit(
                "report_code.made", "report_code", id, AuditChange(after: ["building": place.building, "part": place.part]))
            made.append(id)
        }
        return made
    }

    private func insert(_ id: UUID, _ place: SQL, from: SQL) -> SQL {
        """
        insert into app.report_code(tenant_id, id, building_id, entrance_id, part_id, token_hash, made_at, made_by)
        select \(tenant)::int, \(id)::uuid, \(place), \(VisitorTokens.hash(tokens.code(id, tenant)))::bytea,
               \(tx.facts.now)::timestamptz, \(tx.facts.actor)::uuid \(from)
        """
    }

    /// Another code for the same place; the old one stops at once.
    func replace(_ id: UUID) async throws -> ReportCode {
        try await end(id)
        let fresh = UUID.v7()
        try await tx.execute(
            insert(
                fresh, "c.building_id, c.entrance_id, c.part_id",
                from: "from app.report_code c where c.tenant_id = \(tenant) and c.id = \(id)"))
        try tx.audit(
            "report_code.replaced", "report_code", fresh, AuditChange(before: ["id": id.text], after: ["id": fresh.text]))
        return try await tx.query(ReportCode.find(fresh, tenant))
    }

    /// - Throws: 404 when there is none in force.
    func end(_ id: UUID) async throws {
        let ended = try await tx.execute(
            """
            update app.report_code set ended_at = \(tx.facts.now), ended_by = \(tx.facts.actor)
             where tenant_id = \(tenant) and id = \(id) and ended_at is null
            """)
        guard ended == 1 else { throw Failure.notFound }
        try tx.audit("report_code.ended", "report_code", id)
    }
}
