import Audit
import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Property
import Tenancy
import Web

/// Letting in somebody who has an invitation.
struct Admission {
    let tx: Tx
    let tenant: Tenant

    struct Newcomer: Sendable {
        let email: String
        let name: String
        let language: Language
        /// Nil for somebody who signs in with an identity provider.
        let passwordHash: String?
        var provider: Provider?

        /// Its key in the company's file, and how people call it.
        struct Provider: Sendable {
            let key: String
            let title: String
        }
    }

    private struct Known: Record {
        let id: UUID
        let mayJoin: Bool

        init(row: Row) throws {
            id = try row["id"]
            mayJoin = try row["may_join"]
        }
    }

    /// Makes a member of the newcomer, with the role and the unit of the invitation. Of two who come with one code at once, the
    /// invitation's row lock lets one in.
    ///
    /// - Throws: `Failure.invitationInvalid`, or 409 when the address has a password already.
    func admit(_ code: InvitationCode, _ newcomer: Newcomer) async throws -> UUID {
        try await admit(InvitationLine.with(code), newcomer)
    }

    /// - Parameter invitation: which one it is, `i`.
    func admit(_ invitation: SQL, _ newcomer: Newcomer) async throws -> UUID {
        let id = try await tx.firstValue(
            """
            select i.id from app.invitation i
             where i.tenant_id = \(tenant.id) and \(invitation) and i.accepted_at is null and i.revoked_at is null for update
            """, UUID.self)
        guard id != nil, let line = try await tx.query(InvitationLine.pending(invitation, tenant.id, now: tx.facts.now)),
            line.email == newcomer.email, tenant.role(line.role) != nil
        else { throw Failure.invitationInvalid }
        let member = try await member(newcomer, line.role)
        if let unit = line.unitID {
            try await MovingIn(role: line.role).begin(unit, member, since: CalendarDate(tx.facts.now, in: tenant.timeZone), tx)
        }
        try await tx.execute(
            """
            update app.invitation set accepted_at = \(tx.facts.now), accepted_by = \(member)
             where tenant_id = \(tenant.id) and id = \(line.id)
            """)
        try tx.audit(
            "member.registered", "member", member,
            AuditChange(after: ["by": "invitation", "roles": line.role, "provider": newcomer.provider?.key]), actor: member)
        try tx.audit("invitation.accepted", "invitation", line.id, actor: member)
        try tx.publish(UserRegistered(member: member, invitation: line.id))
        let facts = newcomer.provider.map { ["provider": $0.title] } ?? [:]
        try await tx.mail(to: member, Letter(.welcome, path: "/login", facts: facts, dedupeKey: "welcome:\(member.text)"))
        // Who invited on another occasion hears of its outcome instead.
        guard line.occasion == nil else { return member }
        try await tx.notify(
            [line.inviterID],
            Notice(
                "invitation.accepted", path: "/admin/invitations?state=accepted", facts: ["name": newcomer.name],
                dedupeKey: "invitation-accepted:\(line.id.text)"))
        return member
    }

    /// A new member, or one who was on record without a password until now.
    private func member(_ newcomer: Newcomer, _ role: String) async throws -> UUID {
        let known = try await tx.first(
            """
            select id, password_hash is null and disabled_at is null as may_join from app.member
             where tenant_id = \(tenant.id) and lower(email) = \(newcomer.email) for update
            """, Known.self)
        guard let known else { return try await insert(newcomer, role) }
        guard known.mayJoin else { throw Failure.emailTaken }
        try await tx.execute(
            """
            update app.member
               set password_hash = \(newcomer.passwordHash), name = \(newcomer.name), locale = \(newcomer.language.rawValue),
                   roles = case when \(role) = any(roles) then roles else roles || \(role) end, version = version + 1
             where tenant_id = \(tenant.id) and id = \(known.id)
            """)
        return known.id
    }

    private func insert(_ newcomer: Newcomer, _ role: String) async throws -> UUID {
        let id = UUID.v7(now: tx.facts.now)
        do {
            try await tx.execute(
                """
                insert into app.member(tenant_id, id, email, name, roles, password_hash, locale, created_at)
                values (\(tenant.id), \(id), \(newcomer.email), \(newcomer.name), \([role]), \(newcomer.passwordHash),
                        \(newcomer.language.rawValue), \(tx.facts.now))
                """)
        } catch let error as DatabaseError where error.isUniqueViolation(of: "member_email") {
            throw Failure.emailTaken
        }
        return id
    }
}

extension MovingIn {
    /// What the unit of an invitation means follows from the role: owners own it, everybody else lives in it.
    init(role: String) { self = role == MovingIn.owner.rawValue ? .owner : .resident }
}

extension Failure {
    /// One text for unknown, used, revoked, expired and foreign codes, and for another address: 422 on the page.
    static let invitationInvalid = Failure(.badRequest, "invitation_invalid", "This invitation is not valid")
    /// Said only to whoever holds a code that works.
    static let emailTaken = Failure(.conflict, "email_taken", "This address has an account already; sign in instead")
}
