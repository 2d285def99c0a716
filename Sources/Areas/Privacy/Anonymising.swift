import Audit
import Database
import Forms
import Foundation
import HTML
import Identity
import Jobs
import Tenancy
import Web

/// Forgetting who somebody was, for good.
///
/// What others rely on stays true: the audit log, the history of faults, who owned a unit. It shows the new name, because all of it
/// names people by their row alone.
struct Anonymising {
    let tx: Tx
    let desk: RoleDesk
    let tenant: Tenant
    let records: [PersonalData]

    /// - Throws: 404, 403 for somebody who may do more than the desk, 409 for oneself, the last admin, whoever lives here or owns a
    ///   unit, and whoever is forgotten already; `FormErrors` when the name was not typed as it is.
    func forget(_ id: UUID, _ draft: AnonymiseDraft, by actor: UUID) async throws -> Standing {
        let standings = Standings(tx: tx, desk: desk)
        let before = try await standings.touched(id, by: actor)
        guard !before.isAnonymised else { throw Failure.anonymised }
        guard draft.confirmation == before.name else { throw FormErrors([FieldProblem("confirmation", .mismatch)]) }
        let today = CalendarDate(tx.facts.now, in: tenant.timeZone)
        let isHere = try await tx.value(
            """
            select exists (select from app.occupancy where tenant_id = \(tenant.id) and member_id = \(id)
                              and coalesce(until >= \(today), true))
            """, Bool.self)
        guard !isHere else { throw Failure.stillHasUnits }
        let language = tenant.locales.compactMap(Language.init).first ?? .en
        let person = Forgotten(
            before, newName: PrivacyMessages(language).formerMember, by: actor, tenant: tenant.id, now: tx.facts.now)
        try await rename(person)
        try await standings.shutOut(before)
        for part in records {
            for statement in part.forget(person) { try await tx.execute(statement) }
        }
        // The files themselves go with the next sweep.
        try await tx.execute(
            "update app.data_export set object_key = null where tenant_id = \(tenant.id) and member_id = \(id)")
        try tx.audit("member.anonymised", "member", id, AuditChange(after: ["reason": draft.reason]))
        try tx.publish(MemberAnonymised(member: id, by: actor))
        return try await tx.query(Standing.find(id, tenant.id))
    }

    private func rename(_ person: Forgotten) async throws {
        try await tx.execute(
            """
            update app.member
               set name = \(person.newName), email = \(person.newEmail), password_hash = null, locale = null, time_zone = null,
                   factor_since = null, disabled_at = coalesce(disabled_at, \(person.now)), anonymised_at = \(person.now),
                   version = version + 1
             where tenant_id = \(tenant.id) and id = \(person.member)
            """)
    }
}

/// Why, and the person's name once more.
struct AnonymiseDraft: Sendable {
    let reason: String
    let confirmation: String

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .min(5), .max(500), .lines)
        confirmation = form.text("confirmation", .required, .max(120))
    }
}

extension Failure {
    static let stillHasUnits = Failure(
        .conflict, "still_has_units", "Whoever lives here or owns a unit stays on record; enter the last day first")
}
