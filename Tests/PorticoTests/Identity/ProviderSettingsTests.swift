import Crypto
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Tenancy
@testable import Tokens
@testable import portico

@Suite("What a company configures of its providers")
struct ProviderSettingsTests {
    private static func problems(_ identity: String) -> String {
        TenancyFixture.problems(TenancyFixture.yaml(more: "identity:\n" + identity)).map(\.message).joined(separator: "\n")
    }

    @Test("Every preset is read, with issuer, addresses and scopes of its own; keys stand in addresses")
    func presets() throws {
        let yaml = TenancyFixture.yaml(
            more: """
                identity:
                  passwords: {rule: neverFor, roles: [manager]}
                  providers:
                    google: {preset: google, clientID: g, secretName: google}
                    apple: {preset: apple, team: T1, keyID: K1, clientID: a, secretName: apple}
                    facebook: {preset: facebook, clientID: f}
                    work: {preset: azure, directory: 0199c0de-0000-7000-8000-000000000001, clientID: z, mail: trusted}
                    auth0: {preset: auth0, domain: acme.eu.auth0.com, clientID: c, title: {en: Acme ID, de: Acme-ID}}
                    own: {preset: oidc, issuer: "https://id.acme.example/realms/a", clientID: o, title: {en: Own, de: Eigen}}

                """)
        let settings = try TenancyFixture.read(yaml)[IdentitySettings.section]
        #expect(settings.providers.map(\.key) == ["google", "apple", "facebook", "work", "auth0", "own"])
        #expect(
            settings.providers.map(\.setting.house.issuer) == [
                "https://accounts.google.com", "https://appleid.apple.com", "https://www.facebook.com",
                "https://login.microsoftonline.com/0199c0de-0000-7000-8000-000000000001/v2.0", "https://acme.eu.auth0.com/",
                "https://id.acme.example/realms/a"
            ])
        #expect(settings.providers.map { $0.title("de") } == ["Google", "Apple", "Facebook", "Microsoft", "Acme-ID", "Eigen"])
        #expect(settings.providers[4].setting.house.discovery == "https://acme.eu.auth0.com/.well-known/openid-configuration")
        #expect(settings.providers[0].setting.house.issuers.contains("accounts.google.com"))
        #expect(settings.providers[2].setting.house.tokenEndpoint?.hasPrefix("https://graph.facebook.com/") == true)
        #expect(settings.passwords == .neverFor(["manager"]) && settings.providers[3].setting.terms.mail == .trusted)
    }

    @Test(
        "What is wrong is named: an issuer without https, no provider without passwords, a secret in the file, an unknown role",
        arguments: [
            (
                "  providers: {a: {preset: oidc, issuer: \"http://id.example\", clientID: x, title: {en: A, de: A}}}\n",
                "must be an address that begins with https://"
            ),
            (
                "  providers: {a: {preset: oidc, issuer: \"https://id.example/?a\", clientID: x, title: {en: A, de: A}}}\n",
                "must be an address"
            ),
            (
                "  providers: {a: {preset: oidc, issuer: \"https://u:p@id.example\", clientID: x, title: {en: A, de: A}}}\n",
                "must be an address"
            ),
            ("  providers: {a: {preset: google}}\n", "is missing"),
            ("  providers: {a: {preset: gogle, clientID: x}}\n", "is not known"),
            ("  providers: {a: {preset: google, clientID: x, clientSecret: y}}\n", "looks like a secret"),
            ("  providers: {a: {preset: azure, directory: common, clientID: x}}\n", "must have 36 to 36"),
            ("  providers: {a: {preset: google, clientID: x, roles: {default: boss}}}\n", "is not one of this tenant's roles"),
            ("  passwords: {rule: never}\n", "needs a provider"),
            ("  passwords: {rule: neverFor, roles: [manager]}\n", "needs a provider")
        ])
    func wrong(identity: String, expected: String) {
        #expect(Self.problems(identity).contains(expected), "\(Self.problems(identity))")
    }

    @Test("A client's secret is the operator's, by company: another company's is not found by any name")
    func secrets() throws {
        let secrets = try #require(ClientSecrets("lindenhof/google=a=b\n harbour/google=c"))
        #expect(secrets.secret("google", of: "lindenhof") == "a=b" && secrets.secret("google", of: "harbour") == "c")
        #expect(secrets.secret("harbour/google", of: "lindenhof") == nil && secrets.secret("x", of: "harbour") == nil)
        for wrong in ["google=x", "a/b/c=x", "lindenhof/google", "lindenhof/a=1 lindenhof/a=2"] {
            #expect(ClientSecrets(wrong) == nil, "\(wrong)")
        }
        #expect(throws: SettingsError.self) { try TestHouse.settings(["PORTICO_CLIENT_SECRETS": "nonsense"]) }
    }

    @Test(
        "The secret travels in the header, or in the body where the provider wants it there; one that is not here hides the provider"
    )
    func secretTravels() async throws {
        try await TestProvider.serving { provider in
            let slug = "t" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
            try await ProviderHouse.open([provider.port], ["PORTICO_CLIENT_SECRETS": "\(slug)/main=se:cr%t"]) { house in
                let settings = "secretName: main, roles: {default: resident}"
                let bare = try await house.company(provider.issuer, settings)
                #expect(try await bare.anonymous(.get, "/login/oidc/main").status == 503)
                #expect(try await !bare.anonymous(.get, "/login").text.contains("/login/oidc/main"))
                let company = try await house.company(provider.issuer, settings, slug: slug)
                var browser = TestBrowser(company)
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
                let basic = Data("portico-client:se%3Acr%25t".utf8).base64EncodedString()
                #expect(provider.heard.all.last { $0.path == "/token" }?.headers[.authorization] == "Basic \(basic)")
                provider.mood.discovery["token_endpoint_auth_methods_supported"] = "[\"client_secret_post\"]"
                house.clock.advance(seconds: 61)
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
                let sent = try #require(provider.heard.all.last { $0.path == "/token" })
                #expect(sent.headers[.authorization] == nil)
                #expect(String(decoding: sent.body, as: UTF8.self).contains("client_secret=se%3Acr%25t"))
                #expect(
                    provider.heard.all.allSatisfy {
                        $0.path == "/token" || !String(decoding: $0.body, as: UTF8.self).contains("cr%25t")
                    })
            }
        }
    }

    @Test("Apple's client signs for itself with the operator's key; Apple's answer as a form goes on as an address")
    func apple() async throws {
        let key = P256.Signing.PrivateKey()
        let apple = try #require(AppleKey(key.derRepresentation.base64EncodedString()))
        let text = try apple.token(.init(iss: "TEAM", sub: "app", aud: "https://appleid.apple.com", now: Date()), "KEY1")
        let parts = text.split(separator: ".").map(String.init)
        let raw = try #require(Base64URL.decode(parts[2]))
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: raw)
        #expect(key.publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
        let payload = try #require(Base64URL.decode(parts[1]))
        let claims = try #require(try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any])
        #expect(claims["iss"] as? String == "TEAM" && claims["sub"] as? String == "app")
        #expect(AppleKey("bm8=") == nil)
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                let asked = try await browser.leave()
                provider.mood.claims["name"] = .some(nil)
                let form = [
                    ("code", provider.code(for: asked, subject: "kim")), ("state", asked["state"] ?? ""),
                    ("user", "{\"name\":{\"firstName\":\"Ada\",\"lastName\":\"Nord\"}}")
                ].map { "\($0.0)=\(TestMember.encode($0.1))" }.joined(separator: "&")
                let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
                let head: HTTPFields = [site: "cross-site", .contentType: "application/x-www-form-urlencoded"]
                let unwrapped = try await company.anonymous(.post, "/login/oidc/main/callback", head, body: form)
                let next = try #require(unwrapped.location)
                #expect(unwrapped.headers[values: .setCookie].isEmpty, "the browser's own cookies stay")
                #expect(unwrapped.status == 303 && next.hasPrefix("/login/oidc/main/callback?") && !next.contains("Ada"))
                #expect(try await browser.get(next).location == "/dashboard")
                #expect(try await browser.get("/account").text.contains("Ada Nord"))
            }
        }
    }

    @Test("Programs are told which providers there are, and where a browser starts")
    func list() async throws {
        let port = 1
        try await ProviderHouse.open([port]) { house in
            let company = try await house.company(
                "http://127.0.0.1:\(port)", providers: "google: {preset: google, clientID: g}")
            let answer = try await company.anonymous(.get, "/api/v1/auth/providers", [.acceptLanguage: "en"])
            let items = try #require(answer.json?["items"] as? [[String: Any]])
            #expect(
                items.map { $0["id"] as? String } == ["main", "google"]
                    && items.map { $0["name"] as? String } == ["Works", "Google"])
            #expect((items[1]["startUrl"] as? String)?.hasSuffix("/login/oidc/google") == true)
            #expect(answer.json?["total"] as? Int == 2)
            let page = try await company.anonymous(.get, "/login?next=%2Ffaults", [.acceptLanguage: "en"])
            #expect(page.text.contains("href=\"/login/oidc/google?next=%2Ffaults\"") && page.text.contains("Sign in with Works"))
        }
        let plain = try await TestCompany.fresh()
        #expect(try await plain.anonymous(.get, "/api/v1/auth/providers").json?["total"] as? Int == 0)
        #expect(try await !plain.anonymous(.get, "/login").text.contains("/login/oidc"))
    }

    @Test("Passwords switched off: for all, nobody is even asked; for a role, whoever knows the password is told; others go on")
    func passwords() async throws {
        try await ProviderHouse.open([1]) { house in
            let off = try await house.company("http://127.0.0.1:1", more: "passwords: {rule: never}")
            let person = try await off.person()
            let answer = try await person.signIn()
            #expect(answer.status == 400 && answer.code == "use_provider")
            #expect((answer.json?["authorizationUrl"] as? String)?.hasSuffix("/login/oidc/main") == true)
            let unknown = try await off.program("/api/v1/auth/login", "{\"email\":\"nobody@example.test\",\"password\":\"x\"}")
            #expect(unknown.withoutRequestID == answer.withoutRequestID, "T69")
            let page = try await off.anonymous(.get, "/login", [.acceptLanguage: "en"])
            #expect(!page.text.contains("type=\"password\"") && page.text.contains("Sign in with Works"))
            let some = try await house.company("http://127.0.0.1:1", more: "passwords: {rule: neverFor, roles: [manager]}")
            let (manager, resident) = (try await some.person("manager"), try await some.person("resident"))
            #expect(try await manager.signIn().code == "use_provider")
            #expect(try await resident.signIn().json?["accessToken"] is String)
            let wrong = try await some.program("/api/v1/auth/login", "{\"email\":\"\(manager.email)\",\"password\":\"wrong\"}")
            #expect(wrong.code == "invalid_credentials", "only whoever knows the password learns more")
            var browser = TestBrowser(some)
            let refused = try await browser.signIn(manager)
            #expect(refused.status == 400 && refused.text.contains("identity provider") && !browser.isSignedIn)
            let proof = try await manager.member.api(.post, "/auth/prove", "{\"password\":\"\(goodPassword)\"}")
            #expect(proof.status == 400)
        }
    }
}
