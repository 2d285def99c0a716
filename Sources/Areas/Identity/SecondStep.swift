import Audit
import Database
import Foundation
import Web

/// What a member can have besides the password.
enum Factor: String, Sendable {
    case authenticator, recovery, passkey
}

/// Whoever gave the right password, or comes from a provider, and owes the second factor. The token opens nothing but the next step,
/// for the same member at the same company.
package struct Challenge: Record, Sendable {
    static let life = 300
    static let tries = 5

    let id: UUID
    /// Nil: the first step was the password.
    let provider: String?
    let candidate: SignIn.Candidate

    package init(row: Row) throws {
        id = try row["challenge"]
        provider = try row["provider"]
        candidate = try SignIn.Candidate(row: row)
    }

    /// As long as it works: within its five minutes, before the fifth wrong code, and while its member may sign in.
    static func find(_ token: SessionToken, _ tenant: Int32, now: Date) -> Query<Challenge?> {
        .first(
            """
            select c.id as challenge, c.provider, m.id, m.password_hash, m.roles, m.disabled_at is not null as disabled, true as has_factor
              from app.sign_in_challenge c join app.member m on m.tenant_id = c.tenant_id and m.id = c.member_id
             where c.tenant_id = \(tenant) and c.token_hash = \(token.hash) and c.expires_at > \(now) and c.wrong < \(tries)
               and m.disabled_at is null and m.factor_since is not null
            """)
    }

    /// What a passkey signs in this step.
    func passkey(_ context: TenantContext) -> PasskeyChallenge { PasskeyChallenge(.secondStep, holder: id.text, context) }

    static func open(_ member: UUID, provider: String? = nil, _ walled: Walled) async throws -> SessionToken {
        let token = SessionToken()
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                insert into app.sign_in_challenge(tenant_id, id, token_hash, member_id, made_at, expires_at, provider)
                values (\(tx.facts.tenant), \(UUID.v7()), \(token.hash), \(member), \(tx.facts.now),
                        \(tx.facts.now.addingTimeInterval(Double(life))), \(provider))
                """)
        }
        return token
    }

    /// - Returns: tries that are left.
    func noteWrong(_ walled: Walled) async throws -> Int {
        try await walled.write { tx in
            let wrong = try await tx.firstValue(
                """
                update app.sign_in_challenge set wrong = wrong + 1 where tenant_id = \(tx.facts.tenant) and id = \(id)
                returning wrong
                """, Int.self)
            return max(0, Self.tries - (wrong ?? Self.tries))
        }
    }

    /// None of a member's open challenges works any more, and wrong codes are forgotten: after a new password, nobody who tried codes
    /// gets as far as that again.
    package static func forgetAll(of member: UUID, _ tx: Tx) async throws {
        try await tx.execute(
            "delete from app.sign_in_challenge where tenant_id = \(tx.facts.tenant) and member_id = \(member)")
        try await FactorCheck.forgive(member, tx)
    }
}

/// What was shown after the password, or a passkey in place of it. It opens one session.
struct SecondStep: Sendable {
    let candidate: SignIn.Candidate
    let factor: Factor
    /// Nil where no password came first.
    var challenge: Challenge?
    var passkey: PasskeyUse?

    var facts: [String: String] {
        var facts = ["factor": factor.rawValue]
        facts["by"] = challenge?.provider
        return facts
    }

    /// - Throws: 401 when another request was first.
    func take(_ tx: Tx) async throws {
        if let challenge {
            let taken = try await tx.execute(
                "delete from app.sign_in_challenge where tenant_id = \(tx.facts.tenant) and id = \(challenge.id)")
            guard taken == 1 else { throw Failure.challengeInvalid }
        }
        try await passkey?.note(tx)
    }
}

extension SignIn {
    /// - Throws: 401 `mfa_token_invalid` for an old, used or foreign token, 401 `mfa_invalid` for a wrong code or passkey, 429 after too many.
    func secondStep(_ token: SessionToken?, _ form: CodeForm, _ context: TenantContext) async throws -> SecondStep {
        let challenge = try await openChallenge(token, context)
        let (walled, candidate) = (context.walled, challenge.candidate)
        var step: SecondStep?
        if let answer = form.passkey {
            let check = PasskeyCheck(challenge.passkey(context), context)
            let use = try await FactorCheck.counted(candidate.id, walled) { try await check.verify(answer, of: candidate.id).use }
            step = use.map { SecondStep(candidate: candidate, factor: .passkey, challenge: challenge, passkey: $0) }
        } else {
            let check = FactorCheck(passwords: passwords, sealer: context.house.sealer)
            step = try await check.verify(form.code, of: candidate.id, walled).map {
                SecondStep(candidate: candidate, factor: $0, challenge: challenge)
            }
        }
        guard let step else { throw Failure.codeInvalid(left: try await challenge.noteWrong(walled)) }
        return step
    }

    /// - Throws: 401 `mfa_token_invalid`.
    func openChallenge(_ token: SessionToken?, _ context: TenantContext) async throws -> Challenge {
        guard let token,
            let challenge = try await context.walled.read(Challenge.find(token, context.tenant.id, now: context.arrival.now))
        else { throw Failure.challengeInvalid }
        return challenge
    }
}

extension Failure {
    static let challengeInvalid = Failure(
        .unauthorized, "mfa_token_invalid", "This sign-in is no longer open; start again with the password")

    static func codeInvalid(left: Int) -> Failure {
        var failure = Failure(.unauthorized, "mfa_invalid", "This is wrong or was used before")
        failure.triesLeft = left
        return failure
    }
}
