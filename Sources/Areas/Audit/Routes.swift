import Database
import Foundation
import HTML
import NIOCore
import UI
import Web

/// The company's audit log and its seals. What happened to one record is shown by the record's own area.
package struct AuditRoutes: Sendable {
    let values: AuditValueWords

    /// - Parameter values: words of the areas for what their lines store.
    package init(values: [AuditValueWords]) {
        self.values = { entity, field, value, context in
            for words in values { if let text = words(entity, field, value, context) { return text } }
            return nil
        }
    }

    package func add(to routes: Routes) {
        routes.get("admin/audit", may: .seeAudit, use: list)
        routes.get("admin/audit.csv", may: .seeAudit, use: export)
        routes.get("admin/audit/seals", may: .seeAudit, use: seals)
        routes.post("admin/audit/verification", may: .seeAudit, use: verify)
        routes.get("audit", may: .seeAudit, on: .api, use: list)
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
            var csv = CSV(head: AuditLine.head)
            var before: UUID?
            repeat {
                let lines = try await context.read(AuditLine.list(request.filter, before: before, after: nil, limit: 1000))
                for line in lines { csv.append(line.cells) }
                try await write(ByteBuffer(bytes: csv.take()))
                before = lines.count == 1000 ? lines.last?.id : nil
            } while before != nil
        }
        return .file(FileReply(content, type: "text/csv; charset=utf-8", filename: "audit.csv"))
    }

    // MARK: Seals

    @Sendable func seals(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (standing, last) = try await context.read(
            SealStanding.of(context.tenant.id), AuditLine.last(context.tenant.id, action: "audit.verified"))
        return .show(
            AuditDesk(context, values: values).seals(standing, last: last.first),
            json: SealsJSON(standing, lastCheck: last.first.map(AuditJSON.init)))
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

struct SealsJSON: Encodable, Sendable {
    let sealed: Int
    let waiting: Int
    let sealedAt: Date?
    let head: String?
    let lastCheck: AuditJSON?

    init(_ standing: SealStanding, lastCheck: AuditJSON?) {
        sealed = standing.sealed
        waiting = standing.waiting
        sealedAt = standing.sealedAt
        head = standing.head
        self.lastCheck = lastCheck
    }
}
