import Database
import Foundation
import Jobs
import Notifications
import Tenancy
import Web

/// Tells people, once, of what they have not read for a while: one notice for all of it, by mail to those who want that.
package struct TellOfUnread: Job {
    package static let kind = "messaging.tell-unread"
    static let notice = "message.unread"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}

/// Tells those who look after reports that there is one.
struct TellOfReport: Job {
    static let kind = "messaging.tell-report"
    let report: UUID
}

package struct MessageJobs: Sendable {
    let tenants: Tenants

    package init(tenants: Tenants) {
        self.tenants = tenants
    }

    /// What a report causes.
    package static func tell(_ event: MessageReported, _ facts: TxFacts) -> [any Job] { [TellOfReport(report: event.report)] }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(TellOfUnread.self) { job, context in
            let tenant = try tenant(context)
            while try await context.db.write({ tx in try await job.run(tx, tenant[MessagingSettings.section]) })
                == TellOfUnread.portion
            {}
        }
        handlers.register(PushMessage.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(TellOfReport.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await job.run(tx, tenant) }
        }
    }

    private func tenant(_ context: JobContext) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }
}

extension TellOfUnread {
    static let portion = 200

    /// Somebody with unread messages that no notice has told of.
    private struct Reader: Record {
        let member: UUID
        let conversations: [UUID]
        let count: Int
        let name: String
        let newest: UUID

        init(row: Row) throws {
            member = try row["member_id"]
            conversations = try row["conversations"]
            count = try row["count"]
            name = try row["name"]
            newest = try row["newest"]
        }
    }

    /// - Returns: how many people were told.
    func run(_ tx: Tx, _ settings: MessagingSettings) async throws -> Int {
        let readers = try await tx.query(unread(tx.facts, settings))
        for reader in readers {
            // Marked before it is told: a worker that dies in between takes both back.
            try await tx.execute(
                """
                update app.conversation_member p set noted_seq = c.last_seq
                  from app.conversation c
                 where p.tenant_id = \(tx.facts.tenant) and p.member_id = \(reader.member) and c.tenant_id = p.tenant_id
                   and c.id = p.conversation_id and p.conversation_id = any(\(reader.conversations))
                """)
            let only = reader.conversations.count == 1 ? reader.conversations.first : nil
            try await tx.notify(
                [reader.member],
                Notice(
                    Self.notice, path: only.map { "/messages/\($0.text)" } ?? "/messages",
                    facts: ["count": String(reader.count), "name": reader.name], dedupeKey: "unread:\(reader.newest.text)"))
        }
        return readers.count
    }

    private func unread(_ facts: TxFacts, _ settings: MessagingSettings) -> Query<[Reader]> {
        let old = facts.now.addingTimeInterval(-Double(settings.summaryMinutes) * 60)
        return .many(
            """
            select p.member_id, array_agg(distinct p.conversation_id) as conversations, count(*) as count,
                   (array_agg(a.name order by x.id desc))[1] as name, (array_agg(x.id order by x.id desc))[1] as newest
              from app.conversation_member p
              join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
              join app.message x on x.tenant_id = c.tenant_id and x.conversation_id = c.id
                   and x.seq > greatest(p.read_seq, p.noted_seq, p.from_seq)
              join app.member a on a.tenant_id = x.tenant_id and a.id = x.author_id
             where p.tenant_id = \(facts.tenant) and p.left_at is null and coalesce(p.muted_until <= \(facts.now), true)
               and c.last_seq > greatest(p.read_seq, p.noted_seq) and x.author_id <> p.member_id and x.deleted_at is null
               and not exists (select from app.message_block k where k.tenant_id = p.tenant_id and k.member_id = p.member_id
                                  and k.blocked_id = x.author_id)
             group by p.member_id having min(x.sent_at) <= \(old) order by p.member_id limit \(Self.portion)
            """)
    }
}

extension TellOfReport {
    func run(_ tx: Tx, _ company: Tenant) async throws {
        let roles = company.roleKeys(granting: .moderateMessages)
        let (found, people) = try await tx.batch(
            Query.one(
                "select reporter_id from app.message_report where tenant_id = \(tx.facts.tenant) and id = \(report)",
                ReportedBy.self),
            Query.values(
                "select id from app.member where tenant_id = \(tx.facts.tenant) and disabled_at is null and roles && \(roles)",
                UUID.self))
        try await tx.notify(
            people.filter { $0 != found.reporter },
            Notice(
                "message.reported", path: "/admin/message-reports/\(report.text)", facts: [:],
                dedupeKey: "reported:\(report.text)"))
    }
}

private struct ReportedBy: Record {
    let reporter: UUID

    init(row: Row) throws { reporter = try row["reporter_id"] }
}
