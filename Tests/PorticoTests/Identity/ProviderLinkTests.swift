import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Linking an identity, and proving with one")
struct ProviderLinkTests {
    /// Signed in with a password, on the way to the provider.
    private func leave(_ browser: inout TestBrowser, _ path: String = "/account/security/providers/main") async throws
        -> TestAnswer
    {
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        var head: HTTPFields = [.cookie: browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
        head[name] = "same-origin"
        return try await browser.company.anonymous(.get, path, head)
    }

    @Test("A member links a provider on the security page and signs in with it; by letter they learn of it, and of the end")
    func link() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let person = try await company.person("manager")
                var browser = TestBrowser(company)
                _ = try await browser.signIn(person)
                #expect(try await browser.get("/account/security").text.contains("href=\"/account/security/providers/main\""))
                let asked = try TestBrowser.asked(try await leave(&browser))
                let answer = ["code": provider.code(for: asked, subject: "kim"), "state": asked["state"] ?? ""]
                #expect(try await browser.comeBack("main", answer).location == "/account/security")
                let page = try await browser.get("/account/security").text
                #expect(page.contains("Works is linked") && page.contains("kim@people.test") && page.contains("Unlink"))
                var second = TestBrowser(company)
                #expect(try await second.signIn(at: provider, as: "kim").location == "/dashboard")
                #expect(try await second.get("/account").text.contains(person.email))
                let listed = try await person.member.api(.get, "/auth/identities")
                let id = try #require((listed.json?["items"] as? [[String: Any]])?.first?["id"] as? String)
                let gone = try await browser.post("/account/security/identities/\(id)/removal", [], on: "/account/security")
                #expect(gone.location == "/account/security")
                #expect(try await company.identities() == 0)
                let subjects = try await company.mails(to: person.email).map { $0.headers?["Subject"] ?? "" }
                #expect(subjects.contains { $0.contains("You can sign in to") } && subjects.contains { $0.contains("no longer") })
                for action in ["identity.linked", "identity.unlinked"] {
                    #expect(try await company.audited(action, person.member.id) == 1)
                }
                var third = TestBrowser(company)
                _ = try await third.signIn(at: provider, as: "kim")
                #expect(try await company.members("kim@people.test") == 1, "somebody new")
            }
        }
    }

    @Test("Nobody is led to link: only from our own page, after a fresh proof, and in the session that began it")
    func forgery() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let (person, victim) = (try await company.person(), try await company.person())
                let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
                for value in ["cross-site", "same-site", "none"] {
                    let answer = try await person.member.get("/account/security/providers/main", [site: value])
                    #expect(answer.location == "/account/security", "\(value)")
                }
                #expect(try await person.member.get("/account/security/providers/main").location == "/account/security")
                try await company.run(
                    "update app.session set proved_at = now() - interval '6 minutes' where tenant_id = \(company.tenant.id)")
                let stale = try await person.member.get("/account/security/providers/main", [site: "same-origin"])
                #expect(stale.location == "/account/prove?next=%2Faccount%2Fsecurity%2Fproviders%2Fmain")
                try await company.run("update app.session set proved_at = now() where tenant_id = \(company.tenant.id)")
                let asked = try TestBrowser.asked(
                    try await person.member.get("/account/security/providers/main", [site: "same-origin"]))
                // The attacker's answer in the victim's browser.
                var browser = TestBrowser(company)
                browser.cookies["portico"] = victim.member.cookie
                let answer = ["code": provider.code(for: asked, subject: "eve"), "state": asked["state"] ?? ""]
                #expect(try await browser.comeBack("main", answer).status == 400)
                let signIn = try await browser.leave()
                let turned = ["code": provider.code(for: signIn, subject: "eve"), "state": signIn["state"] ?? ""]
                browser.cookies["portico_visit"] = nil
                #expect(try await browser.comeBack("main", turned).status == 400)
                #expect(try await company.identities() == 0)
            }
        }
    }

    @Test("An identity belongs to one member; the only way in cannot be unlinked; another one's cannot either")
    func taken() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var owner = TestBrowser(company)
                _ = try await owner.signIn(at: provider, as: "kim")
                let person = try await company.person()
                var browser = TestBrowser(company)
                _ = try await browser.signIn(person)
                let asked = try TestBrowser.asked(try await leave(&browser))
                let answer = ["code": provider.code(for: asked, subject: "kim"), "state": asked["state"] ?? ""]
                let taken = try await browser.comeBack("main", answer)
                #expect(taken.status == 409 && taken.text.contains("belongs to somebody else here"))
                let id = try #require(
                    try await owner.get("/account/security").text.firstMatch(of: /identities\/([0-9a-f-]+)\/removal/)
                ).1
                let foreign = try await browser.post("/account/security/identities/\(id)/removal", [], on: "/account")
                #expect(foreign.status == 404)
                let last = try await owner.post("/account/security/identities/\(id)/removal", [], on: "/account/security")
                #expect(last.location == "/account/security")
                #expect(try await owner.get("/account/security").text.contains("your only way in"))
                #expect(try await company.identities() == 1)
            }
        }
    }

    @Test("Whoever has no password proves with the provider who they are, and with no other one's identity")
    func prove() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                _ = try await browser.signIn(at: provider, as: "kim")
                try await company.run(
                    "update app.session set proved_at = now() - interval '1 hour' where tenant_id = \(company.tenant.id)")
                let sent = try await browser.get("/account/security/authenticator")
                let page = try await browser.get(sent.location ?? "")
                #expect(page.text.contains("Continue with Works") && !page.text.contains("type=\"password\""))
                let old = browser.cookies["portico"]
                func answer(_ subject: String, _ asked: [String: String]) -> [String: String] {
                    ["code": provider.code(for: asked, subject: subject), "state": asked["state"] ?? ""]
                }
                let path = "/account/prove/main?next=%2Faccount%2Fsecurity%2Fauthenticator"
                let first = try TestBrowser.asked(try await leave(&browser, path))
                #expect(first["prompt"] == "login" && first["max_age"] == "0")
                #expect(try await browser.comeBack("main", answer("eve", first)).status == 403)
                let second = try TestBrowser.asked(try await leave(&browser, path))
                provider.mood.claims = ["auth_time": "\(Int(Date().timeIntervalSince1970) - 3600)"]
                #expect(try await browser.comeBack("main", answer("kim", second)).status == 401, "an hour ago")
                provider.mood.claims = ["auth_time": "\(Int(Date().timeIntervalSince1970))"]
                let third = try TestBrowser.asked(try await leave(&browser, path))
                #expect(try await browser.comeBack("main", answer("kim", third)).location == "/account/security/authenticator")
                #expect(browser.cookies["portico"] != old, "T67 the session has a new token")
                #expect(try await browser.get("/account/security/authenticator").status == 200)
            }
        }
    }
}
