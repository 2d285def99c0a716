import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Flow 3: signing in with a company's identity provider")
struct ProviderSignInTests {
    @Test("Flow 3 (a)(b) the first sign-in makes a member with the company's usual role, the second one finds it")
    func firstAndSecond() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                let done = try await browser.signIn(at: provider, as: "kim", next: "/faults?state=open")
                #expect(done.status == 303 && done.location == "/faults?state=open" && browser.isSignedIn, "\(done.text)")
                #expect(try await browser.get("/account").text.contains("Kim Falk"))
                #expect(try await company.roles("kim@people.test") == ["resident"])
                var second = TestBrowser(company)
                #expect(try await second.signIn(at: provider, as: "kim").location == "/dashboard" && second.isSignedIn)
                #expect(try await company.members("kim@people.test") == 1)
                #expect(try await company.identities() == 1)
                let signedIn: SQL = "app.audit_line where tenant_id = \(company.tenant.id) and action = 'member.signed_in'"
                #expect(try await company.count("\(signedIn) and after->>'by' = 'main'") == 2)
                #expect(
                    try await company.count(
                        "app.audit_line where tenant_id = \(company.tenant.id) and action = 'member.registered'") == 1)
                let mails = try await company.mails(to: "kim@people.test")
                #expect(mails.contains { $0.link("/login") != nil })
            }
        }
    }

    @Test("What the provider is asked: code, PKCE by S256, a nonce, and the company's own host whatever the request named (T31)")
    func question() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer, "roles: {default: resident}, scopes: [groups, email]")
                var browser = TestBrowser(company)
                let (one, two) = (try await browser.leave(), try await browser.leave())
                #expect(one["response_type"] == "code" && one["client_id"] == TestProvider.client)
                #expect(one["scope"] == "openid groups email" && one["code_challenge_method"] == "S256")
                #expect(one["code_challenge"]?.utf8.count == 43 && one["nonce"]?.utf8.count == 43)
                #expect(one["redirect_uri"]?.hasPrefix("http://\(company.host):") == true)
                #expect(one["redirect_uri"]?.hasSuffix("/login/oidc/main/callback") == true)
                for name in ["state", "nonce", "code_challenge"] { #expect(one[name] != two[name]) }
                let elsewhere = try await TestAnswer.of(
                    company.app, "www.\(company.host)", .get, "/login/oidc/main?next=%2Ffaults", [:], [])
                #expect(elsewhere.location?.hasPrefix("http://\(company.host):") == true)
                #expect(elsewhere.location?.hasSuffix("/login/oidc/main?next=%2Ffaults") == true)
            }
        }
    }

    @Test("Starting a sign-in costs no row; another site cannot start one, it only leads to the sign-in page")
    func starting() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
                let foreign = try await company.anonymous(.get, "/login/oidc/main?next=%2Ffaults", [site: "cross-site"])
                #expect(foreign.location == "/login?next=%2Ffaults")
                let own = try await company.anonymous(.get, "/login/oidc/main", [site: "same-origin"])
                #expect(own.location?.hasPrefix("\(provider.issuer)/authorize?") == true)
                #expect(try await company.count("app.returned_sign_in where tenant_id = \(company.tenant.id)") == 0)
                #expect(try await company.anonymous(.get, "/login/oidc/other").status == 404)
            }
        }
    }

    @Test("T66 state: missing, made up, of another browser, used before, older than ten minutes; the provider is not even asked")
    func states() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                let asked = try await browser.leave()
                let (code, state) = (provider.code(for: asked, subject: "kim"), try #require(asked["state"]))
                for wrong in ["", "AAAA", String(state.dropLast()), state + "A", String(repeating: "A", count: 5000)] {
                    let answer = try await browser.comeBack("main", ["code": code, "state": wrong])
                    #expect(answer.status == 400 && answer.text.contains("This sign-in is over"), "\(wrong.prefix(20))")
                }
                #expect(try await browser.comeBack("main", ["code": code]).status == 400)
                var other = TestBrowser(company)
                _ = try await other.get("/login")
                #expect(try await other.comeBack("main", ["code": code, "state": state]).status == 400, "another browser")
                #expect(try await company.anonymous(.head, "/login/oidc/main/callback?code=x&state=\(state)").status == 400)
                #expect(provider.asked("/token") == 0)
                var late = TestBrowser(company)
                let old = try await late.leave()
                house.clock.advance(seconds: 605)
                let over = try await late.comeBack(
                    "main", ["code": provider.code(for: old, subject: "kim"), "state": old["state"] ?? ""])
                #expect(over.status == 400 && provider.asked("/token") == 0)
                house.clock.advance(seconds: -605)
                #expect(try await browser.comeBack("main", ["code": code, "state": state]).location == "/dashboard")
                #expect(try await browser.comeBack("main", ["code": code, "state": state]).status == 400)
                #expect(try await company.members("kim@people.test") == 1 && provider.asked("/token") == 1)
            }
        }
    }

    @Test("T66 a callback that is replayed, and a code that was used, create nothing; the state works once in this very browser")
    func replay() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                let asked = try await browser.leave()
                let (code, state, visit) = (provider.code(for: asked, subject: "kim"), asked["state"] ?? "", browser.cookies)
                #expect(try await browser.comeBack("main", ["code": code, "state": state]).status == 303)
                var twin = TestBrowser(company)
                twin.cookies = visit
                let replayed = try await twin.comeBack("main", ["code": code, "state": state])
                #expect(replayed.status == 400 && !twin.isSignedIn && provider.asked("/token") == 1)
                var thief = TestBrowser(company)
                let own = try await thief.leave()
                let stolen = try await thief.comeBack("main", ["code": code, "state": own["state"] ?? ""])
                #expect(stolen.status == 502 && !thief.isSignedIn, "the code was used")
                var injected = TestBrowser(company)
                let (theirs, mine) = (try await browser.leave(), try await injected.leave())
                let swapped = try await injected.comeBack(
                    "main", ["code": provider.code(for: theirs, subject: "kim"), "state": mine["state"] ?? ""])
                #expect(swapped.status == 502, "PKCE binds the code to the browser that asked for it")
            }
        }
    }

    @Test("Flow 3 (e) T66 answers of another company's and of another provider's sign-in are refused: mix-up")
    func mixUp() async throws {
        try await TestProvider.serving { provider in
            try await TestProvider.serving { other in
                try await ProviderHouse.open([provider.port, other.port]) { house in
                    let second =
                        "second: {preset: oidc, issuer: \"\(other.issuer)\", clientID: \(TestProvider.client), title: {de: B, en: B}, roles: {default: resident}}"
                    let a = try await house.company(provider.issuer, providers: second)
                    let b = try await house.company(provider.issuer)
                    var browser = TestBrowser(a)
                    let asked = try await browser.leave()
                    let (code, state) = (provider.code(for: asked, subject: "kim"), asked["state"] ?? "")
                    var there = TestBrowser(b)
                    there.cookies = browser.cookies
                    #expect(try await there.comeBack("main", ["code": code, "state": state]).status == 400, "another company")
                    #expect(
                        try await browser.comeBack("second", ["code": code, "state": state]).status == 400, "another provider")
                    // RFC 9207: the answer says that another provider gave it.
                    let wrong = try await browser.comeBack("main", ["code": code, "state": state, "iss": other.issuer])
                    #expect(wrong.status == 401 && wrong.text.contains("cannot be accepted"))
                    #expect(provider.asked("/token") == 0 && other.asked("/token") == 0, "no code went to the wrong house")
                    other.mood.discovery = ["authorization_response_iss_parameter_supported": "true"]
                    let silent = try await browser.leave("second")
                    let lacking = ["code": other.code(for: silent, subject: "kim"), "state": silent["state"] ?? ""]
                    #expect(try await browser.comeBack("second", lacking).status == 401, "a provider that names itself has to")
                    let named = try await browser.leave("second")
                    let whole = [
                        "code": other.code(for: named, subject: "kim"), "state": named["state"] ?? "", "iss": other.issuer
                    ]
                    #expect(try await browser.comeBack("second", whole).location == "/dashboard")
                    #expect(try await b.identities() == 0)
                    #expect(try await b.members("kim@people.test") == 0)
                }
            }
        }
    }

    @Test("T66 the same subject at two issuers is two people")
    func issuers() async throws {
        try await TestProvider.serving { provider in
            try await TestProvider.serving { other in
                try await ProviderHouse.open([provider.port, other.port]) { house in
                    let second =
                        "second: {preset: oidc, issuer: \"\(other.issuer)\", clientID: \(TestProvider.client), title: {de: B, en: B}, roles: {default: resident}}"
                    let company = try await house.company(provider.issuer, providers: second)
                    other.mood.claims["email"] = "\"other@people.test\""
                    var (one, two) = (TestBrowser(company), TestBrowser(company))
                    #expect(try await one.signIn(at: provider, as: "kim").location == "/dashboard")
                    #expect(try await two.signIn(at: other, as: "kim", "second").location == "/dashboard")
                    #expect(try await company.identities() == 2)
                    #expect(try await company.count("app.member where tenant_id = \(company.tenant.id)") == 2)
                }
            }
        }
    }

    @Test("Flow 3 (d) T66 an equal mail address enters no account: confirmed it is shown the way, unconfirmed it is nobody")
    func addresses() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let admin = try await company.person("admin")
                provider.mood.claims = ["email": "\"\(admin.email.uppercased())\"", "email_verified": "false"]
                var browser = TestBrowser(company)
                let unconfirmed = try await browser.signIn(at: provider, as: "eve")
                #expect(unconfirmed.status == 403 && unconfirmed.text.contains("names no confirmed mail address"))
                provider.mood.claims["email_verified"] = .some(nil)
                #expect(try await browser.signIn(at: provider, as: "eve").status == 403)
                provider.mood.claims["email_verified"] = "true"
                let confirmed = try await browser.signIn(at: provider, as: "eve")
                #expect(confirmed.status == 409 && confirmed.text.contains("This address has an account already"))
                #expect(confirmed.text.contains("href=\"/password/forgot\"") && !browser.isSignedIn)
                #expect(try await company.identities() == 0)
                #expect(try await company.members(admin.email) == 1)
                #expect(
                    try await company.count(
                        "app.audit_line where tenant_id = \(company.tenant.id) and action = 'member.sign_in_failed' and after->>'why' = 'link_first'"
                    ) == 1)
            }
        }
    }

    @Test(
        "T30 after a provider, too, `next` leads only to our own paths",
        arguments: ["//evil", "/\\evil", "https://evil.test/", "javascript:x"])
    func redirects(next: String) async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                #expect(try await browser.signIn(at: provider, as: "kim", next: next).location == "/dashboard")
            }
        }
    }

    @Test("T67 the session that the browser had ends; the visit that the state was bound to is over")
    func fixation() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let attacker = try await company.member("resident")
                var browser = TestBrowser(company)
                browser.cookies["portico"] = attacker.cookie
                _ = try await browser.signIn(at: provider, as: "kim")
                #expect(browser.cookies["portico"] != attacker.cookie && browser.cookies["portico_visit"] == nil)
                #expect(try await attacker.get("/dashboard").status == 303)
            }
        }
    }

    @Test("A disabled member stays out, and whoever cancelled at the provider reads so")
    func closed() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                _ = try await browser.signIn(at: provider, as: "kim")
                try await company.run(
                    "update app.member set disabled_at = now() where tenant_id = \(company.tenant.id) and email = 'kim@people.test'"
                )
                var again = TestBrowser(company)
                let closed = try await again.signIn(at: provider, as: "kim")
                #expect(closed.status == 401 && closed.text.contains("Your account is closed") && !again.isSignedIn)
                let asked = try await again.leave(next: "/faults")
                let cancelled = try await again.comeBack("main", ["error": "access_denied", "state": asked["state"] ?? ""])
                #expect(cancelled.status == 403 && cancelled.text.contains("You were not signed in"))
                #expect(cancelled.text.contains("href=\"/login/oidc/main?next=%2Ffaults\""))
            }
        }
    }

    @Test("Two browsers that come with one new identity at once make one member")
    func race() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            var browser = TestBrowser(company)
                            return try await browser.signIn(at: provider, as: "kim").status
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(answers == [303, 303, 303, 303])
                #expect(try await company.members("kim@people.test") == 1)
            }
        }
    }
}
