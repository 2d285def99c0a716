import Audit
import Database
import Foundation
import HTML
import Tenancy
import Web

/// Who members are at their company's providers.
struct Identities {
    let tx: Tx
    let tenant: Tenant

    private struct Known: Record {
        let id: UUID
        let candidate: SignIn.Candidate

        init(row: Row) throws {
            id = try row["identity"]
            candidate = try SignIn.Candidate(row: row)
        }
    }

    /// The member whom an assertion means; on the first time a new one, never one that only has the same address (T66).
    ///
    /// - Throws: 401 for a closed account, 403 for somebody without a role or a confirmed address, 409 when the address has an account.
    func member(_ assertion: Assertion, _ language: Language) async throws -> SignIn.Candidate {
        // Of two browsers that come with one new identity at once, the second finds what the first has made.
        let subject = "identity:\(assertion.issuer):\(assertion.subject)"
        _ = try await tx.value(
            "select pg_advisory_xact_lock(hashtextextended(\(subject), \(Int(tenant.id)))) is null", Bool.self)
        guard let known = try await find(assertion) else { return try await create(assertion, language) }
        guard !known.candidate.disabled else { throw Failure.memberClosed }
        let roles = try await RoleChange(tx: tx, tenant: tenant).apply(assertion, to: known.candidate)
        try await tx.execute(
            """
            update app.identity set used_at = \(tx.facts.now), email = coalesce(\(assertion.email), email)
             where tenant_id = \(tenant.id) and id = \(known.id)
            """)
        return known.candidate.with(roles: roles)
    }

    private func find(_ assertion: Assertion) async throws -> Known? {
        try await tx.first(
            """
            select i.id as identity, m.id, m.password_hash, m.roles, m.disabled_at is not null as disabled,
                   m.factor_since is not null as has_factor
              from app.identity i join app.member m on m.tenant_id = i.tenant_id and m.id = i.member_id
             where i.tenant_id = \(tenant.id) and i.issuer = \(assertion.issuer) and i.subject = \(assertion.subject)
               for update of m
            """, Known.self)
    }

    private func create(_ assertion: Assertion, _ language: Language) async throws -> SignIn.Candidate {
        let roles = assertion.provider.setting.terms.roles.first(assertion.claims, tenant)
        guard let email = assertion.confirmedEmail else { throw Failure.unconfirmedAddress }
        let member = UUID.v7(now: tx.facts.now)
        let taken = try await tx.firstValue(
            "select id from app.member where tenant_id = \(tenant.id) and lower(email) = \(email)", UUID.self)
        if taken != nil { throw Failure.linkFirst }
        guard !roles.isEmpty else { throw Failure.noRole }
        let made = try await tx.execute(
            """
            insert into app.member(tenant_id, id, email, name, roles, locale, created_at)
            values (\(tenant.id), \(member), \(email), \(assertion.displayName(email)), \(roles), \(language.rawValue),
                    \(tx.facts.now))
            on conflict do nothing
            """)
        guard made == 1 else { throw Failure.linkFirst }
        try await insert(assertion, member, isUsed: true)
        try tx.audit(
            "member.registered", "member", member,
            AuditChange(after: ["by": assertion.provider.key, "roles": roles.joined(separator: ", ")]), actor: member)
        try tx.publish(UserRegistered(member: member, invitation: nil))
        try tx.publish(IdentityChanged(member: member, what: .created, provider: assertion.provider.key, occasion: UUID.v7()))
        return SignIn.Candidate(id: member, roles: roles)
    }

    private func insert(_ assertion: Assertion, _ member: UUID, isUsed: Bool) async throws {
        try await tx.execute(
            """
            insert into app.identity(tenant_id, id, member_id, provider, issuer, subject, email, linked_at, used_at)
            values (\(tenant.id), \(UUID.v7(now: tx.facts.now)), \(member), \(assertion.provider.key), \(assertion.issuer),
                    \(assertion.subject), \(assertion.email), \(tx.facts.now), \(isUsed ? tx.facts.now : nil))
            """)
    }

