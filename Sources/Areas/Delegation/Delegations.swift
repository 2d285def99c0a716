import Arrival
import Audit
import Database
import Forms
import Foundation
import HTML
import Jobs
import Property
import Tenancy
import Web

/// Lending rights on a unit and taking them back. Each function is one transaction's worth: change, audit line, event, mail, notice.
///
/// Whether a delegation holds when somebody uses it, `Delegated` decides; nothing here is asked then.
struct Delegations {
    let tx: Tx
    let tenant: Tenant

    var now: Date { tx.facts.now }
    var today: CalendarDate { CalendarDate(now, in: tenant.timeZone) }
    var mails: DelegationMails { DelegationMails(tx: tx, tenant: tenant) }

    // MARK: Offering

    /// Offers it to a member, or to an address that is invited for it.
    ///
    /// - Throws: 404 unless the member owns the unit today, `FormErrors` for themselves and for a stranger where the company takes
    ///   none, 409 when their vote there is lent already.
    func offer(_ draft: DelegationDraft, by session: Session, _ language: Language) async throws -> DelegationLine {
        guard
            try await tx.query(PlaceLine.owned(tenant.id, by: session.memberID, today: today)).contains(where: {
                $0.unitID == draft.unit
            })
        else { throw Failure.notFound }
        let recipient = try await Recipient.find(draft.email, tx)
        guard recipient?.id != session.memberID else {
            throw FormErrors([FieldProblem("delegate_email", .own("delegate_is_self"))])
        }
        // What is over by now, but not noted yet, keeps nobody's vote.
        _ = try await expire("d.unit_id = \(draft.unit) and d.delegator_id = \(session.memberID)")
        let (id, token) = (UUID.v7(now: now), InvitationCode())
        let ticket = try await ticket(for: draft.email, recipient, language)
        try await insert(draft, id, by: session.memberID, to: recipient?.id, token, ticket)
        let line = try await find(id)
        try await mails.offer(line, token, ticket, recipient, language)
        try tx.publish(DelegationCreated(delegation: id, unit: draft.unit, delegator: session.memberID))
        try tx.audit("delegation.offered", "delegation", id, AuditChange(after: line.facts))
        return line
    }

    /// A new mail with a new link; the one before it works no longer.
    ///
    /// - Throws: 404, 403 for all but whoever offered it, 409 once it was accepted, 410 when it is over.
    func resend(_ id: UUID, by viewer: DelegationViewer, _ language: Language) async throws -> DelegationLine {
        let line = try await taken(id)
        guard line.delegatorID == viewer.member else { throw viewer.sees(line) ? Failure.forbidden : Failure.notFound }
        try requirePending(line)
        let recipient = try await Recipient.find(line.email, tx)
        let token = InvitationCode()
        let ticket = try await ticket(for: line.email, recipient, language)
        try await tx.execute(
            """
            update app.delegation set token_hash = \(token.hash), sent_at = \(now), sendings = sendings + 1,
                   invitation_id = coalesce(\(ticket?.invitation), invitation_id)
             where tenant_id = \(tenant.id) and id = \(id)
            """)
        let again = try await find(id)
        try await mails.offer(again, token, ticket, recipient, language)
        try tx.audit("delegation.resent", "delegation", id, AuditChange(after: ["email": line.email]))
        return again
    }

    private func insert(
        _ draft: DelegationDraft, _ id: UUID, by owner: UUID, to delegate: UUID?, _ token: InvitationCode,
        _ ticket: Bringing.Ticket?
    ) async throws {
        do {
            try await tx.execute(
                """
                insert into app.delegation(tenant_id, id, unit_id, delegator_id, delegate_id, email, rights, token_hash,
                                           invitation_id, offered_at, sent_at, expires_at)
                values (\(tenant.id), \(id), \(draft.unit), \(owner), \(delegate), \(draft.email), \(draft.rights), \(token.hash),
                        \(ticket?.invitation), \(now), \(now), \(draft.expires))
                """)
        } catch let error as DatabaseError where error.isUniqueViolation(of: "delegation_vote") {
            throw Failure.delegationExists
        }
    }

    /// For whoever has no way to sign in yet; also somebody who is on record without one, for example by an import.
    private func ticket(for email: String, _ recipient: Recipient?, _ language: Language) async throws -> Bringing.Ticket? {
        guard recipient?.canSignIn != true else { return nil }
        guard let role = tenant.delegateRole else {
            throw FormErrors([FieldProblem("delegate_email", .own("delegate_unknown"))])
        }
        return try await Bringing(tx: tx, tenant: tenant).ticket(for: email, role, language)
    }

    // MARK: Parts

    func find(_ id: UUID) async throws -> DelegationLine {
        try await tx.query(DelegationLine.find(id, tenant.id, today: today))
    }

    /// The row's lock decides between two who act on it at once.
    func taken(_ id: UUID) async throws -> DelegationLine {
        try await tx.query(DelegationLine.find(id, tenant.id, today: today, lock: true))
    }

    func requirePending(_ line: DelegationLine) throws {
        switch line.state(at: now) {
        case .pending: return
        case .accepted: throw Failure.delegationSettled
        case .declined, .revoked, .expired: throw Failure.delegationOver
        }
    }
}

/// Whoever has the address that an offer goes to.
struct Recipient: Record, Sendable {
    let id: UUID
    let locale: String?
    let canSignIn: Bool

    init(row: Row) throws {
        id = try row["id"]
        locale = try row["locale"]
        canSignIn = try row["can_sign_in"]
    }

    /// Somebody who was disabled is told nothing new by being invited.
    static func find(_ email: String, _ tx: Tx) async throws -> Recipient? {
        try await tx.first(
            """
            select id, locale, password_hash is not null or disabled_at is not null as can_sign_in from app.member
             where tenant_id = \(tx.facts.tenant) and lower(email) = \(email)
            """, Recipient.self)
    }
}

extension DelegationLine {
    var path: WebPath { "/delegations/\(id.text)" }

    /// For the audit trail.
    var facts: [String: String?] {
        [
            "unit": place, "email": email, "rights": rights.map(\.rawValue).joined(separator: ", "),
            "until": expiresAt?.formatted(.iso8601)
        ]
    }
}

extension Failure {
    static var delegationExists: Failure {
        var failure = Failure(.conflict, "delegation_exists", "Your vote on this unit is delegated already")
        failure.problems = [FieldProblem("rights", .own("delegation_exists"))]
        return failure
    }

    static let delegationSettled = Failure(.conflict, "delegation_settled", "This delegation was accepted; it can be revoked")
    static let delegationOver = Failure(.gone, "delegation_over", "This delegation is over")
}
