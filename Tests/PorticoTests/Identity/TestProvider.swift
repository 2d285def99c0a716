import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing
import _CryptoExtras

@testable import Tokens
@testable import portico

/// An identity provider on a port of this machine that does everything right, and lies where a test wants it to.
final class TestProvider: Sendable {
    /// What it does in another way than it should. Values of claims and headers are JSON; nil leaves one out.
    struct Mood: Sendable {
        var claims: [String: String?] = [:]
        var header: [String: String?] = [:]
        var signs: Signs = .first
        var published: [String]?
        /// Instead of its own answer.
        var token: String?
        var tokenStatus = HTTPResponse.Status.ok
        var userInfo: String?
        var discovery: [String: String?] = [:]
        /// The path that is answered after half a minute.
        var hangs: String?
    }

    enum Signs: Sendable { case first, second, es256, none, hmac, zeros, nothing }

    private struct Ticket: Sendable {
        let asked: [String: String]
        let subject: String
    }

    private struct State: Sendable {
        var mood = Mood()
        var tickets: [String: Ticket] = [:]
        var port = 0
        /// Whom the last token is about.
        var subject = ""
    }

    static let second = Task { try SigningKey() }
    static let curve = P256.Signing.PrivateKey()
    static let client = "portico-client"

    let first: SigningKey
    let other: SigningKey
    let heard = Tallied<TestPeer.Heard>()
    private let state = Mutex(State())

    private init(_ first: SigningKey, _ second: SigningKey) {
        (self.first, other) = (first, second)
    }

    static func serving<T>(_ body: (TestProvider) async throws -> T) async throws -> T {
        let provider = TestProvider(try await TestHouse.signingKey.value, try await second.value)
        return try await TestPeer.serving {
            try await provider.answer($0)
        } _: { peer in
            provider.state.withLock { $0.port = peer.port }
            return try await body(provider)
        }
    }

    var port: Int { state.withLock { $0.port } }
    var issuer: String { "http://127.0.0.1:\(port)" }

    var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }

    func asked(_ path: String) -> Int { heard.all.count { $0.path.hasPrefix(path) } }

    /// What its page does when somebody signs in there: a code for what the browser was sent with.
    func code(for asked: [String: String], subject: String) -> String {
        let code = UUID().uuidString
        state.withLock { $0.tickets[code] = Ticket(asked: asked, subject: subject) }
        return code
    }

    // MARK: Answers

    private func answer(_ heard: TestPeer.Heard) async throws -> Response {
        self.heard.add(heard)
        let mood = mood
        if let path = mood.hangs, heard.path.hasPrefix(path) { try await Task.sleep(for: .seconds(30)) }
        switch heard.path {
        case "/.well-known/openid-configuration": return TestPeer.ok(Self.object(discovery, mood.discovery))
        case "/jwks": return TestPeer.ok("{\"keys\":[\((mood.published ?? [Self.rsa(first)]).joined(separator: ","))]}")
        case "/token": return try token(heard, mood)
        case "/userinfo": return TestPeer.ok(mood.userInfo ?? "{\"sub\":\"\(state.withLock { $0.subject })\"}")
        default: return Response(status: .notFound)
        }
    }

    private var discovery: [String: String] {
        [
            "issuer": "\"\(issuer)\"", "authorization_endpoint": "\"\(issuer)/authorize\"",
            "token_endpoint": "\"\(issuer)/token\"", "jwks_uri": "\"\(issuer)/jwks\"",
            "userinfo_endpoint": "\"\(issuer)/userinfo\""
        ]
    }

    private func token(_ heard: TestPeer.Heard, _ mood: Mood) throws -> Response {
        var components = URLComponents()
        components.percentEncodedQuery = String(decoding: heard.body, as: UTF8.self)
        let form = Dictionary((components.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        if mood.tokenStatus != .ok || mood.token != nil {
            return Response(
                status: mood.tokenStatus,
                body: .init(byteBuffer: ByteBuffer(string: mood.token ?? "{\"error\":\"invalid_grant\"}")))
        }
        // Each code once, and only for whoever asked for it (RFC 7636).
        let ticket = state.withLock { $0.tickets.removeValue(forKey: form["code"] ?? "") }
        let challenge = Base64URL.encode(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8)))
        guard let ticket, ticket.asked["code_challenge"] == challenge, form["redirect_uri"] == ticket.asked["redirect_uri"] else {
            return Response(status: .badRequest, body: .init(byteBuffer: ByteBuffer(string: "{\"error\":\"invalid_grant\"}")))
        }
        state.withLock { $0.subject = ticket.subject }
        let text = try idToken(ticket, mood)
        return TestPeer.ok("{\"access_token\":\"secret-access\",\"token_type\":\"Bearer\",\"id_token\":\"\(text)\"}")
    }

    private func idToken(_ ticket: Ticket, _ mood: Mood) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = [
            "iss": "\"\(issuer)\"", "aud": "\"\(Self.client)\"", "sub": "\"\(ticket.subject)\"", "iat": "\(now)",
            "exp": "\(now + 300)", "nonce": "\"\(ticket.asked["nonce"] ?? "")\"", "email": "\"\(ticket.subject)@people.test\"",
            "email_verified": "true", "name": "\"Kim Falk\""
        ]
        let header = ["alg": "\"RS256\"", "typ": "\"JWT\"", "kid": "\"\(first.verifying.kid)\""]
        let signed =
            Base64URL.encode(Self.object(header, mood.header).utf8) + "."
            + Base64URL.encode(Self.object(claims, mood.claims).replacing("{issuer}", with: issuer).utf8)
        return "\(signed).\(Base64URL.encode(try signature(Data(signed.utf8), mood.signs)))"
    }

    private func signature(_ bytes: Data, _ signs: Signs) throws -> [UInt8] {
        switch signs {
        case .first: try first.signature(of: bytes)
        case .second: try other.signature(of: bytes)
        case .es256: Array(try Self.curve.signature(for: bytes).rawRepresentation)
        case .hmac: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: first.verifying.der)))
        case .zeros: Array(repeating: 0, count: 64)
        case .none: []
        case .nothing: [0]
        }
    }

    // MARK: JSON

    static func rsa(_ key: SigningKey, kid: String? = nil) -> String {
        let jwk = key.verifying.jwk
        return
            "{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"\(kid ?? jwk.kid)\",\"n\":\"\(jwk.n)\",\"e\":\"\(jwk.e)\"}"
    }

    static var ec: String {
        let point = Array(curve.publicKey.x963Representation.dropFirst())
        return
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"curve\",\"x\":\"\(Base64URL.encode(point.prefix(32)))\",\"y\":\"\(Base64URL.encode(point.suffix(32)))\"}"
    }

    private static func object(_ usual: [String: String], _ change: [String: String?]) -> String {
        let members = usual.mapValues { $0 as String? }.merging(change) { $1 }.compactMapValues { $0 }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}

