import Database
import Forms
import Foundation
import Passwords
import Web

/// Mail address, password and code, all in one step: a wrong one of them is never told apart from another.
struct OperatorSignIn: Sendable {
    let passwords: PasswordHasher

    /// Failures of one account from one address; another address is not locked out by them.
    static let perAccount = OperatorLimit("sign-in", 5, per: 15 * 60)
    /// Failures of one address over all accounts.
    static let perAddress = OperatorLimit("sign-in-address", 30, per: 15 * 60)
    /// Codes beside the right password, wherever they come from: only who knows the password gets as far as that.
    static let guesses = OperatorLimit("code", 5, per: 15 * 60)
    static let daily = OperatorLimit("code-day", 30, per: 86_400)

    static let invalid = Failure(.unauthorized, "invalid_credentials", "Invalid credentials")

    /// - Returns: the new session's token.
    /// - Throws: `invalid`, or 429 after too many failures.
    func open(_ draft: OperatorSignInForm, replacing old: SessionToken?, agent: String?, _ context: PlatformContext) async throws
        -> SessionToken
    {
        let address = context.arrival.address ?? "unknown"
        let account = "\(draft.email.lowercased())|\(address)"
        try await Self.perAccount.check(account, context)
        try await Self.perAddress.check(address, context)
        let person = try await context.write { tx in try await tx.query(Operator.find(email: draft.email)) }
        let matches = try await passwords.verify(draft.password, against: person?.hash)
        if let person, matches, !person.isDisabled {
            // Counted before it is looked at, so that many at once are not looked at either.
            for limit in [Self.guesses, Self.daily] { try await limit.spend(person.id.text, context) }
            if let token = try await open(person, draft.code, replacing: old, agent: agent, context) { return token }
        }
        try? await Self.perAccount.spend(account, context)
        try? await Self.perAddress.spend(address, context)
        try await context.write { tx in
            try LogLine("operator.sign_in_failed", by: person?.id).write(tx, now: context.now, context.arrival)
        }
        throw Self.invalid
    }

    private func open(
        _ person: Operator, _ code: String, replacing old: SessionToken?, agent: String?, _ context: PlatformContext
    ) async throws -> SessionToken? {
        try await context.write { tx in
            guard try await person.spend(code, context.house.sealer, now: context.now, tx) else { return nil }
            for limit in [Self.guesses, Self.daily] { try await limit.forget(person.id.text, tx) }
            try LogLine("operator.signed_in", by: person.id).write(tx, now: context.now, context.arrival)
            return try await OperatorSessions.open(
                person.id, replacing: old, agent: agent, context.arrival, now: context.now, tx)
        }
    }
}

struct OperatorSignInForm: Sendable {
    let email: String
    let password: String
    let code: String

    init(_ form: inout FormReader) {
        // An address that is none cannot sign in, but it is told so like any other wrong one.
        email = form.text("email", .required, .max(254))
        password = form.password("password")
        code = form.text("code", .required, .max(40))
    }
}
