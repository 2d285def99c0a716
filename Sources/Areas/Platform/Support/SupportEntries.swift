import Audit
import Database
import Foundation
import Identity
import Jobs
import Notifications
import Tenancy
import Web

/// Beginning and end of entries, behind the company's wall. Each function is one transaction's worth.
struct SupportEntries {
    let tx: Tx
    let tenant: Tenant

    /// An operator asks to enter: the company's admins are told before anybody is in.
    func ask(_ draft: EntryForm, _ id: UUID, by session: OperatorSession) async throws {
        let (now, end) = (tx.facts.now, tx.facts.now.addingTimeInterval(Double(draft.minutes) * 60))
        _ = try await tx.batch(
            Query.execute(
                """
                insert into app.member(tenant_id, id, email, name, roles, disabled_at, created_at)
                values (\(tenant.id), \(id), \("support-\(id.text)@platform.invalid"), \("\(session.name) (Portico)"),
                        \([draft.mode.role]), \(now), \(now))
                """),
            Query.execute(
                """
                insert into app.support_entry(tenant_id, id, operator, name, reason, mode, asked_at, expires_at)
                values (\(tenant.id), \(id), \(session.operatorID), \(session.name), \(draft.reason), \(draft.mode.rawValue),
                        \(now), \(end))
                """))
        try tx.audit(
            "support.asked", "support", id,
            AuditChange(after: ["reason": draft.reason, "mode": draft.mode.rawValue, "until": end.formatted(.iso8601)]))
        try tx.publish(SupportEntryAsked(entry: id, mode: draft.mode.rawValue))
        try tx.enqueue(EndSupportEntry(entry: id, how: SupportEntry.End.time.rawValue), at: end)
        try await tellAdmins(draft, id, session)
    }

    private func tellAdmins(_ draft: EntryForm, _ id: UUID, _ session: OperatorSession) async throws {
        let roles = tenant.roleKeys(granting: .seeSupport)
        let admins = try await tx.values(
            "select id from app.member where tenant_id = \(tenant.id) and disabled_at is null and roles && \(roles)", UUID.self)
        try await tx.notify(
            admins,
            Notice(
                "support.asked", path: "/admin/support", facts: ["name": session.name, "reason": draft.reason],
                dedupeKey: "support:\(id.text)", urgent: true))
    }

    /// The link is used, once: a session opens that lasts as long as the entry.
    ///
    /// - Returns: nil when it is not good any more.
    func enter(_ id: UUID, replacing old: SessionToken?, agent: String?) async throws -> SessionToken? {
        let now = tx.facts.now
        let end = try await tx.firstValue(
            """
            update app.support_entry set entered_at = \(now)
             where tenant_id = \(tenant.id) and id = \(id) and entered_at is null and ended_at is null and expires_at > \(now)
               and asked_at > \(now.addingTimeInterval(-SupportEntry.linkLife))
            returning expires_at
            """, Date.self)
        guard let end else { return nil }
        if let old { Sessions.close(old, tx) }
        try tx.audit("support.entered", "support", id, actor: id)
        return Sessions.open(.browser, id, family: UUID.v7(), staff: false, agent: agent, end: end, tx)
    }

    /// Whoever is in is out at their next request.
    ///
    /// - Returns: false when it had ended before.
    func end(_ id: UUID, _ how: SupportEntry.End, by admin: UUID? = nil) async throws -> Bool {
        let ended = try await tx.execute(
            """
            update app.support_entry set ended_at = \(tx.facts.now), ended_how = \(how.rawValue), ended_by = \(admin)
             where tenant_id = \(tenant.id) and id = \(id) and ended_at is null
            """)
        guard ended == 1 else { return false }
        try await Sessions.closeAll(of: id, tx)
        try tx.audit("support.ended", "support", id, AuditChange(after: ["by": how.rawValue]))
        try tx.publish(SupportEntryEnded(entry: id, how: how.rawValue))
        return true
    }
}

/// An operator of the platform has asked to enter the company.
package struct SupportEntryAsked: Event {
    package static let name = "SupportEntryAsked"
    package let entry: UUID
    package let mode: String
    package var subject: UUID { entry }
}

package struct SupportEntryEnded: Event {
    package static let name = "SupportEntryEnded"
    package let entry: UUID
    /// `time`, `operator` or `admin`.
    package let how: String
    package var subject: UUID { entry }
}