/// A house that may ask providers on this machine, with companies that have them.
struct ProviderHouse: Sendable {
    let app: App
    let clock: TestClock

    /// Runs the body in a house that may ask these ports.
    static func open<T>(
        _ ports: [Int], _ more: [String: String] = [:], _ body: (ProviderHouse) async throws -> T
    ) async throws -> T {
        let clock = TestClock()
        let settings = try TestHouse.settings(
            ["PORTICO_OUTBOUND_PRIVATE": ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")].merging(more) { $1 })
        let app = try await App.build(settings, logger: TestHouse.logger, now: { clock.now })
        do {
            let result = try await body(ProviderHouse(app: app, clock: clock))
            await shutDown(app)
            return result
        } catch {
            await shutDown(app)
            throw error
        }
    }

    private static func shutDown(_ app: App) async {
        await app.database.shutdown()
        await app.workerDatabase.shutdown()
        await app.visitorDatabase.shutdown()
    }

    static let usual = "roles: {default: resident}"

    /// A company with one provider, `main`, and whatever else `identity:` says.
    func company(
        _ issuer: String, _ settings: String = usual, more: String = "", providers: String = "", slug: String? = nil
    ) async throws -> TestCompany {
        let provider =
            "    main: {preset: oidc, issuer: \"\(issuer)\", clientID: \(TestProvider.client), title: {de: Werk, en: Works}, \(settings)}"
        return try await TestCompany.fresh(in: app, slug: slug) {
            $0.replacing(
                "  secondFactor: {requiredFor: []}\n",
                with: (more.isEmpty ? "" : "  \(more)\n") + "  providers:\n\(provider)\n"
                    + (providers.isEmpty ? "" : "    \(providers)\n"))
        }
    }
}

extension TestBrowser {
    /// Starts, and gives what the provider is asked with.
    mutating func leave(_ key: String = "main", next: String? = nil) async throws -> [String: String] {
        let query = next.map { "?next=\(TestMember.encode($0))" } ?? ""
        return try Self.asked(try await get("/login/oidc/\(key)\(query)"))
    }

    static func asked(_ answer: TestAnswer) throws -> [String: String] {
        let location = try #require(answer.location, "\(answer.status) \(answer.text.prefix(2000))")
        let items = URLComponents(string: location)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    }

    /// With what the provider answers.
    mutating func comeBack(_ key: String = "main", _ answer: [String: String]) async throws -> TestAnswer {
        let query = answer.sorted { $0.key < $1.key }.map { "\($0.key)=\(TestMember.encode($0.value))" }.joined(separator: "&")
        return try await get("/login/oidc/\(key)/callback?\(query)")
    }

    /// There and back.
    mutating func signIn(
        at provider: TestProvider, as subject: String, _ key: String = "main", next: String? = nil
    ) async throws -> TestAnswer {
        let asked = try await leave(key, next: next)
        return try await comeBack(
            key, ["code": provider.code(for: asked, subject: subject), "state": try #require(asked["state"])])
    }
}

extension TestCompany {
    func members(_ email: String) async throws -> Int {
        try await count("app.member where tenant_id = \(tenant.id) and email = \(email)")
    }

    func identities() async throws -> Int { try await count("app.identity where tenant_id = \(tenant.id)") }

    func roles(_ email: String) async throws -> [String] {
        try await walled.read(
            Query.value("select roles from app.member where tenant_id = \(tenant.id) and email = \(email)", [String].self))
    }
}
