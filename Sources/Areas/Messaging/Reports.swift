import Audit
import Database
import Forms
import Foundation
import HTML
import Jobs
import Notifications
import Tenancy
import Web

/// A message that somebody has reported.
struct MessageReport: Record, Sendable {
    let id: UUID
    let message: Message
    let reporter: String
    let reason: String
    let reportedAt: Date
    let closedAt: Date?
    let closedBy: String?
    let outcome: String?

    init(row: Row) throws {
        id = try row["report_id"]
        message = try Message(row: row)
        reporter = try row["reporter"]
        reason = try row["reason"]
        reportedAt = try row["reported_at"]
        closedAt = try row["closed_at"]
        closedBy = try row["closed_by"]
        outcome = try row["outcome"]
    }

    var path: WebPath { "/admin/message-reports/\(id.text)" }

    private static let rows: SQL = """
        select r.id as report_id, \(Message.columns), w.name as reporter, r.reason, r.reported_at, r.closed_at, n.name as closed_by, r.outcome
          from app.message_report r
          join app.message x on x.tenant_id = r.tenant_id and x.id = r.message_id
          join app.member m on m.tenant_id = x.tenant_id and m.id = x.author_id
          join app.member w on w.tenant_id = r.tenant_id and w.id = r.reporter_id
          left join app.member n on n.tenant_id = r.tenant_id and n.id = r.closed_by
        """

    static func find(_ id: UUID, _ tenant: Int32) -> Query<MessageReport> {
        .one("\(rows) where r.tenant_id = \(tenant) and r.id = \(id)")
    }

    static func page(_ tenant: Int32, isClosed: Bool, _ cursor: Cursor, size: Int) -> Query<[MessageReport]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and r.id < \(id)", "desc")
            case .before(let id): ("and r.id > \(id)", "asc")
            }
        return .many(
            "\(rows) where r.tenant_id = \(tenant) and \(shelf(isClosed)) \(seek) order by r.id \(order) limit \(size + 1)")
    }

    static func count(_ tenant: Int32, isClosed: Bool) -> Query<Int> {
        .value("select count(*) from app.message_report r where r.tenant_id = \(tenant) and \(shelf(isClosed))", Int.self)
    }

    private static func shelf(_ isClosed: Bool) -> SQL { isClosed ? "r.closed_at is not null" : "r.closed_at is null" }

    /// Messages before and after it, as many as show what was going on, and no more.
    static let surroundings = 5

    static func around(_ report: UUID, _ tenant: Int32) -> Query<[Message]> {
        .many(
            """
            select \(Message.columns) from app.message_report r
              join app.message o on o.tenant_id = r.tenant_id and o.id = r.message_id
              join app.message x on x.tenant_id = o.tenant_id and x.conversation_id = o.conversation_id
                   and x.seq between o.seq - \(surroundings)::int and o.seq + \(surroundings)::int
              join app.member m on m.tenant_id = x.tenant_id and m.id = x.author_id
             where r.tenant_id = \(tenant) and r.id = \(report) order by x.seq
            """)
    }

    static func files(_ report: UUID, _ tenant: Int32) -> Query<[MessageFile]> {
        .many(
            """
            select a.id, a.message_id, a.filename, a.object_key, a.thumb_key, a.width, a.height, a.bytes
              from app.message_report r join app.message_file a on a.tenant_id = r.tenant_id and a.message_id = r.message_id
             where r.tenant_id = \(tenant) and r.id = \(report) order by a.id
            """)
    }

    static func versions(_ report: UUID, _ tenant: Int32) -> Query<[MessageVersion]> {
        .many(
            """
            select e.message_id, e.body, e.at from app.message_report r
              join app.message_edit e on e.tenant_id = r.tenant_id and e.message_id = r.message_id
             where r.tenant_id = \(tenant) and r.id = \(report) order by e.id
            """)
    }
}

extension Conversations {
    /// Tells those who look after it. A second time by the same person changes nothing.
    ///
    /// - Throws: 404, 403 for one's own message.
    func report(_ id: UUID, in conversation: UUID, _ draft: ReportDraft) async throws -> UUID {
        let message = try await tx.query(Message.find(id, in: conversation, viewer))
        guard message.authorID != viewer.member else { throw Failure.forbidden }
        let report = UUID.v7(now: now)
        let fresh = try await tx.execute(
            """
            insert into app.message_report(tenant_id, id, message_id, reporter_id, reason, reported_at)
            values (\(tenant), \(report), \(id), \(viewer.member), \(draft.reason), \(now)) on conflict do nothing
            """)
        guard fresh == 1 else {
            return try await tx.value(
                """
                select id from app.message_report
                 where tenant_id = \(tenant) and message_id = \(id) and reporter_id = \(viewer.member)
                """, UUID.self)
        }
        try tx.publish(MessageReported(report: report, message: id))
        try tx.audit("message.reported", "message", id)
        tx.signal(.init("message_report"))
        return report
    }
}

/// What those do who look after reports.
struct Moderation {
    let tx: Tx

    /// Nobody looks at other people's messages without a trace.
    func looked(at report: UUID) throws { try tx.audit("message_report.seen", "message_report", report) }

    /// - Throws: 404, 409 when it is closed.
    func close(_ id: UUID, _ draft: OutcomeDraft) async throws -> MessageReport {
        let before = try await tx.query(MessageReport.find(id, tx.facts.tenant))
        let touched = try await tx.execute(
            """
            update app.message_report set closed_at = \(tx.facts.now), closed_by = \(tx.facts.actor), outcome = \(draft.outcome)
             where tenant_id = \(tx.facts.tenant) and id = \(before.id) and closed_at is null
            """)
        guard touched == 1 else { throw Failure(.conflict, "already_closed", "Somebody has closed this report already") }
        try tx.audit("message_report.closed", "message_report", id)
        return try await tx.query(MessageReport.find(id, tx.facts.tenant))
    }
}
