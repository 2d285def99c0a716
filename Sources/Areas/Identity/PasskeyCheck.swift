import Audit
import Database
import Foundation
import Web
import WebAuthn

/// A passkey and whose it is, as a sign-in needs it.
private struct HeldPasskey: Record, Sendable {
    let id: UUID
    let host: String
    let key: [UInt8]
    let counter: Int64
    let canBackUp: Bool
    let candidate: SignIn.Candidate

    init(row: Row) throws {
        id = try row["passkey"]
        host = try row["host"]
        key = try row["public_key"]
        counter = try row["counter"]
        canBackUp = try row["can_back_up"]
        candidate = try SignIn.Candidate(row: row)
    }

    static func find(_ credential: [UInt8], _ tenant: Int32) -> Query<HeldPasskey?> {
        .first(
            """
            select p.id as passkey, p.host, p.public_key, p.counter, p.can_back_up, m.id, m.password_hash, m.roles,
                   m.disabled_at is not null as disabled, m.factor_since is not null as has_factor
              from app.passkey p join app.member m on m.tenant_id = p.tenant_id and m.id = p.member_id
             where p.tenant_id = \(tenant) and p.credential_id = \(credential)
            """)
    }

    var known: KnownPasskey {
        get throws(PasskeyProblem) { KnownPasskey(key: try PasskeyKey(cose: key), counter: counter, canBackUp: canBackUp) }
    }
}

/// An answer that was right. It counts once: whoever lets somebody in for it notes it in the same transaction.
struct PasskeyUse: Sendable {
    let candidate: SignIn.Candidate
    fileprivate let passkey: UUID
    fileprivate let finding: PasskeyAssertion.Finding

    /// - Throws: `SignIn.passkeyInvalid` when the same answer, or one with the same count, was noted already.
    func note(_ tx: Tx) async throws {
        let (tenant, counter) = (tx.facts.tenant, finding.counter)
        guard try await PasskeyChallenge.spend(finding.challenge, tx) else { throw SignIn.passkeyInvalid }
        let noted = try await tx.execute(
            """
            update app.passkey set counter = \(counter), backed_up = \(finding.isBackedUp), used_at = \(tx.facts.now)
             where tenant_id = \(tenant) and id = \(passkey) and (counter < \(counter) or (counter = 0 and \(counter) = 0::bigint))
            """)
        guard noted == 1 else { throw SignIn.passkeyInvalid }
    }
}

/// What became of an answer; only the audit log hears why it was refused.
struct PasskeyVerdict: Sendable {
    let use: PasskeyUse?
    /// Whose passkey it named, if it named one.
    let member: UUID?
    let reason: String
}

/// Looks at what somebody's authenticator signed.
struct PasskeyCheck: Sendable {
    let challenge: PasskeyChallenge
    let context: TenantContext
    let walled: Walled

    init(_ challenge: PasskeyChallenge, _ context: TenantContext) {
        self.challenge = challenge
        self.context = context
        walled = context.walled
    }

    /// - Parameter member: whose it has to be; nil where the passkey itself says who comes.
    func verify(_ answer: PasskeyAnswer, of member: UUID?) async throws -> PasskeyVerdict {
        // Ids are random and long: nobody learns of a passkey by the time that this takes.
        guard let held = try await walled.read(HeldPasskey.find(answer.credential, context.tenant.id)) else {
            return PasskeyVerdict(use: nil, member: nil, reason: "unknown")
        }
        let owner = held.candidate.id
        do {
            guard !held.candidate.disabled, held.host == context.host, isOf(owner, answer, member) else {
                return PasskeyVerdict(use: nil, member: owner, reason: "holder")
            }
            let finding = try answer.assertion.verify(
                try held.known, at: context.passkeySite, challenge: challenge.isGood)
            let use = PasskeyUse(candidate: held.candidate, passkey: held.id, finding: finding)
            return PasskeyVerdict(use: use, member: owner, reason: "")
        } catch {
            if error == .counter { try await noteRewound(owner) }
            return PasskeyVerdict(use: nil, member: owner, reason: error.rawValue)
        }
    }

    private func isOf(_ owner: UUID, _ answer: PasskeyAnswer, _ member: UUID?) -> Bool {
        if let member, member != owner { return false }
        // Who is not named by a password is named by the passkey itself.
        guard let holder = answer.holder else { return member != nil }
        return holder == owner.handle
    }

    /// A copy of it may be about.
    private func noteRewound(_ owner: UUID) async throws {
        _ = try await walled.write { tx in try tx.audit("member.passkey_rewound", "member", owner) }
    }
}
