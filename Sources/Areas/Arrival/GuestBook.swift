import Database
import Foundation
import Identity
import Tenancy
import Web

/// Lets people in who come with an identity provider and whom somebody has invited. The provider vouches for their address, so that the
/// invitation's own is the one that counts.
package enum GuestBook {
    @Sendable package static func welcome(_ guest: Guest, _ tenant: Tenant, _ tx: Tx) async throws -> UUID? {
        guard let invitation = try await invitation(guest, tenant, tx) else { return nil }
        let newcomer = Admission.Newcomer(
            email: guest.email, name: guest.name, language: guest.language, passwordHash: nil,
            provider: .init(key: guest.provider, title: guest.providerTitle))
        return try await Admission(tx: tx, tenant: tenant).admit(invitation, newcomer)
    }

    /// The one that they came with, or the one that waits for their address.
    ///
    /// - Throws: 400 for a code that does not work, 403 when it is for another address.
    private static func invitation(_ guest: Guest, _ tenant: Tenant, _ tx: Tx) async throws -> SQL? {
        let known = try await tx.firstValue(
            """
            select password_hash is not null or disabled_at is not null from app.member
             where tenant_id = \(tenant.id) and lower(email) = \(guest.email)
            """, Bool.self)
        guard let text = guest.code else {
            // An account that is there already is never joined by the provider's word alone (T66).
            let isFor = InvitationLine.isFor(guest.email)
            guard known == nil, try await tx.query(InvitationLine.pending(isFor, tenant.id, now: tx.facts.now)) != nil else {
                return nil
            }
            return isFor
        }
        guard let code = InvitationCode(presented: text),
            let line = try await tx.query(InvitationLine.pending(code, tenant.id, now: tx.facts.now))
        else { throw Failure.invitationInvalid }
        guard line.email == guest.email else { throw Failure.invitationElsewhere }
        return known == true ? nil : InvitationLine.with(code)
    }
}

extension Failure {
    /// Said only to whoever holds a code that works.
    static let invitationElsewhere = Failure(
        .forbidden, "invitation_other_address", "The invitation is for another address than the identity provider names")
}
