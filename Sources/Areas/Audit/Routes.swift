import Database
import Forms
import Foundation
import HTML
import NIOCore
import Signing
import Threads
import UI
import Web

/// The company's audit log and its seals. What happened to one record is shown by the record's own area.
package struct AuditRoutes: Sendable {
    let values: AuditValueWords
    /// Signing and packing.
    private let threads = BoundedThreads(name: "seal", count: 1, waiting: 20)

    /// - Parameter values: words of the areas for what their lines store.
    package init(values: [AuditValueWords]) {
        self.values = { entity, field, value, context in
            for words in values { if let text = words(entity, field, value, context) { return text } }
            return nil
        }
    }

    package func add(to routes: Routes) {
        routes.chapter("Audit log")
        routes.get("admin/audit", may: .seeAudit, use: list)
            .tells("Lists what was done by whom, newest first.")
            .asks(AuditRequest.fields).lists(AuditJSON.self)
        routes.get("admin/audit.csv", may: .seeAudit, use: export)
            .tells("The same as CSV, all pages.")
            .asks(AuditRequest.fields).asks(.paging).gives(file: "text/csv")
        routes.post("admin/audit/export", may: .seeAudit, use: sealedExport)
            .tells("The same, signed (CMS) and packed with its signature.")
            .asks(AuditRequest.fields).asks(.paging).gives(file: "application/zip")
        routes.get("admin/audit/certificates.pem", may: .seeAudit, use: certificates)
            .tells("All certificates that exports were ever signed with.").gives(file: "application/x-pem-file").fails(404)
        routes.get("admin/audit/seals", may: .seeAudit, use: seals)
            .tells("How the chain of seals stands.").gives(SealsJSON.self)
        routes.post("admin/audit/verification", may: .seeAudit, use: verify)
            .tells("Recomputes the chain of seals.").gives(AuditVerdict.self)
        routes.get("audit", may: .seeAudit, on: .api, use: list)
            .tells("The same as `/admin/audit`.")
            .asks(AuditRequest.fields).lists(AuditJSON.self)
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try AuditRequest(incoming, context)
        let (lines, total) = try await context.read(
            AuditLine.list(
                request.filter, before: request.cursor.afterID, after: request.cursor.beforeID, limit: request.size + 1),
            AuditLine.count(request.filter))
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        return .show(
            AuditDesk(context, values: values).list(page, total, request),
            json: ListJSON(items: page.lines.map(AuditJSON.init), nextCursor: page.next?.text, total: total))
    }

    /// All pages of the list, sent while they are read: however long the log is, one page of it stands in memory.
    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try AuditRequest(incoming, context)
        let facts = request.values.mapValues { Optional($0) }
        try await context.write { tx in try tx.audit("audit.exported", "audit", nil, AuditChange(after: facts)) }
        let content = FileReply.Content.stream { write in
            try await request.write(context) { try await write(ByteBuffer(bytes: $0)) }
        }
        return .file(FileReply(content, type: "text/csv; charset=utf-8", filename: "audit.csv"))
    }

    /// The same, signed. Who takes the log away is in the log.
    @Sendable func sealedExport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try AuditRequest(incoming, context)
        let facts = request.values.merging(["signed": "yes"]) { $1 }.mapValues { Optional($0) }
        try await context.write { tx in try tx.audit("audit.exported", "audit", nil, AuditChange(after: facts)) }
        let standing = try await context.read(SealStanding.of(context.tenant.id))
        return .file(try await SealedExport(context: context, request: request, threads: threads).file(seal: standing.note))
    }

    /// All certificates that exports were ever signed with, for whoever checks an old one.
    @Sendable func certificates(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let keys = try await context.read(SealKey.all(context.tenant.id))
        guard !keys.isEmpty else { throw Failure.notFound }
        let text = keys.map { SealIdentity(certificate: $0.certificate, privateKey: []).pem }.joined()
        return .file(FileReply(.bytes(Array(text.utf8)), type: "application/x-pem-file", filename: "certificates.pem"))
    }

    // MARK: Seals

    @Sendable func seals(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let tenant = context.tenant.id
        let (standing, last, keys) = try await context.read(
            SealStanding.of(tenant), AuditLine.last(tenant, action: "audit.verified"), SealKey.all(tenant))
        let fingerprint = keys.first.map { SealKey.fingerprint($0.certificate) }
        return .show(
            AuditDesk(context, values: values).seals(standing, last: last.first, fingerprint: fingerprint),
            json: SealsJSON(standing, lastCheck: last.first.map(AuditJSON.init), certificate: fingerprint))
    }

    /// Recomputes the chain now. The result is itself a line of the log, which is where the page finds it.
    @Sendable func verify(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let verdict = try await context.read { tx in try await AuditVerifier(tx).verify() }
        try await context.write { tx in
            try tx.audit(
                "audit.verified", "audit", nil,
                AuditChange(
                    after: ["result": verdict.result, "line": verdict.finding?.line, "sealed": String(verdict.sealed)].filter {
                        $0.value != nil
                    }))
        }
        let t = AuditMessages(context.language).seals
        return try .done(
            verdict, at: "/admin/audit/seals",
            flash: verdict.isIntact ? Flash(t.intact) : Flash(t.broken, tone: .bad))
    }
}

/// How a company's chain stands.
struct SealStanding: Record, Sendable {
    let sealed: Int
    let waiting: Int
    let sealedAt: Date?
    let head: String?

    init(row: Row) throws {
        sealed = try row["sealed"]
        waiting = try row["waiting"]
        sealedAt = try row["sealed_at"]
        head = try row["head"]
    }

    /// What is noted elsewhere to prove later how the chain stood: "1204:9f…"; nil when nothing was sealed yet.
    var note: String? { head.map { "\(sealed):\($0)" } }

    /// Waiting are lines of transactions that the last seal could not yet see.
    static func of(_ tenant: Int32) -> Query<SealStanding> {
        .one(
            """
            select coalesce(s.id, 0) as sealed, s.sealed_at, encode(s.hash, 'hex') as head,
                   (select count(*) from app.audit_line l where l.tenant_id = \(tenant) and l.written_xid >= coalesce(s.horizon, 0)
                       and not exists (select from app.audit_seal k where k.tenant_id = l.tenant_id and k.line_id = l.id)) as waiting
              from (values (1)) as one(row)
              left join lateral (select * from app.audit_seal where tenant_id = \(tenant) order by id desc limit 1) s on true
            """)
    }
}

struct SealsJSON: Codable, Sendable {
    let sealed: Int
    let waiting: Int
    let sealedAt: Date?
    let head: String?
    let lastCheck: AuditJSON?
    /// Its SHA-256; nil before the first signed export.
    let certificate: String?

    init(_ standing: SealStanding, lastCheck: AuditJSON?, certificate: String?) {
        self.certificate = certificate
        sealed = standing.sealed
        waiting = standing.waiting
        sealedAt = standing.sealedAt
        head = standing.head
        self.lastCheck = lastCheck
    }
}
