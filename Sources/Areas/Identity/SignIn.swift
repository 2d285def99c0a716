import Audit
import Database
import Foundation
import Passwords
import Tenancy
import Web

/// Signing in with mail address and password.
package struct SignIn: Sendable {
    let passwords: PasswordHasher
    let providers: ProviderSignIn
    /// Failures of one account from one address; another address is not locked out by them.
    static let perAccount = RateLimit("sign-in", 5, per: 15 * 60)
    /// Failures of one address over all accounts.
    static let perAddress = RateLimit("sign-in-address", 50, per: 15 * 60)

    struct Candidate: Record {
        let id: UUID
        let hash: String?
        let roles: [String]
        let disabled: Bool
        let hasFactor: Bool

        init(row: Row) throws {
            id = try row["id"]
            hash = try row["password_hash"]
            roles = try row["roles"]
            disabled = try row["disabled"]
            hasFactor = try row["has_factor"]
        }

        /// Somebody who has just come in by a provider.
        init(id: UUID, roles: [String], hash: String? = nil, hasFactor: Bool = false) {
            (self.id, self.roles, self.hash, self.hasFactor) = (id, roles, hash, hasFactor)
            disabled = false
        }

        func with(roles: [String]) -> Candidate { Candidate(id: id, roles: roles, hash: hash, hasFactor: hasFactor) }
    }

    static let invalid = Failure(.unauthorized, "invalid_credentials", "Invalid credentials")

    /// Checks mail address and password; every wrong combination costs the same time and gives the same answer (T69).
    ///
    /// - Throws: `SignIn.invalid`, 400 where passwords open nothing, or 429 after too many failures.
    func verify(_ email: String, _ password: String, _ context: TenantContext) async throws -> Candidate {
        guard context.tenant.takesPassword() else { throw useProvider(context) }
        let walled = context.walled
        let now = context.arrival.now
        let address = context.arrival.address ?? "unknown"
        let account = "\(email.lowercased())|\(address)"
        for (limit, subject) in [(Self.perAccount, account), (Self.perAddress, address)] {
            try await limit.requireRest(subject, walled, now: now)
        }
        let candidate = try await walled.read(
            Query.first(
                """
                select id, password_hash, roles, disabled_at is not null as disabled, factor_since is not null as has_factor
                  from app.member
                 where tenant_id = \(context.tenant.id) and lower(email) = lower(\(email))
                """, Candidate.self))
        let matches = try await passwords.verify(password, against: candidate?.hash)
        if let candidate, matches, !candidate.disabled {
            guard context.tenant.takesPassword(of: candidate.roles) else { throw useProvider(context) }
            try await renewHash(candidate, password, walled)
            return candidate
        }
        try? await Self.perAccount.spend(account, walled, now: now)
        try? await Self.perAddress.spend(address, walled, now: now)
        _ = try await walled.write { tx in try tx.audit("member.sign_in_failed", "member", candidate?.id) }
        throw Self.invalid
    }

    /// A hash of an older cost is made anew while the password is at hand.
    private func renewHash(_ candidate: Candidate, _ password: String, _ walled: Walled) async throws {
        guard let hash = candidate.hash, passwords.needsRehash(hash) else { return }
        let fresh = try await passwords.hash(password)
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                update app.member set password_hash = \(fresh)
                 where tenant_id = \(tx.facts.tenant) and id = \(candidate.id) and password_hash = \(hash)
                """)
        }
    }

    func useProvider(_ context: TenantContext) -> Failure {
        .useProvider(providers.usable(context.tenant).first.map { providers.address(context.tenant, ProviderSignIn.start($0)) })
    }

    /// Opens a browser session; any earlier session of this browser ends, so a cookie set before sign-in is worth nothing (T67).
    ///
    /// - Returns: the cookies that the browser is told.
    func browser(
        _ candidate: Candidate, by step: SecondStep? = nil, word: ProviderWord? = nil, _ incoming: Incoming,
        _ context: TenantContext
    ) async throws -> [String] {
        let (cookies, agent) = (context.house.cookies, incoming.headers[.userAgent])
        let device = cookies.device(in: incoming.headers) ?? SessionToken()
        let token = try await context.walled.write { tx in
            try await step?.take(tx)
            if let old = cookies.session(in: incoming.headers) { Sessions.close(old, tx) }
            let facts = step?.facts ?? word?.facts ?? [:]
            try tx.audit("member.signed_in", "member", candidate.id, AuditChange(after: facts), actor: candidate.id)
            try await KnownDevices(tx: tx).note(.browser(device), of: candidate.id, agent: agent)
            return Sessions.open(
                .browser, candidate.id, family: UUID.v7(), staff: context.tenant.isStaff(candidate.roles), agent: agent,
                proved: true, vouched: word?.isVouched ?? false, browser: device.hash, tx)
        }
        return cookies.signedIn(token, device: device)
    }

    /// Opens a program's pair of tokens.
    func program(
        _ member: UUID, by step: SecondStep? = nil, word: ProviderWord? = nil, agent: String?, _ context: TenantContext
    ) async throws -> TokenAnswer {
        let signer = try await context.accessSigner()
        return try await context.walled.write { tx in
            try await step?.take(tx)
            let facts = ["by": "api"].merging(step?.facts ?? word?.facts ?? [:]) { $1 }
            try tx.audit("member.signed_in", "member", member, AuditChange(after: facts), actor: member)
            try await KnownDevices(tx: tx).note(.program, of: member, agent: agent)
            return try await TokenAnswer.open(member, signer, agent: agent, vouched: word?.isVouched ?? false, tx)
        }
    }
}
