import Crypto
import Database
import Foundation
import Secrets
import Tokens
import Web

/// What a program gets at the end of a sign-in and exchanges for its tokens: good for a minute, once, and only for whoever has the
/// verifier. It is sealed, like the state before it, so that nothing is stored for programs that never ask.
struct LoginCode: Codable, Sendable {
    static let life = 60

    let id: UUID
    let member: UUID
    let provider: String
    let isVouched: Bool
    let challenge: String
    /// Seconds since 1970.
    let madeAt: Int

    enum CodingKeys: String, CodingKey {
        case id = "i"
        case member = "m"
        case provider = "p"
        case isVouched = "v"
        case challenge = "c"
        case madeAt = "t"
    }

    init(_ member: UUID, _ word: ProviderWord, _ program: ProgramReturn, _ context: TenantContext) {
        id = UUID()
        self.member = member
        provider = word.provider
        isVouched = word.isVouched
        challenge = program.challenge
        madeAt = Int(exactly: context.arrival.now.timeIntervalSince1970.rounded(.down)) ?? 0
    }

    func sealed(_ context: TenantContext) throws -> String {
        let json = Array(try JSONEncoder().encode(self))
        return Base64URL.encode(try context.house.sealer.seal(json, for: Self.purpose(context)))
    }

    /// - Returns: nil for a code that is none, too old, or not this company's.
    static func open(_ text: String, _ context: TenantContext) -> LoginCode? {
        guard text.utf8.count <= 2048, let sealed = Base64URL.decode(text),
            let json = try? context.house.sealer.open(sealed, for: purpose(context)),
            let code = try? JSONDecoder().decode(LoginCode.self, from: Data(json))
        else { return nil }
        let age = context.arrival.now.timeIntervalSince(Date(timeIntervalSince1970: Double(code.madeAt)))
        return (-5..<Double(life)).contains(age) ? code : nil
    }

    private static func purpose(_ context: TenantContext) -> String { "login_code:\(context.tenant.id)" }

    /// Whether the verifier is the one whose hash the program began with; it has 43 to 128 characters.
    func isFor(_ verifier: String) -> Bool {
        (43...128).contains(verifier.utf8.count)
            && Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) == challenge
    }

    /// The member, while they may sign in. A code is used up by that.
    ///
    /// - Returns: nil for one that was used before.
    func take(_ walled: Walled) async throws -> SignIn.Candidate? {
        guard try await SignInState.spend(id, walled) else { return nil }
        return try await walled.read(
            Query.first(
                """
                select id, password_hash, roles, disabled_at is not null as disabled, factor_since is not null as has_factor
                  from app.member where tenant_id = \(walled.facts.tenant) and id = \(member) and disabled_at is null
                """, SignIn.Candidate.self))
    }
}
