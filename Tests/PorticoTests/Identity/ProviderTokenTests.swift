import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Tokens
@testable import portico

/// A lie of the provider, or something that looks like one and is none.
struct ProviderLie: Sendable, CustomStringConvertible {
    let description: String
    let change: @Sendable (inout TestProvider.Mood) -> Void

    init(_ what: String, _ change: @escaping @Sendable (inout TestProvider.Mood) -> Void) {
        (description, self.change) = (what, change)
    }

    static func claim(_ name: String, _ json: String?, _ what: String? = nil) -> ProviderLie {
        ProviderLie(what ?? "\(name) \(json ?? "missing")") { $0.claims[name] = .some(json) }
    }

    static func header(_ name: String, _ json: String?) -> ProviderLie {
        ProviderLie("\(name) \(json ?? "missing") in the header") { $0.header[name] = .some(json) }
    }

    static func seconds(_ name: String, _ from: Int, _ what: String) -> ProviderLie {
        ProviderLie("\(name) \(what)") { $0.claims[name] = "\(Int(Date().timeIntervalSince1970) + from)" }
    }
}

@Suite("T65 T66 What an identity provider says is examined")
struct ProviderTokenTests {
    static let lies: [ProviderLie] = [
        .header("alg", "\"none\""), .header("alg", "\"None\""), .header("alg", "\"NONE\""), .header("alg", nil),
        .header("alg", "\"RS384\""), .header("alg", "\"PS256\""), .header("alg", "[\"RS256\"]"), .header("typ", "\"at+jwt\""),
        .header("typ", "\"logout+jwt\""), .header("typ", "1"), .header("jku", "\"http://127.0.0.1/keys\""),
        .header("x5u", "\"http://127.0.0.1/keys\""), .header("jwk", "{}"), .header("crit", "[\"exp\"]"),
        .header("kid", "\"nobody\""), .header("kid", "\"../../etc/passwd\""), .header("kid", "\"' or '1'='1\""),
        .header("kid", "7"),
        ProviderLie("alg none without signature") {
            $0.header["alg"] = "\"none\""; $0.signs = .none
        },
        ProviderLie("no signature") { $0.signs = .none },
        ProviderLie("HS256 with the public key") {
            $0.header["alg"] = "\"HS256\""; $0.signs = .hmac
        },
        ProviderLie("RS256 that is HMAC with the public key") { $0.signs = .hmac },
        ProviderLie("another one's signature") { $0.signs = .second },
        ProviderLie("ES256 in the header, the RSA key's name") {
            $0.header["alg"] = "\"ES256\""; $0.signs = .es256
        },
        ProviderLie("ES256 with r = s = 0") {
            $0.published = [TestProvider.ec]
            $0.header = ["alg": "\"ES256\"", "kid": "\"curve\""]
            $0.signs = .zeros
        },
        ProviderLie("a shared key in the set") { $0.published = ["{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"x\"}"] },
        .claim("iss", "\"https://evil.test\""), .claim("iss", nil), .claim("aud", "\"somebody-else\""), .claim("aud", nil),
        .claim("aud", "[\"somebody-else\"]"), .claim("aud", "[\"\(TestProvider.client)\",\"another\"]"), .claim("aud", "{}"),
        .claim("azp", "\"somebody-else\""), .claim("nonce", "\"another\""), .claim("nonce", nil), .claim("nonce", "1"),
        .claim("sub", nil), .claim("sub", "\"\""), .claim("sub", "5"), .claim("sub", "\"\(String(repeating: "a", count: 256))\""),
        .claim("exp", nil), .claim("exp", "1e20"), .claim("exp", "\"tomorrow\""), .claim("iat", nil), .claim("iat", "-1"),
        .seconds("exp", -61, "a minute ago"), .seconds("iat", 120, "in two minutes"),
        .seconds("iat", -1000, "a quarter of an hour ago"),
        .seconds("nbf", 120, "in two minutes"), .claim("exp", "9999999999999999999"),
        .claim("iss", "\"{issuer}/\""),
        ProviderLie("no token") { $0.token = "{\"access_token\":\"x\"}" },
        ProviderLie("half a token") { $0.token = "{\"access_token\":\"x\",\"id_token\":\"e30.e30\"}" },
        ProviderLie("a token of 1 MB") { $0.token = "{\"id_token\":\"\(String(repeating: "A", count: 200_000))\"}" },
        ProviderLie("userinfo of somebody else") {
            $0.claims["name"] = .some(nil); $0.userInfo = "{\"sub\":\"eve\",\"name\":\"Eve\"}"
        }
    ]