    // MARK: By members themselves

    /// Adds a way of signing in. Linking what is linked already changes nothing.
    ///
    /// - Throws: 409 when it belongs to another member.
    func link(_ assertion: Assertion, to member: UUID) async throws {
        let owner = try await tx.firstValue(
            """
            select member_id from app.identity
             where tenant_id = \(tenant.id) and issuer = \(assertion.issuer) and subject = \(assertion.subject)
            """, UUID.self)
        if let owner {
            guard owner == member else { throw Failure.identityTaken }
            return
        }
        do {
            try await insert(assertion, member, isUsed: false)
        } catch let error as DatabaseError where error.isUniqueViolation(of: "identity_tenant_id_issuer_subject_key") {
            throw Failure.identityTaken
        }
        try tx.audit(
            "identity.linked", "member", member, AuditChange(after: ["provider": assertion.provider.key]), actor: member)
        try tx.publish(IdentityChanged(member: member, what: .linked, provider: assertion.provider.key, occasion: UUID.v7()))
    }

    /// - Throws: 403 when it is not one of the member's.
    func prove(_ assertion: Assertion, by member: UUID) async throws {
        let used = try await tx.execute(
            """
            update app.identity set used_at = \(tx.facts.now)
             where tenant_id = \(tenant.id) and issuer = \(assertion.issuer) and subject = \(assertion.subject)
               and member_id = \(member)
            """)
        guard used == 1 else { throw Failure.otherIdentity }
    }

    /// - Throws: 404 when the member has none such, 409 when nothing else would let them in.
    func unlink(_ id: UUID, of member: UUID) async throws {
        // Two at once must not take the last two away.
        let holder = try await tx.first(
            "select roles, password_hash is not null as has_password from app.member where tenant_id = \(tenant.id) and id = \(member) for update",
            Holder.self)
        let lines = try await tx.query(IdentityLine.all(of: member, tenant.id))
        guard let holder, let line = lines.first(where: { $0.id == id }) else { throw Failure.notFound }
        let issuers = Set(tenant.providers.map(\.setting.house.issuer))
        let others = lines.contains { $0.id != id && issuers.contains($0.issuer) }
        guard others || holder.hasPassword && tenant.takesPassword(of: holder.roles) else { throw Failure.lastWayIn }
        try await tx.execute("delete from app.identity where tenant_id = \(tenant.id) and id = \(id) and member_id = \(member)")
        try tx.audit("identity.unlinked", "member", member, AuditChange(before: ["provider": line.provider]), actor: member)
        try tx.publish(IdentityChanged(member: member, what: .unlinked, provider: line.provider, occasion: UUID.v7()))
    }

    private struct Holder: Record {
        let roles: [String]
        let hasPassword: Bool

        init(row: Row) throws {
            roles = try row["roles"]
            hasPassword = try row["has_password"]
        }
    }
}

/// A way of signing in, as its member sees it.
struct IdentityLine: Record, Sendable {
    let id: UUID
    let provider: String
    let issuer: String
    let email: String?
    let linkedAt: Date
    let usedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        provider = try row["provider"]
        issuer = try row["issuer"]
        email = try row["email"]
        linkedAt = try row["linked_at"]
        usedAt = try row["used_at"]
    }

    /// Oldest first.
    static func all(of member: UUID, _ tenant: Int32) -> Query<[IdentityLine]> {
        .many(
            """
            select id, provider, issuer, email, linked_at, used_at from app.identity
             where tenant_id = \(tenant) and member_id = \(member) order by id limit 50
            """)
    }

    /// As the company calls it now; what it is called no longer, by its key.
    func title(_ tenant: Tenant, _ language: Language) -> String {
        let provider = tenant.providers.first { $0.setting.house.issuer == issuer }
        return provider?.title(language.rawValue) ?? self.provider
    }
}
