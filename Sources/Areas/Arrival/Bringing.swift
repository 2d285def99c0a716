import Audit
import Database
import Foundation
import HTML
import Tenancy
import Web

/// Brings somebody in on an occasion of another area, which writes the letter itself: an invitation to the lowest role and to
/// nothing else, whoever asks for it.
package struct Bringing {
    package struct Ticket: Sendable {
        package let invitation: UUID
        package let code: InvitationCode

        /// Where the newcomer registers, and goes on to afterwards.
        package func path(next: WebPath) -> WebPath {
            ("/register" as WebPath).adding(query: [("code", code.text), ("next", next.string)])
        }
    }

    let tx: Tx
    let tenant: Tenant

    package init(tx: Tx, tenant: Tenant) {
        self.tx = tx
        self.tenant = tenant
    }

    private struct Open: Record {
        let id: UUID
        let isOurs: Bool
        let isOver: Bool

        init(row: Row) throws {
            id = try row["id"]
            isOurs = try row["is_ours"]
            isOver = try row["is_over"]
        }
    }

    /// A fresh code for an address; its earlier ones of this kind work no longer. Nil when the office has invited the address by
    /// itself: that invitation is left as it is.
    package func ticket(for email: String, _ role: String, _ language: Language) async throws -> Ticket? {
        // Two owners who think of the same person at once get one invitation.
        let name = "arrival.bring \(email)"
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended(\(name), \(Int(tenant.id))))")
        let open = try await tx.first(
            """
            select id, occasion is not null as is_ours, expires_at <= \(tx.facts.now) as is_over from app.invitation
             where tenant_id = \(tenant.id) and email = \(email) and accepted_at is null and revoked_at is null for update
            """, Open.self)
        if let open, open.isOurs { return try await renewed(open.id) }
        if let open {
            guard open.isOver else { return nil }
            try await close(open.id)
        }
        let ticket = Ticket(invitation: UUID.v7(now: tx.facts.now), code: InvitationCode())
        try await tx.execute(
            """
            insert into app.invitation(tenant_id, id, email, role, language, code_hash, invited_by, invited_at, sent_at, expires_at,
                                       occasion)
            values (\(tenant.id), \(ticket.invitation), \(email), \(role), \(language.rawValue), \(ticket.code.hash),
                    \(tx.facts.actor), \(tx.facts.now), \(tx.facts.now), \(expiry), 'delegation')
            """)
        try tx.audit(
            "invitation.invited", "invitation", ticket.invitation, AuditChange(after: ["email": email, "role": role]))
        return ticket
    }

    /// The occasion is over before anybody came: the code works no longer.
    package func withdraw(_ invitation: UUID) async throws {
        guard try await close(invitation) == 1 else { return }
        try tx.audit("invitation.revoked", "invitation", invitation)
    }

    private var expiry: Date { tx.facts.now.addingTimeInterval(Double(Office.days) * 86_400) }

    private func renewed(_ id: UUID) async throws -> Ticket {
        let code = InvitationCode()
        try await tx.execute(
            """
            update app.invitation set code_hash = \(code.hash), sent_at = \(tx.facts.now), expires_at = \(expiry),
                   sendings = sendings + 1
             where tenant_id = \(tenant.id) and id = \(id)
            """)
        try tx.audit("invitation.resent", "invitation", id)
        return Ticket(invitation: id, code: code)
    }

    /// By whoever acts, or where nobody does, by whoever sent it.
    @discardableResult
    private func close(_ id: UUID) async throws -> Int {
        try await tx.execute(
            """
            update app.invitation set revoked_at = \(tx.facts.now), revoked_by = coalesce(\(tx.facts.actor), invited_by)
             where tenant_id = \(tenant.id) and id = \(id) and accepted_at is null and revoked_at is null
            """)
    }
}
