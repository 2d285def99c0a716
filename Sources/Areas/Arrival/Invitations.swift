import Audit
import Database
import Forms
import Foundation
import HTML
import Jobs
import Notifications
import Tenancy
import UI
import Web

/// Inviting people, and taking it back. Each function is one transaction's worth: change, audit line, event, mail.
struct Invitations {
    let tx: Tx
    let office: Office

    private var tenant: Tenant { office.tenant }

    /// Invites all of them or, when anything is wrong with one, none.
    ///
    /// - Throws: `FormErrors` when somebody else has just invited one of them.
    func invite(_ people: [Invitee], by inviter: Session) async throws -> [UUID] {
        guard !people.isEmpty else { return [] }
        let codes = people.map { _ in InvitationCode() }
        let ids = people.map { _ in UUID.v7(now: tx.facts.now) }
        try await giveUpExpired(people.map(\.draft.email))
        do {
            try await tx.execute(
                """
                insert into app.invitation(tenant_id, id, email, role, building_id, unit_id, language, code_hash, invited_by, invited_at,
                                           sent_at, expires_at)
                select \(tenant.id), id, email, role, building, unit, language, code, \(inviter.memberID), \(tx.facts.now),
                       \(tx.facts.now), expires
                  from unnest(\(ids), \(people.map(\.draft.email)), \(people.map(\.draft.role)), \(people.map(\.building)),
                              \(people.map(\.unit)), \(people.map(\.draft.language)), \(codes.map(\.hash)),
                              \(people.map(\.draft.expires)))
                       as p(id, email, role, building, unit, language, code, expires)
                """)
        } catch let error as DatabaseError where error.isUniqueViolation(of: "invitation_open") {
            throw FormErrors([FieldProblem("email", .own("already_invited"))])
        }
        for (index, person) in people.enumerated() {
            let draft = person.draft
            try await send(
                ids[index], codes[index], to: draft.email, language: draft.language, expires: draft.expires, sending: 1,
                by: inviter.name)
            try tx.audit(
                "invitation.invited", "invitation", ids[index],
                AuditChange(after: ["email": draft.email, "role": draft.role, "unit": person.unit?.text]))
        }
        return ids
    }

    /// A new code by mail; the one before it works no longer. Also brings an expired invitation back.
    ///
    /// - Throws: 404, 403 for a role that the sender could not give, 409 when it was accepted or revoked.
    func resend(_ id: UUID, by inviter: Session) async throws -> InvitationLine {
        let line = try await open(id)
        let code = InvitationCode()
        let expires = tx.facts.now.addingTimeInterval(Double(Office.days) * 86_400)
        try await tx.execute(
            """
            update app.invitation set code_hash = \(code.hash), sent_at = \(tx.facts.now), expires_at = \(expires),
                   sendings = sendings + 1
             where tenant_id = \(tenant.id) and id = \(id)
            """)
        try await send(
            id, code, to: line.email, language: line.language, expires: expires, sending: line.sendings + 1, by: inviter.name)
        try tx.audit("invitation.resent", "invitation", id, AuditChange(after: ["email": line.email]))
        return try await tx.query(InvitationLine.find(id, tenant.id))
    }

    /// The code works no longer.
    func revoke(_ id: UUID, by member: UUID) async throws {
        let line = try await open(id)
        try await tx.execute(
            """
            update app.invitation set revoked_at = \(tx.facts.now), revoked_by = \(member)
             where tenant_id = \(tenant.id) and id = \(id)
            """)
        try tx.audit("invitation.revoked", "invitation", id, AuditChange(before: ["email": line.email, "role": line.role]))
    }

    /// The row's lock decides between two who act on it at once.
    private func open(_ id: UUID) async throws -> InvitationLine {
        let isOpen = try await tx.firstValue(
            """
            select accepted_at is null and revoked_at is null from app.invitation
             where tenant_id = \(tenant.id) and id = \(id) for update
            """, Bool.self)
        guard let isOpen else { throw Failure.notFound }
        guard isOpen else { throw Failure.invitationSettled }
        let line = try await tx.query(InvitationLine.find(id, tenant.id))
        guard office.mayGive(line.role) else { throw Failure.forbidden }
        return line
    }

    /// An invitation that ran out makes room for the next one to the same address.
    private func giveUpExpired(_ addresses: [String]) async throws {
        try await tx.execute(
            """
            update app.invitation set revoked_at = \(tx.facts.now), revoked_by = \(tx.facts.actor)
             where tenant_id = \(tenant.id) and email = any(\(addresses)) and expires_at <= \(tx.facts.now)
               and accepted_at is null and revoked_at is null
            """)
    }

    private func send(
        _ id: UUID, _ code: InvitationCode, to address: String, language: String?, expires: Date, sending: Int, by inviter: String
    ) async throws {
        let language = language.flatMap(Language.init) ?? tenant.firstLanguage
        try await tx.mail(
            to: address,
            Letter(
                .invitation, path: ("/register" as WebPath).adding(query: [("code", code.text)]),
                facts: ["inviter": inviter, "expires": tenant.words(for: expires, language)],
                dedupeKey: "invitation:\(id.text):\(sending)"),
            language: language)
        try tx.publish(InvitationSent(invitation: id))
    }
}

extension Tenant {
    var firstLanguage: Language { self.locales.compactMap(Language.init).first ?? .en }

    /// A moment as a mail says it.
    func words(for date: Date, _ language: Language) -> String {
        Format(language: language, timeZone: self.timeZone, currency: self.currency.code).dateTime(date)
    }
}

extension Failure {
    static let invitationSettled = Failure(.conflict, "invitation_settled", "This invitation was accepted or revoked")
}
