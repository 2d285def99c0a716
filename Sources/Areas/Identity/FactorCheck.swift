import Audit
import Database
import Foundation
import Passwords
import Secrets
import Web

/// Checks what somebody shows as their second factor: six digits of the authenticator, a recovery code, or a passkey.
///
/// Tries are counted for each member, wherever they come from (T68): five in a quarter of an hour, thirty in a day. Only whoever knows
/// the password gets as far as a code, so strangers lock nobody out; the owner of a password that others know is told by mail, and a
/// new password opens the way again at once (`Challenge.forgetAll`).
struct FactorCheck: Sendable {
    let passwords: PasswordHasher
    let sealer: Sealer

    static let guesses = RateLimit("second-factor", 5, per: 15 * 60)
    static let daily = RateLimit("second-factor-day", 30, per: 86_400)

    /// - Returns: nil when it is wrong or was used before.
    /// - Throws: 429 after too many wrong ones.
    func verify(_ typed: String, of member: UUID, _ walled: Walled) async throws -> Factor? {
        try await Self.counted(member, walled) { try await recognise(typed, member, walled) }
    }

    /// One try of those that a member has, whatever is shown; `look` gives nil for a wrong one.
    ///
    /// - Throws: 429 after too many wrong ones.
    static func counted<Shown>(_ member: UUID, _ walled: Walled, _ look: () async throws -> Shown?) async throws -> Shown? {
        let now = walled.facts.now
        // Counted before it is looked at, so that a thousand at once are not looked at either; the day counts only what the first lets pass.
        for limit in [guesses, daily] { try await limit.spend(member.text, walled, now: now) }
        guard let shown = try await look() else {
            let isLast = try await guesses.isSpent(member.text, walled, now: now)
            try await walled.write { tx in
                try tx.audit("member.factor_failed", "member", member)
                if isLast { try tx.publish(FactorChanged(member: member, what: .guessed, occasion: window(now))) }
            }
            return nil
        }
        try await walled.write { tx in try await forgive(member, tx) }
        return shown
    }

    /// The owner is told once in a window.
    private static func window(_ now: Date) -> String {
        String(Int((now.timeIntervalSince1970 / Double(guesses.seconds)).rounded(.down)))
    }

    private func recognise(_ typed: String, _ member: UUID, _ walled: Walled) async throws -> Factor? {
        let digits = typed.filter { !$0.isWhitespace }
        if digits.utf8.count == TOTP.digits, digits.utf8.allSatisfy({ (48...57).contains($0) }) {
            return try await walled.write { tx in
                try await Authenticator.spend(digits, of: member, sealer, tx) ? .authenticator : nil
            }
        }
        guard let code = RecoveryCode(typed: typed) else { return nil }
        return try await spend(code, member, walled) ? .recovery : nil
    }

    private func spend(_ code: RecoveryCode, _ member: UUID, _ walled: Walled) async throws -> Bool {
        let stored = try await walled.read(
            Query.firstValue(
                """
                select hash from app.recovery_code where tenant_id = \(walled.facts.tenant) and member_id = \(member)
                   and place = \(Int32(clamping: code.place)) and used_at is null
                """, String.self))
        guard let stored, try await passwords.verify(code.plain, against: stored) else { return false }
        return try await walled.write { tx in
            let used = try await tx.execute(
                """
                update app.recovery_code set used_at = \(tx.facts.now)
                 where tenant_id = \(tx.facts.tenant) and member_id = \(member) and hash = \(stored) and used_at is null
                """)
            guard used == 1 else { return false }
            try tx.audit("member.recovery_code_used", "member", member, actor: member)
            try tx.publish(FactorChanged(member: member, what: .recovered, occasion: UUID.v7().text))
            return true
        }
    }

    /// The owner was here: wrong codes before that count no longer.
    static func forgive(_ member: UUID, _ tx: Tx) async throws {
        try await tx.execute(
            """
            delete from app.rate_limit where tenant_id = \(tx.facts.tenant)
               and bucket in (\("\(guesses.name):\(member.text)"), \("\(daily.name):\(member.text)"))
            """)
    }
}
