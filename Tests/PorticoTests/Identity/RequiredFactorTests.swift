import Foundation
import HTTPTypes
import Testing

@testable import Identity
@testable import Tenancy
@testable import portico

@Suite("A second factor that the company demands of a role")
struct RequiredFactorTests {
    private func company() async throws -> TestCompany {
        try await TestCompany.fresh { $0.replacing("{requiredFor: []}", with: "{requiredFor: [manager, admin]}") }
    }

    @Test("Such a member is led to the set-up after the password and can do nothing else before")
    func pages() async throws {
        let company = try await company()
        var person = try await company.person("manager")
        var browser = TestBrowser(company)
        #expect(try await browser.signIn(person, next: "/faults").location == "/faults")
        let due = "/account/security/authenticator"
        for path in [
            "/faults", "/dashboard", "/account", "/account/password", "/notifications", "/admin/invitations", "/search?q=x"
        ] {
            #expect(try await browser.get(path).location == due, "\(path)")
        }
        let page = try await browser.get(due)
        #expect(page.status == 200 && page.text.contains("Your role needs a second factor"))
        #expect(!page.text.contains("href=\"/faults\""), "no doors that all lead here")
        #expect(try await browser.post("/faults", [("title", "x")], token: page.text).location == due)
        #expect(try await browser.post("/account/security/recovery-codes", [], token: page.text).location == due)
        #expect(try await company.count("app.fault") == 0)
        let shown = try #require(page.text.firstMatch(of: /<code class="secret"[^>]*>([A-Z2-7 ]+)<\/code>/))
        let secret = TestCompany.base32(String(shown.1).replacing(" ", with: ""))
        person.authenticator = TOTP(try #require(secret))
        #expect(try await browser.post(due, [("code", person.code())], token: page.text).status == 200)
        #expect(try await browser.get("/faults").status == 200)
        var leaving = TestBrowser(company)
        let other = try await company.person("manager")
        _ = try await leaving.signIn(other)
        let form = try await leaving.get(due)
        #expect(try await leaving.post("/logout", [], token: form.text).location == "/login")
    }

    @Test("Programs get 403 with a code that says so, and the way to set one up")
    func programs() async throws {
        let company = try await company()
        let person = try await company.person("manager")
        for (method, path) in [(HTTPRequest.Method.get, "/faults"), (.post, "/faults"), (.get, "/me"), (.post, "/account")] {
            let answer = try await person.member.api(method, path, method == .post ? "{}" : nil)
            #expect(answer.status == 403 && answer.code == "second_factor_required", "\(method) \(path)")
        }
        #expect(try await person.member.api(.get, "/auth/mfa").json?["required"] as? Bool == true)
        let protected = try await company.protectedPerson("admin")
        #expect(try await protected.member.api(.get, "/me").status == 200)
        let resident = try await company.person("resident")
        #expect(try await resident.member.api(.get, "/me").status == 200)
    }

    @Test("Who has just come in by an invitation sets it up at once, without the password once more")
    func newcomer() async throws {
        let company = try await TestCompany.fresh { $0.replacing("{requiredFor: []}", with: "{requiredFor: [resident]}") }
        let address = TestCompany.address()
        let code = try await company.member("manager").invite(address).code
        let joined = try await company.program(
            "/api/v1/auth/register",
            "{\"email\":\"\(address)\",\"password\":\"\(goodPassword)\",\"invitationCode\":\"\(code)\"}")
        let head: HTTPFields = [.authorization: "Bearer \(joined.json?["token"] as? String ?? "")"]
        #expect(try await company.anonymous(.get, "/api/v1/me", head).code == "second_factor_required")
        #expect(try await company.program("/api/v1/auth/mfa/enrol", "{}", head).secret != nil)
    }

    @Test("Who switches it off has to set up another one at once")
    func offAgain() async throws {
        let company = try await company()
        let person = try await company.protectedPerson("manager")
        let removed = try await person.member.api(
            .post, "/auth/mfa/disable", "{\"password\":\"\(goodPassword)\",\"code\":\"\(person.code())\"}")
        #expect(removed.status == 200, "\(removed.text)")
        #expect(try await person.member.api(.get, "/faults").code == "second_factor_required")
    }

    @Test("A role that the company does not have is refused with its line")
    func unknownRole() throws {
        let yaml = try String(contentsOf: TestHouse.home.appending(path: "tenants/harbour/tenant.yaml"), encoding: .utf8)
            .replacing("logo: logo.svg", with: "")
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).count
        do {
            _ = try TenantFolder.read(
                yaml + "identity: {secondFactor: {requiredFor: [manger]}}\n", slug: "harbour", rules: Sections.rules)
            Issue.record("it was taken")
        } catch {
            let problem = try #require(error.problems.first)
            #expect(problem.line == lines && problem.keyPath == "identity.secondFactor.requiredFor.1")
            #expect(problem.suggestion == "manager")
            #expect(problem.message.contains("is not one of this tenant's roles"))
        }
    }
}