    /// One house for all of them, and a company of its own for each.
    private func each(_ moods: [ProviderLie], _ check: (TestCompany, TestProvider, ProviderLie) async throws -> Void) async throws
    {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                for mood in moods {
                    provider.mood = TestProvider.Mood()
                    mood.change(&provider.mood)
                    try await check(try await house.company(provider.issuer), provider, mood)
                }
            }
        }
    }

    @Test("T65 T66 a token that lies opens nothing, and the page says so")
    func lie() async throws {
        try await each(Self.lies) { company, provider, lie in
            var browser = TestBrowser(company)
            let answer = try await browser.signIn(at: provider, as: "kim")
            #expect(answer.status == 401 && answer.text.contains("cannot be accepted"), "\(lie): \(answer.status)")
            #expect(!browser.isSignedIn, "\(lie)")
            #expect(try await company.identities() == 0, "\(lie)")
            #expect(try await company.members("kim@people.test") == 0, "\(lie)")
        }
    }

    static let truths: [ProviderLie] = [
        ProviderLie("nothing unusual") { _ in }, .header("typ", nil), .header("typ", "\"jwt\""), .header("kid", nil),
        .header("x5t", "\"abc\""), .claim("aud", "[\"\(TestProvider.client)\"]"), .seconds("exp", -30, "half a minute ago"),
        .seconds("iat", 30, "in half a minute"),
        ProviderLie("several audiences and the party that asked") {
            $0.claims["aud"] = "[\"\(TestProvider.client)\",\"another\"]"
            $0.claims["azp"] = "\"\(TestProvider.client)\""
        },
        ProviderLie("ES256") {
            $0.published = [TestProvider.ec]
            $0.header = ["alg": "\"ES256\"", "kid": "\"curve\""]
            $0.signs = .es256
        },
        ProviderLie("name and address only where users are asked for") {
            $0.claims["email"] = .some(nil)
            $0.claims["email_verified"] = .some(nil)
            $0.userInfo = "{\"sub\":\"kim\",\"email\":\"kim@people.test\",\"email_verified\":true}"
        }
    ]

    @Test("What is right although it looks unusual opens the session")
    func truth() async throws {
        try await each(Self.truths) { company, provider, truth in
            var browser = TestBrowser(company)
            let answer = try await browser.signIn(at: provider, as: "kim")
            #expect(answer.location == "/dashboard", "\(truth): \(answer.status) \(answer.text.prefix(3000))")
            #expect(try await company.members("kim@people.test") == 1, "\(truth)")
        }
    }

    @Test("T66 a new key is read at once; a flood of tokens with unknown keys has the keys read once a minute")
    func rotation() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
                #expect(provider.asked("/jwks") == 1)
                for _ in 0..<3 { _ = try await browser.signIn(at: provider, as: "kim") }
                #expect(provider.asked("/jwks") == 1, "kept for an hour")
                provider.mood.published = [TestProvider.rsa(provider.other)]
                provider.mood.header = ["kid": "\"\(provider.other.verifying.kid)\""]
                provider.mood.signs = .second
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard", "rotated")
                #expect(provider.asked("/jwks") == 2)
                for number in 0..<12 {
                    provider.mood.header = ["kid": "\"flood-\(number)\""]
                    #expect(try await browser.signIn(at: provider, as: "kim").status == 401)
                }
                #expect(provider.asked("/jwks") == 2, "not for every stranger's name of a key")
                house.clock.advance(seconds: 61)
                _ = try await browser.signIn(at: provider, as: "kim")
                _ = try await browser.signIn(at: provider, as: "kim")
                #expect(provider.asked("/jwks") == 3)
            }
        }
    }

    @Test("T66 a provider whose tokens name no key may change it, too; forged ones have the keys read once a minute")
    func nameless() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                provider.mood.header = ["kid": nil]
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
                provider.mood.published = [TestProvider.rsa(provider.other)]
                provider.mood.signs = .second
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard", "changed")
                #expect(provider.asked("/jwks") == 2)
                provider.mood.signs = .first
                for _ in 0..<3 { #expect(try await browser.signIn(at: provider, as: "kim").status == 401) }
                #expect(provider.asked("/jwks") == 2, "read a moment ago")
            }
        }
    }

    @Test("One whose document names another issuer, or plain http, is not asked for anything")
    func discovery() async throws {
        for (name, value) in [
            ("issuer", "\"https://evil.test\""), ("token_endpoint", "\"http://evil.test/token\""),
            ("jwks_uri", "\"file:///etc/passwd\""),
            ("authorization_endpoint", nil), ("authorization_endpoint", "\"javascript:alert(1)\"")
        ] as [(String, String?)] {
            try await TestProvider.serving { provider in
                try await ProviderHouse.open([provider.port]) { house in
                    let company = try await house.company(provider.issuer)
                    provider.mood.discovery[name] = .some(value)
                    let answer = try await company.anonymous(.get, "/login/oidc/main", [.acceptLanguage: "en"])
                    #expect(answer.status == 503 && answer.text.contains("is not set up correctly"), "\(name)")
                }
            }
        }
    }

    @Test("T40 an issuer in a private network is not asked unless the operator opens it, whatever the company's file says")
    func privateNetworks() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([]) { house in
                let company = try await house.company(provider.issuer)
                #expect(try await company.anonymous(.get, "/login/oidc/main").status == 503)
                #expect(provider.heard.count == 0)
            }
        }
    }
}
