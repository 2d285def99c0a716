import Audit
import Database
import Forms
import Foundation
import Passwords
import Web

/// Somebody who is signed in proves that they are still the same.
struct Proof: Sendable {
    let passwords: PasswordHasher
    let context: MemberContext

    static let wrong = RateLimit("prove", 5, per: 15 * 60)

    /// By either of them, whichever was given.
    ///
    /// - Returns: the passkey's use, to be noted together with what follows from it.
    /// - Throws: `FormErrors` for a wrong one, 429 after some.
    func show(_ form: ProofForm) async throws -> PasskeyUse? {
        if let answer = form.passkey { return try await passkey(answer) }
        if let code = form.code {
            try await self.code(code)
        } else {
            try await password(form.password)
        }
        return nil
    }

    private func passkey(_ answer: PasskeyAnswer) async throws -> PasskeyUse {
        let member = context.memberID
        let check = PasskeyCheck(PasskeyChallenge(.prove, context), context.outer)
        let use = try await FactorCheck.counted(member, try await context.proved()) {
            try await check.verify(answer, of: member).use
        }
        guard let use else { throw FormErrors([FieldProblem("passkey", .own("passkey_invalid"))]) }
        return use
    }

    func password(_ password: String) async throws {
        let (walled, subject) = (try await context.proved(), context.memberID.text)
        try await Self.wrong.spend(subject, walled, now: context.now)
        let hash = try await walled.read(
            Query.value(
                "select password_hash from app.member where tenant_id = \(context.tenant.id) and id = \(context.memberID)",
                String?.self))
        guard context.tenant.takesPassword(of: context.session.roles), try await passwords.verify(password, against: hash) else {
            throw FormErrors([FieldProblem("password", .own("wrong_password"))])
        }
        _ = try await walled.write { tx in
            try await tx.execute(
                "delete from app.rate_limit where tenant_id = \(tx.facts.tenant) and bucket = \("\(Self.wrong.name):\(subject)")")
        }
    }

    func code(_ typed: String) async throws {
        let check = FactorCheck(passwords: passwords, sealer: context.house.sealer)
        guard try await check.verify(typed, of: context.memberID, try await context.proved()) != nil else {
            throw FormErrors([FieldProblem("code", .own("wrong_code"))])
        }
    }
}
