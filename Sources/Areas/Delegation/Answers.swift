import Arrival
import Audit
import Database
import Foundation
import Jobs
import Property
import Web

/// Accepting, declining, revoking, and coming to an end.
extension Delegations {
    /// - Throws: 404, 403 for whoever is neither invited nor has the mail's token, 410 when it is over. Accepted by the same
    ///   member before, it is simply given back.
    func accept(_ id: UUID, _ draft: AnswerDraft, by viewer: DelegationViewer) async throws -> DelegationLine {
        let line = try await taken(id)
        try require(line, draft, viewer)
        switch line.state(at: now) {
        case .accepted: return line
        case .pending: break
        case .declined, .revoked, .expired: throw Failure.delegationOver
        }
        try await tx.execute(
            """
            update app.delegation set state = 'accepted', accepted_at = \(now), delegate_id = \(viewer.member)
             where tenant_id = \(tenant.id) and id = \(id)
            """)
        try tx.publish(DelegationAccepted(delegation: id, delegate: viewer.member))
        try tx.audit(
            "delegation.accepted", "delegation", id,
            AuditChange(before: ["state": line.noted.rawValue], after: ["state": DelegationState.accepted.rawValue]))
        let accepted = try await find(id)
        try await mails.tell(accepted, "accepted", [line.delegatorID], name: accepted.delegate)
        return accepted
    }

    func decline(_ id: UUID, _ draft: AnswerDraft, by viewer: DelegationViewer) async throws -> DelegationLine {
        let line = try await taken(id)
        try require(line, draft, viewer)
        if line.noted == .declined { return line }
        try requirePending(line)
        try await end(line, .declined, by: viewer.member)
        try tx.publish(DelegationDeclined(delegation: id))
        let declined = try await find(id)
        try await mails.tell(declined, "declined", [line.delegatorID], name: line.email)
        return declined
    }

    /// By whoever lent it, or given back by whoever has it.
    func revoke(_ id: UUID, by viewer: DelegationViewer) async throws -> DelegationLine {
        let line = try await taken(id)
        let isGivenBack = line.delegateID == viewer.member && line.acceptedAt != nil
        guard line.delegatorID == viewer.member || isGivenBack else {
            throw viewer.sees(line) ? Failure.forbidden : Failure.notFound
        }
        if line.noted == .revoked { return line }
        guard line.state(at: now).isOpen else { throw Failure.delegationOver }
        try await end(line, .revoked, by: viewer.member)
        try tx.publish(DelegationRevoked(delegation: id, by: viewer.member))
        if isGivenBack {
            try await mails.tell(line, "revoked", [line.delegatorID], name: line.delegate)
        } else {
            try await mails.tellDelegate(line, "revoked")
        }
        return try await find(id)
    }

    /// Notes what is over already, and tells both sides.
    ///
    /// - Parameter which: of the rows `d` of `app.delegation`.
    /// - Returns: how many, at most `portion`.
    func expire(_ which: SQL = "true") async throws -> Int {
        let ids = try await tx.query(
            Query.values(
                """
                select d.id from app.delegation d
                 where d.tenant_id = \(tenant.id) and d.state in ('pending', 'accepted') and \(which)
                   and (d.expires_at <= \(now) or not \(Delegated.owned(on: today)))
                 order by d.id limit \(Self.portion) for update of d
                """, UUID.self))
        for id in ids {
            let line = try await find(id)
            let why = line.isOwned ? "term" : "ownership"
            try await end(line, .expired, by: nil, why: why)
            try tx.publish(DelegationExpired(delegation: id, why: why))
            try await mails.tell(line, "expired", [line.delegatorID], name: line.delegate)
            try await mails.tellDelegate(line, "expired")
        }
        return ids.count
    }

    static let portion = 100

    private func require(_ line: DelegationLine, _ draft: AnswerDraft, _ viewer: DelegationViewer) throws {
        guard viewer.mayAnswer(line, draft.tokenHash) else { throw Failure.forbidden }
    }

    private func end(_ line: DelegationLine, _ state: DelegationState, by member: UUID?, why: String? = nil) async throws {
        try await tx.execute(
            """
            update app.delegation set state = \(state.rawValue), ended_at = \(now), ended_by = \(member), ended_why = \(why)
             where tenant_id = \(tenant.id) and id = \(line.id)
            """)
        try tx.audit(
            "delegation.\(state.rawValue)", "delegation", line.id,
            AuditChange(before: ["state": line.noted.rawValue], after: ["state": state.rawValue, "reason": why]))
        guard let invitation = line.invitationID, line.acceptedAt == nil else { return }
        // Nobody comes in for nothing; but another offer may have gone out with the same invitation.
        let isNeeded = try await tx.value(
            """
            select exists (select from app.delegation where tenant_id = \(tenant.id) and invitation_id = \(invitation)
                              and state = 'pending')
            """, Bool.self)
        if !isNeeded { try await Bringing(tx: tx, tenant: tenant).withdraw(invitation) }
    }
}
