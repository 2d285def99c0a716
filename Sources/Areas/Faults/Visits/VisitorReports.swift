import Audit
import Database
import Foundation
import Jobs
import Operations
import Web

/// What a visitor's report is, once it stands.
struct VisitorReport: Sendable {
    let fault: UUID
    let number: String
}

/// Puts a visitor's report on record: as `Faults.report`, through a role that only inserts, so nothing here reads.
struct VisitorReports {
    let tx: Tx
    let settings: FaultSettings
    let zone: TimeZone
    let tokens: VisitorTokens
    let language: String

    private var tenant: Int32 { tx.facts.tenant }
    private var now: Date { tx.facts.now }

    /// - Parameter request: what makes the same form sent twice one report.
    /// - Throws: 404 when the code has stopped meanwhile; a `DatabaseError` 23505 when this very request stands already.
    func report(_ draft: VisitorDraft, _ code: ReportCode, photos: [StoredPhoto], _ request: VisitorRequest?) async throws
        -> VisitorReport
    {
        let id = UUID.v7(now: now)
        let priority = settings.priority(category: draft.category, words: draft.title + " " + draft.description)
        let due = now.addingTimeInterval(Double(settings.hours(category: draft.category, priority: priority)) * 3600)
        let number = try await tx.value(
            """
            select app.take_report(\(code.tokenHash), \(id), \(draft.title), \(draft.description), \(draft.category),
                                   \(priority.rawValue), \(draft.locationNote), \(Int32(CalendarDate(now, in: zone).year)), \(now), \(due))
            """, String?.self)
        guard let number else { throw Failure.notFound }
        add(photos, to: id)
        tx.atCommit(
            """
            insert into app.fault_visitor(tenant_id, id, code_id, token_hash, name, email, phone, language, request_key, request_print,
                                          reported_at)
            values (\(tenant), \(id), \(code.id), \(VisitorTokens.hash(tokens.link(id, tenant))), \(draft.name), \(draft.email),
                    \(draft.phone), \(language), \(request?.key), \(request?.print), \(now))
            """)
        tx.atCommit("insert into app.fault_suggestion(tenant_id, id, state) values (\(tenant), \(id), 'queued')")
        tx.atCommit(
            """
            insert into app.fault_entry(tenant_id, id, fault_id, at, kind, to_state, facts)
            values (\(tenant), \(UUID.v7()), \(id), \(now), 'reported', 'reported', '{"by": "visitor"}')
            """)
        try tx.publish(FaultReported(fault: id))
        try tx.enqueue(AssignAnyway(fault: id), at: now.addingTimeInterval(FaultJobs.patience))
        try tx.audit(
            "fault.reported", "fault", id,
            AuditChange(after: ["number": number, "title": draft.title, "priority": priority.rawValue, "source": "qr"]))
        return VisitorReport(fault: id, number: number)
    }

    private func add(_ photos: [StoredPhoto], to fault: UUID) {
        for photo in photos {
            tx.spool(photo.full)
            tx.spool(photo.thumb)
            tx.atCommit(
                """
                insert into app.fault_photo(tenant_id, id, fault_id, stage, object_key, thumb_key, width, height, bytes, added_at)
                values (\(tenant), \(photo.id), \(fault), 'report', \(photo.full.key), \(photo.thumb.key), \(photo.width)::int,
                        \(photo.height)::int, \(photo.bytes)::int, \(now))
                """)
        }
    }
}

/// A form or request that may come twice: hashed, because programs choose their keys themselves.
struct VisitorRequest: Sendable {
    let key: [UInt8]
    /// Of what was said.
    let print: [UInt8]

    init?(_ incoming: Incoming, _ code: ReportCode) {
        guard let key = incoming.formKey else { return nil }
        self.key = VisitorTokens.hash("\(code.id.text) \(key)")
        print = VisitorTokens.hash(
            incoming.submission.fingerprint(without: ["csrf_token", "form_key", Humanity.stamp, Humanity.trap]))
    }

    /// What stands under it already.
    ///
    /// - Throws: 422 when it said something else.
    func earlier(_ context: TenantContext) async throws -> VisitorReport? {
        let found = try await context.walled.read(
            Query.first(
                """
                select v.id, f.number, v.request_print = \(self.print) as is_same
                  from app.fault_visitor v join app.fault f on f.tenant_id = v.tenant_id and f.id = v.id
                 where v.tenant_id = \(context.tenant.id) and v.request_key = \(key)
                """, Earlier.self))
        guard let found else { return nil }
        guard found.isSame else { throw Failure.idempotencyMismatch }
        return VisitorReport(fault: found.id, number: found.number)
    }

    private struct Earlier: Record {
        let id: UUID
        let number: String
        let isSame: Bool

        init(row: Row) throws {
            id = try row["id"]
            number = try row["number"]
            isSame = try row["is_same"]
        }
    }
}
