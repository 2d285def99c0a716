import Crypto
import Database
import Foundation
import HTML
import Secrets
import Tokens
import Web

/// A sign-in that is on its way through a provider. It travels there and back as the `state`, sealed, so that starting one costs no row;
/// coming back costs one, and works once (T66).
///
/// The seal holds for one company, one provider and one browser: an answer of another company's or another provider's, or one that
/// somebody else's browser was sent to get, does not open it.
struct SignInState: Codable, Sendable {
    static let life = 600

    enum Purpose: String, Codable, Sendable {
        case signIn = "s"
        /// To add a way of signing in.
        case link = "l"
        /// To prove who one is (`MemberContext.requireFresh`).
        case prove = "p"
    }

    /// What a state is bound to.
    enum Binding: Sendable {
        /// A browser before sign-in, by what it alone knows.
        case visit([UInt8])
        /// A browser's session, by its token.
        case session(SessionToken)

        fileprivate var text: String {
            switch self {
            case .visit(let hash): "visit:\(Base64URL.encode(hash))"
            case .session(let token): "session:\(Base64URL.encode(token.hash))"
            }
        }
    }

    let id: UUID
    let purpose: Purpose
    /// Whoever links or proves.
    let member: UUID?
    /// A path of ours.
    let next: String?
    /// Of somebody who joins with a provider.
    let invitation: String?
    /// The program that waits, instead of a browser.
    let program: ProgramReturn?
    /// Seconds since 1970.
    let madeAt: Int

    enum CodingKeys: String, CodingKey {
        case id = "i"
        case purpose = "p"
        case member = "m"
        case next = "n"
        case invitation = "v"
        case program = "a"
        case madeAt = "t"
    }

    /// - Parameter next: dropped when it is so long that a provider would not take the whole.
    init(
        _ purpose: Purpose, member: UUID? = nil, next: WebPath?, invitation: String? = nil, program: ProgramReturn? = nil,
        now: Date
    ) {
        id = UUID()
        self.purpose = purpose
        self.member = member
        self.next = next.flatMap { $0.string.utf8.count <= 600 ? $0.string : nil }
        self.invitation = invitation
        self.program = program
        madeAt = Int(exactly: now.timeIntervalSince1970.rounded(.down)) ?? 0
    }

    func sealed(_ provider: Provider, _ binding: Binding, _ context: TenantContext) throws -> String {
        let json = Array(try JSONEncoder().encode(self))
        return Base64URL.encode(
            try context.house.sealer.seal(json, for: Self.purpose(provider, binding, context)))
    }

    /// - Returns: nil for a state that is none, too old, or not this company's, provider's and browser's.
    static func open(_ text: String, _ provider: Provider, _ bindings: [Binding], _ context: TenantContext) -> SignInState? {
        guard text.utf8.count <= 4096, let sealed = Base64URL.decode(text) else { return nil }
        for binding in bindings {
            guard let json = try? context.house.sealer.open(sealed, for: purpose(provider, binding, context)),
                let state = try? JSONDecoder().decode(SignInState.self, from: Data(json))
            else { continue }
            let age = context.arrival.now.timeIntervalSince(Date(timeIntervalSince1970: Double(state.madeAt)))
            return (-60..<Double(life)).contains(age) ? state : nil
        }
        return nil
    }

    private static func purpose(_ provider: Provider, _ binding: Binding, _ context: TenantContext) -> String {
        "sign_in_state:\(context.tenant.id):\(provider.key):\(provider.setting.house.issuer):\(binding.text)"
    }

    // MARK: What goes with it

    /// Both follow from the id, which nobody else reads, and the house's secret.
    func nonce(_ context: TenantContext) -> String {
        context.house.secret.sign("sign-in-nonce", String(context.tenant.id), id.text)
    }

    /// 43 characters, as RFC 7636 wants them.
    func verifier(_ context: TenantContext) -> String {
        context.house.secret.sign("sign-in-verifier", String(context.tenant.id), id.text)
    }

    /// Only S256.
    func challenge(_ context: TenantContext) -> String {
        Base64URL.encode(SHA256.hash(data: Data(verifier(context).utf8)))
    }

    /// - Throws: 400 when it came back before.
    func spend(_ walled: Walled) async throws {
        guard try await Self.spend(id, walled) else { throw Failure.stateInvalid }
    }

    /// - Returns: false for an id that came before.
    static func spend(_ id: UUID, _ walled: Walled) async throws -> Bool {
        let spent = try await walled.write { tx in
            try await tx.execute(
                """
                insert into app.returned_sign_in(tenant_id, id, at) values (\(tx.facts.tenant), \(id), \(tx.facts.now))
                on conflict do nothing
                """)
        }
        return spent == 1
    }
}
