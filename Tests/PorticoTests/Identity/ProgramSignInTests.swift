import Crypto
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Tokens
@testable import portico

/// A program on somebody's device, and the browser that it opens.
struct TestApp: Sendable {
    static let redirect = "http://127.0.0.1:49152/signed-in"
    static let redirects =
        "redirects: [\"http://127.0.0.1/signed-in\", \"com.acme.app:/signed-in\", \"https://app.acme.example/done?x=1\"]"

    let company: TestCompany
    let verifier: String
    var browser: TestBrowser

    init(_ company: TestCompany) {
        self.company = company
        verifier = SessionToken().text
        browser = TestBrowser(company)
    }

    var challenge: String { Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) }

    /// - Parameter change: nil leaves a parameter out.
    mutating func start(_ key: String = "main", _ change: [String: String?] = [:]) async throws -> TestAnswer {
        let usual = [
            "redirect_uri": Self.redirect, "code_challenge": challenge, "code_challenge_method": "S256", "state": "app state"
        ]
        let query = usual.mapValues { $0 as String? }.merging(change) { $1 }.compactMapValues { $0 }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\(TestMember.encode($0.value))" }
        return try await browser.get("/api/v1/auth/oauth/\(key)?\(query.joined(separator: "&"))")
    }

    /// There and back; gives what the program is led back with.
    mutating func signIn(
        at provider: TestProvider, as subject: String, _ change: [String: String?] = [:]
    ) async throws -> (address: String, query: [String: String]) {
        let asked = try TestBrowser.asked(try await start("main", change))
        let answer = try await browser.comeBack(
            "main", ["code": provider.code(for: asked, subject: subject), "state": try #require(asked["state"])])
        return try Self.led(answer)
    }

    /// Of a sign-in that went well.
    mutating func code(at provider: TestProvider, as subject: String, _ change: [String: String?] = [:]) async throws -> String {
        let led = try await signIn(at: provider, as: subject, change)
        return try #require(led.query["login_code"], "\(led)")
    }

    /// Of a sign-in that did not.
    mutating func error(at provider: TestProvider) async throws -> String? {
        try await signIn(at: provider, as: "kim").query["error"]
    }

    static func led(_ answer: TestAnswer) throws -> (address: String, query: [String: String]) {
        let location = try #require(answer.location, "\(answer.status) \(answer.text.prefix(1000))")
        let parts = location.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], try TestBrowser.asked(answer))
    }

    func exchange(_ code: String, _ verifier: String? = nil, at company: TestCompany? = nil) async throws -> TestAnswer {
        try await (company ?? self.company).program(
            "/api/v1/auth/oauth/exchange", "{\"loginCode\":\"\(code)\",\"codeVerifier\":\"\(verifier ?? self.verifier)\"}")
    }
}

