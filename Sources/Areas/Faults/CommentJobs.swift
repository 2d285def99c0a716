import Database
import Foundation
import Jobs
import Notifications
import Tenancy
import Web

/// Tells those whom a comment concerns; nobody twice, and nobody who may not read it.
package struct TellAboutComment: Job {
    package static let kind = "faults.tell-comment"
    let fault: UUID
    let comment: UUID
    let isInternal: Bool
    let mentioned: [UUID]
    let by: UUID?

    private struct Facts: Record {
        let number: String
        let title: String
        let reporters: [UUID]
        let assignee: UUID?
        let isWithdrawn: Bool

        init(row: Row) throws {
            number = try row["number"]
            title = try row["title"]
            reporters = try row["reporters"]
            assignee = try row["assignee_id"]
            isWithdrawn = try row["withdrawn"]
        }
    }

    func run(_ tx: Tx, _ company: Tenant) async throws {
        let tenant = tx.facts.tenant
        let managers = company.roleKeys(granting: .assignFaults)
        let (fault, managing) = try await tx.batch(
            Query.one(
                """
                select f.number, f.title, \(Faults.reporters(company, now: tx.facts.now)) as reporters, f.assignee_id,
                       c.withdrawn_at is not null as withdrawn
                  from app.fault f join app.fault_comment c on c.tenant_id = f.tenant_id and c.fault_id = f.id
                 where f.tenant_id = \(tenant) and c.id = \(comment)
                """, Facts.self),
            Query.values(
                "select id from app.member where tenant_id = \(tenant) and disabled_at is null and roles && \(managers)",
                UUID.self))
        guard !fault.isWithdrawn else { return }
        let looking = fault.assignee.map { [$0] } ?? managing
        let others = Set(isInternal ? looking : looking + fault.reporters).subtracting(mentioned)
        if !isInternal, by != nil, fault.reporters.isEmpty {
            try tx.enqueue(TellVisitor(fault: self.fault, what: .commented, occasion: comment))
        }
        for (kind, members) in [("mentioned", Set(mentioned)), (isInternal ? "noted" : "commented", others)] {
            // One key for all kinds: a person who is named is not told a second time as the one who looks after it.
            let notice = Notice(
                "fault.\(kind)", path: "/faults/\(fault.number)", facts: ["number": fault.number, "title": fault.title],
                dedupeKey: "comment:\(comment.text)")
            try await tx.notify(members.filter { $0 != by }, notice)
        }
    }
}
