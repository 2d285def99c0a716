import Audit
import Database
import Forms
import Foundation
import Jobs
import Web

/// Roles, and letting people in. Each function is one transaction's worth: change, audit line, event.
///
/// What changes here holds at the next request of the person: every session and token asks for its member's row each time.
package struct Standings {
    let tx: Tx
    let desk: RoleDesk

    package init(tx: Tx, desk: RoleDesk) {
        self.tx = tx
        self.desk = desk
    }

    private var tenant: Int32 { tx.facts.tenant }

    /// - Throws: 404, `FormErrors` for a role that is not the desk's to give or take, 409 for a stale version and for the last admin.
    func change(_ id: UUID, to draft: RolesDraft, by actor: UUID) async throws -> Standing {
        let before = try await taken(id)
        guard !before.isAnonymised else { throw Failure.anonymised }
        if let version = draft.version, version != before.version { throw Failure.staleVersion }
        let moved = Set(draft.roles).symmetricDifference(before.roles)
        guard moved.allSatisfy(desk.mayGive) else { throw FormErrors([FieldProblem("roles", .own("role_beyond_yours"))]) }
        guard !moved.isEmpty else { return before }
        try await tx.execute(
            "update app.member set roles = \(draft.roles), version = version + 1 where tenant_id = \(tenant) and id = \(id)")
        try await keepAnAdmin(without: before)
        try await endPreviews(by: id)
        let words = { (roles: [String]) in roles.joined(separator: ", ") }
        try tx.audit(
            "member.roles_changed", "member", id,
            AuditChange(before: ["roles": words(before.roles)], after: ["roles": words(draft.roles)]))
        try tx.publish(RolesChanged(member: id, by: actor, occasion: UUID.v7(now: tx.facts.now)))
        return try await tx.query(Standing.find(id, tenant))
    }

    /// Ends everything that somebody is signed in with; nothing lets them in again until they are enabled.
    ///
    /// - Throws: 404, 403 for somebody who may do more than the desk, 409 for oneself and for the last admin.
    func disable(_ id: UUID, _ draft: ReasonDraft, by actor: UUID) async throws -> Standing {
        let before = try await touched(id, by: actor)
        guard !before.isDisabled else { return before }
        try await tx.execute(
            "update app.member set disabled_at = \(tx.facts.now), version = version + 1 where tenant_id = \(tenant) and id = \(id)"
        )
        try await shutOut(before)
        try tx.audit(
            "member.disabled", "member", id, AuditChange(after: draft.reason.map { ["reason": $0] } ?? [:]))
        try tx.publish(MemberDisabled(member: id, by: actor))
        return try await tx.query(Standing.find(id, tenant))
    }

    /// Password and factors are as they were; sign-ins and tokens stay ended.
    func enable(_ id: UUID, by actor: UUID) async throws -> Standing {
        let before = try await touched(id, by: actor)
        guard !before.isAnonymised else { throw Failure.anonymised }
        guard before.isDisabled else { return before }
        try await tx.execute(
            "update app.member set disabled_at = null, version = version + 1 where tenant_id = \(tenant) and id = \(id)")
        try tx.audit("member.enabled", "member", id)
        try tx.publish(MemberEnabled(member: id, by: actor))
        return try await tx.query(Standing.find(id, tenant))
    }

    // MARK: Parts

    /// Whoever is about to be shut out, with the company's turn taken.
    package func touched(_ id: UUID, by actor: UUID) async throws -> Standing {
        let standing = try await taken(id)
        guard id != actor else { throw Failure.notYourself }
        guard desk.mayTouch(standing.roles) else { throw Failure.forbidden }
        return standing
    }

    /// After somebody was disabled: their sign-ins, tokens and looks at others end.
    package func shutOut(_ before: Standing) async throws {
        try await keepAnAdmin(without: before)
        try await Sessions.closeAll(of: before.id, tx)
        try await PersonalTokens(tx: tx).revokeAll(of: before.id)
        try await endPreviews(by: before.id)
    }

    /// One after the other in the whole company, so that of two who remove each other not both find the other still there.
    private func taken(_ id: UUID) async throws -> Standing {
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended('identity.standing', \(Int(tenant))))")
        return try await tx.query(Standing.find(id, tenant, lock: true))
    }

    private func keepAnAdmin(without before: Standing) async throws {
        let admins = desk.tenant.indispensableRoles
        guard before.roles.contains(where: admins.contains), !before.isDisabled else { return }
        let isLeft = try await tx.value(
            "select exists (select from app.member where tenant_id = \(tenant) and disabled_at is null and roles && \(admins))",
            Bool.self)
        guard isLeft else { throw Failure.lastAdmin }
    }

    private func endPreviews(by viewer: UUID) async throws {
        try await tx.execute(
            """
            update app.preview set ended_at = least(ends_at, \(tx.facts.now))
             where tenant_id = \(tenant) and viewer_id = \(viewer) and ended_at is null
            """)
    }
}