@Suite("FLOWS-1 flow 3: programs sign in with a company's identity provider")
struct ProgramSignInTests {
    private func house(_ body: (ProviderHouse, TestProvider, TestCompany) async throws -> Void) async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                try await body(house, provider, try await house.company(provider.issuer, more: TestApp.redirects))
            }
        }
    }

    @Test(
        "Flow 3 (a) (b) 302 to the provider, back to the program with a code, tokens for the code; the second time the same member"
    )
    func round() async throws {
        try await house { _, provider, company in
            for _ in 0..<2 {
                var app = TestApp(company)
                let start = try await app.start()
                #expect(start.status == 302 && start.location?.hasPrefix("\(provider.issuer)/authorize?") == true)
                let (address, led) = try await app.signIn(at: provider, as: "kim")
                #expect(address == TestApp.redirect && led["state"] == "app state" && led["error"] == nil)
                #expect(!app.browser.isSignedIn, "the program is signed in, not its browser")
                let answer = try await app.exchange(try #require(led["login_code"]))
                let pair = try #require(answer.pair, "\(answer.text)")
                let me = try await company.ask("/me", bearer: pair.access)
                #expect(me.json?["email"] as? String == "kim@people.test")
                #expect(try await company.refresh(pair.refresh).status == 200)
            }
            #expect(try await company.members("kim@people.test") == 1)
            let words = try await company.count(
                "app.audit_line where tenant_id = \(company.tenant.id) and action = 'member.signed_in' and after->>'by' = 'main'")
            #expect(words == 2)
        }
    }

    @Test("T66 a login code works once, within a minute, with the verifier of the program that began, at its own company")
    func code() async throws {
        try await house { house, provider, company in
            var app = TestApp(company)
            let code = try await app.code(at: provider, as: "kim")
            let other = try await house.company(provider.issuer, more: TestApp.redirects)
            #expect(try await app.exchange(code, SessionToken().text).code == "login_code_invalid")
            #expect(try await app.exchange(code, app.challenge).status == 401, "the challenge is not the verifier")
            #expect(try await app.exchange(code, at: other).status == 401, "another company")
            #expect(try await app.exchange(String(code.dropLast())).status == 401)
            #expect(try await app.exchange("").status == 400)
            #expect(try await app.exchange(code).status == 200, "wrong tries of others use nothing up")
            #expect(try await app.exchange(code).status == 401, "twice")
            let late = try await app.code(at: provider, as: "kim")
            house.clock.advance(seconds: 61)
            #expect(try await app.exchange(late).status == 401)
            house.clock.advance(seconds: -61)
            try await company.run("update app.member set disabled_at = now() where email = 'kim@people.test'")
            #expect(try await app.exchange(late).status == 401, "closed meanwhile")
        }
    }

    @Test(
        "T29 T66 a redirect_uri that is not listed, or a start without S256, is 400 and leads nowhere",
        arguments: [
            ["redirect_uri": nil], ["redirect_uri": ""], ["redirect_uri": "https://evil.test/"],
            ["redirect_uri": "http://127.0.0.1:49152/other"], ["redirect_uri": "http://127.0.0.1.evil.test:1/signed-in"],
            ["redirect_uri": "http://127.0.0.1:0/signed-in"], ["redirect_uri": "http://127.0.0.1:99999/signed-in"],
            ["redirect_uri": "http://127.0.0.1:49152@evil.test/signed-in"], ["redirect_uri": "http://localhost:1/signed-in"],
            ["redirect_uri": "com.acme.app:/signed-in/x"], ["redirect_uri": "https://app.acme.example/done?x=2"],
            ["redirect_uri": "javascript:alert(1)"], ["redirect_uri": "//evil"], ["code_challenge": nil],
            ["code_challenge": "short"], ["code_challenge_method": nil], ["code_challenge_method": "plain"],
            ["state": String(repeating: "x", count: 501)], ["state": "a\nb"]
        ] as [[String: String?]])
    func redirects(_ change: [String: String?]) async throws {
        try await house { _, provider, company in
            var app = TestApp(company)
            let answer = try await app.start("main", change)
            #expect(answer.status == 400 && answer.location == nil, "\(change): \(answer.status) \(answer.location ?? "")")
            #expect(try await app.start("none").status == 404)
            #expect(provider.asked("/token") == 0)
        }
    }

    @Test(
        "Every listed kind of address is led back to: any port of this device, a scheme of the program's own, https with a query",
        arguments: [
            ("http://127.0.0.1/signed-in", "http://127.0.0.1/signed-in"),
            ("http://127.0.0.1:5/signed-in", "http://127.0.0.1:5/signed-in"),
            ("com.acme.app:/signed-in", "com.acme.app:/signed-in"),
            ("https://app.acme.example/done?x=1", "https://app.acme.example/done")
        ])
    func kinds(_ redirect: String, _ address: String) async throws {
        try await house { _, provider, company in
            var app = TestApp(company)
            let led = try await app.signIn(at: provider, as: "kim", ["redirect_uri": redirect, "state": nil])
            #expect(led.address == address && led.query["state"] == nil)
            #expect(try await app.exchange(led.query["login_code"] ?? "").status == 200)
        }
    }

    @Test("T66 the answer is for the browser that the program opened: in another one it is refused, and no code goes anywhere")
    func otherBrowser() async throws {
        try await house { _, provider, company in
            var app = TestApp(company)
            let asked = try TestBrowser.asked(try await app.start())
            let answer = ["code": provider.code(for: asked, subject: "kim"), "state": asked["state"] ?? ""]
            var victim = TestBrowser(company)
            _ = try await victim.get("/login")
            let refused = try await victim.comeBack("main", answer)
            #expect(refused.status == 400 && refused.location == nil && provider.asked("/token") == 0)
            let led = try TestApp.led(try await app.browser.comeBack("main", answer))
            #expect(led.query["login_code"] != nil)
            let again = try TestApp.led(try await app.browser.comeBack("main", answer))
            #expect(again.query["error"] == "oauth_state_invalid")
        }
    }

    @Test("T91 what goes wrong at the provider the program hears as an error: cancelled, down, slow, lying, nobody's account")
    func errors() async throws {
        try await house { house, provider, company in
            var app = TestApp(company)
            let asked = try TestBrowser.asked(try await app.start())
            let cancelled = try await app.browser.comeBack("main", ["error": "access_denied", "state": asked["state"] ?? ""])
            let led = try TestApp.led(cancelled)
            #expect(led.query == ["error": "sign_in_cancelled", "state": "app state"])
            provider.mood.tokenStatus = .serviceUnavailable
            #expect(try await app.error(at: provider) == "provider_unavailable")
            provider.mood = TestProvider.Mood()
            provider.mood.claims["nonce"] = "\"another\""
            #expect(try await app.error(at: provider) == "identity_refused")
            provider.mood.claims = ["email_verified": "false"]
            #expect(try await app.error(at: provider) == "email_unconfirmed")
            provider.mood = TestProvider.Mood()
            provider.mood.hangs = "/.well-known"
            house.clock.advance(seconds: 120)
            let slow = try TestApp.led(try await app.start())
            #expect(slow.query["error"] == "provider_slow")
            #expect(try await company.identities() == 0)
        }
    }

    @Test("Whoever has a second factor gets a challenge instead of tokens, unless the provider vouches for one")
    func secondFactor() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(
                    provider.issuer, "roles: {default: resident}, secondFactor: {amr: [mfa]}", more: TestApp.redirects)
                let person = try await company.protectedPerson()
                try await company.run(
                    """
                    insert into app.identity(tenant_id, id, member_id, provider, issuer, subject, linked_at)
                    values (\(company.tenant.id), \(UUID.v7()), \(person.member.id), 'main', \(provider.issuer), 'kim', now())
                    """)
                var app = TestApp(company)
                let code = try await app.code(at: provider, as: "kim")
                let answer = try await app.exchange(code)
                let challenge = try #require(answer.json?["mfaToken"] as? String, "\(answer.text)")
                #expect(answer.json?["mfaRequired"] as? Bool == true && answer.pair == nil)
                #expect(try await person.verify(challenge, person.code()).pair != nil)
                provider.mood.claims["amr"] = "[\"pwd\",\"mfa\"]"
                let vouched = try await app.code(at: provider, as: "kim")
                #expect(try await app.exchange(vouched).pair != nil)
            }
        }
    }

    @Test("A provider's word on the second factor goes on through refreshed tokens, where the role demands one")
    func vouchedTokens() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(
                    provider.issuer, "roles: {default: resident}, secondFactor: {amr: [mfa]}",
                    more: "secondFactor: {requiredFor: [resident]}\n  \(TestApp.redirects)")
                var app = TestApp(company)
                let plainCode = try await app.code(at: provider, as: "kim")
                let plain = try #require(try await app.exchange(plainCode).pair)
                #expect(try await company.ask("/faults", bearer: plain.access).code == "second_factor_required")
                provider.mood.claims["amr"] = "[\"mfa\"]"
                let pairCode = try await app.code(at: provider, as: "kim")
                let pair = try #require(try await app.exchange(pairCode).pair)
                #expect(try await company.ask("/faults", bearer: pair.access).status == 200)
                let next = try #require(try await company.refresh(pair.refresh).pair)
                #expect(try await company.ask("/faults", bearer: next.access).status == 200)
            }
        }
    }

    @Test("Guessing codes is limited by address: after thirty wrong ones it is 429")
    func guessing() async throws {
        try await house { _, _, company in
            let app = TestApp(company)
            var statuses: [Int] = []
            for _ in 0..<31 { statuses.append(try await app.exchange(SessionToken().text).status) }
            #expect(statuses == Array(repeating: 401, count: 30) + [429])
        }
    }

    @Test("With a real, independent provider, too")
    func real() async throws {
        let provider = try RealProvider()
        try await ProviderHouse.open([provider.port]) { house in
            let company = try await house.company(provider.issuer, more: TestApp.redirects)
            try await provider.person("kim", "{\"email\":\"kim@people.test\",\"email_verified\":true,\"name\":\"Kim Falk\"}")
            var app = TestApp(company)
            let away = try #require(try await app.start().location)
            let led = try TestApp.led(try await app.browser.comeBack("main", try await provider.signIn("kim", away)))
            #expect(led.address == TestApp.redirect)
            let pair = try #require(try await app.exchange(led.query["login_code"] ?? "").pair)
            #expect(try await company.ask("/me", bearer: pair.access).json?["name"] as? String == "Kim Falk")
        }
    }
}
