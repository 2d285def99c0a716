import Audit
import Database
import Foundation
import Web

extension SignIn {
    /// Failures of one passkey from one address, as with passwords (`perAccount`); also of one that there is not.
    static let perPasskey = RateLimit("passkey", 5, per: 15 * 60)

    /// One answer for everything that is wrong with a passkey.
    static let passkeyInvalid = Failure(.unauthorized, "passkey_invalid", "This passkey was not accepted")

    /// A passkey instead of mail address and password: having it and unlocking it are two factors.
    ///
    /// - Parameter holder: what the challenge was made for.
    /// - Throws: `SignIn.passkeyInvalid`, or 429 after too many failures.
    func passkey(_ answer: PasskeyAnswer, holder: String, _ context: TenantContext) async throws -> SecondStep {
        let (walled, now) = (context.walled, context.arrival.now)
        let address = context.arrival.address ?? "unknown"
        let limits = [(Self.perPasskey, "\(answer.subject)|\(address)"), (Self.perAddress, address)]
        for (limit, subject) in limits { try await limit.requireRest(subject, walled, now: now) }
        let check = PasskeyCheck(PasskeyChallenge(.signIn, holder: holder, context), context)
        let verdict = try await check.verify(answer, of: nil)
        if let use = verdict.use {
            // Those who sign in with the company's provider only do so: who is closed out there is closed out here.
            guard context.tenant.takesPassword(of: use.candidate.roles) else { throw useProvider(context) }
            return SecondStep(candidate: use.candidate, factor: .passkey, passkey: use)
        }
        for (limit, subject) in limits { try? await limit.spend(subject, walled, now: now) }
        _ = try await walled.write { tx in
            let facts = ["factor": Factor.passkey.rawValue, "reason": verdict.reason]
            try tx.audit("member.sign_in_failed", "member", verdict.member, AuditChange(after: facts))
        }
        throw Self.passkeyInvalid
    }
}

/// What a member can show as a second step on this host.
struct StepWays: Sendable {
    let hasAuthenticator: Bool
    let passkeys: [PasskeyDescriptor]

    static func find(_ member: UUID, _ context: TenantContext) async throws -> StepWays {
        let tenant = context.tenant.id
        let (hasAuthenticator, passkeys) = try await context.walled.read(
            Query.value(
                """
                select exists (select from app.totp
                                where tenant_id = \(tenant) and member_id = \(member) and confirmed_at is not null)
                """, Bool.self),
            PasskeyDescriptor.all(of: member, at: context.host, tenant))
        return StepWays(hasAuthenticator: hasAuthenticator, passkeys: passkeys)
    }
}
