import Audit
import Database
import Forms
import Foundation
import Tenancy
import Web

/// The company's machines and their tokens. Each function is one transaction's worth.
///
/// A device is a member that cannot sign in: whatever it reports or changes has somebody who did it, in the audit log and everywhere
/// else, without a second kind of actor. Its token is a personal token of that member.
struct Devices {
    let tx: Tx
    /// What the person who acts may do: nobody gives a machine more than they have.
    let rights: Set<String>

    struct Made: Sendable {
        let id: UUID
        let token: PersonalToken
    }

    private struct Held: Record {
        let name: String
        let isRevoked: Bool
        let scopes: [String]
        let madeAt: Date
        let expiresAt: Date

        init(row: Row) throws {
            name = try row["name"]
            isRevoked = try row["is_revoked"]
            scopes = try row["scopes"]
            madeAt = try row["made_at"]
            expiresAt = try row["expires_at"]
        }
    }

    /// - Throws: `FormErrors` when there is one of that name.
    func make(_ draft: DeviceDraft, by person: UUID) async throws -> Made {
        let (tenant, now, id) = (tx.facts.tenant, tx.facts.now, UUID.v7(now: tx.facts.now))
        let isNew = try await tx.execute(
            """
            insert into app.member(tenant_id, id, kind, email, name, roles, created_at)
            values (\(tenant), \(id), 'device', \("device:\(id.text)"), \(draft.token.name), '{}', \(now)) on conflict do nothing
            """)
        guard isNew == 1 else { throw FormErrors([FieldProblem("name", .taken)]) }
        try await tx.execute(
            """
            insert into app.device(tenant_id, id, place, made_by, made_at)
            values (\(tenant), \(id), \(draft.place), \(person), \(now))
            """)
        try tx.audit(
            "device.created", "device", id,
            AuditChange(after: [
                "name": draft.token.name, "place": draft.place, "scopes": draft.token.scopes.joined(separator: ", "),
                "expires": draft.token.day
            ]))
        return try await token(draft.token.name, draft.token.scopes, until: draft.token.expires, for: id)
    }

    /// Another token, good for as long as the one before it was meant to be; that one is over.
    ///
    /// - Throws: 404, 403 when it may more than whoever asks, 409 when it is revoked.
    func replace(_ id: UUID) async throws -> Made {
        let held = try await find(id)
        guard !held.isRevoked else { throw Failure.deviceRevoked }
        guard rights.isSuperset(of: held.scopes) else { throw Failure.forbidden }
        try await PersonalTokens(tx: tx).revokeAll(of: id)
        try tx.audit("device.token_replaced", "device", id)
        let expires = tx.facts.now + held.expiresAt.timeIntervalSince(held.madeAt)
        return try await token(held.name, held.scopes, until: expires, for: id)
    }

    /// For good: it stays in the list for the record, and its name is free again.
    ///
    /// - Throws: 404; one that is revoked already stays so.
    func revoke(_ id: UUID, by person: UUID) async throws {
        let (tenant, held) = (tx.facts.tenant, try await find(id))
        guard !held.isRevoked else { return }
        try await PersonalTokens(tx: tx).revokeAll(of: id)
        _ = try await tx.batch(
            Query.execute("update app.device set revoked_by = \(person) where tenant_id = \(tenant) and id = \(id)"),
            Query.execute(
                """
                update app.member set disabled_at = coalesce(disabled_at, \(tx.facts.now)), version = version + 1
                 where tenant_id = \(tenant) and id = \(id)
                """))
        try tx.audit("device.revoked", "device", id, AuditChange(before: ["name": held.name]))
    }

    private func token(_ name: String, _ scopes: [String], until expires: Date, for device: UUID) async throws -> Made {
        guard let made = try await PersonalTokens(tx: tx).insert(name, scopes, until: expires, for: device) else {
            throw FormErrors([FieldProblem("name", .taken)])
        }
        return Made(id: device, token: made.token)
    }

    /// The row's lock decides between two who act on it at once.
    private func find(_ id: UUID) async throws -> Held {
        let held = try await tx.first(
            """
            select m.name, m.disabled_at is not null as is_revoked, t.scopes, t.made_at, t.expires_at
              from app.member m
              join lateral (select scopes, made_at, expires_at from app.personal_token p
                             where p.tenant_id = m.tenant_id and p.member_id = m.id order by p.id desc limit 1) t on true
             where m.tenant_id = \(tx.facts.tenant) and m.id = \(id) and m.kind = 'device' for update of m
            """, Held.self)
        guard let held else { throw Failure.notFound }
        return held
    }
}

/// A device that is about to be made.
struct DeviceDraft: Sendable {
    let token: TokenDraft
    let place: String?

    /// - Parameter offered: what whoever makes it may give it.
    init(_ form: inout FormReader, offered: [String], _ zone: TimeZone, now: Date) {
        token = TokenDraft(&form, offered: offered, zone, now: now)
        place = form.optionalText("place", .max(120))
    }

    /// What the company grants to devices and the person has.
    static func offered(_ context: MemberContext) -> [String] {
        context.tenant[DeviceSettings.section].scopes.filter(context.rights.contains)
    }
}

extension Failure {
    static let deviceRevoked = Failure(.conflict, "device_revoked", "This device is revoked; make a new one")
}
