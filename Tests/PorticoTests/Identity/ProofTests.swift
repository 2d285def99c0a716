import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("V7.5.1 Who changes what guards the account proves first who they are")
struct ProofTests {
    private let page = "/account/security/authenticator"

    private func signedIn(_ person: TestPerson) async throws -> TestBrowser {
        var browser = TestBrowser(person.company)
        _ = try await browser.signIn(person)
        return browser
    }

    /// The last proof is six minutes old.
    private func grow(_ person: TestPerson) async throws {
        try await person.company.run(
            "update app.session set proved_at = now() - interval '6 minutes' where member_id = \(person.member.id)")
    }

    @Test("An old sign-in is led to the password and back; T67 its token is another one afterwards")
    func pages() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        var browser = try await signedIn(person)
        #expect(try await browser.get(page).status == 200)
        try await grow(person)
        let way = try await browser.get(page)
        #expect(way.status == 303 && way.location == "/account/prove?next=%2Faccount%2Fsecurity%2Fauthenticator")
        let question = try await browser.get("/account/prove?next=\(page)")
        #expect(question.status == 200 && question.text.contains("name=\"next\" value=\"\(page)\""))
        let wrong = try await browser.post("/account/prove", [("password", "wrong"), ("next", page)], token: question.text)
        #expect(wrong.status == 422 && wrong.text.contains("name=\"next\" value=\"\(page)\""))
        var before = browser
        let done = try await browser.post("/account/prove", [("password", goodPassword), ("next", page)], token: question.text)
        #expect(done.status == 303 && done.location == page, "\(done.text)")
        #expect(before.cookies["portico"] != browser.cookies["portico"])
        #expect(try await before.get("/dashboard").status == 303)
        #expect(try await browser.get(page).status == 200)
        #expect(try await company.audited("member.proved", person.member.id) == 1)
        let away = try await browser.post("/account/prove", [("password", goodPassword), ("next", "//evil.test/")])
        #expect(away.location == "/account/security")
    }

    @Test("A form that was sent comes back filled; nothing was carried out meanwhile")
    func keptForm() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        var browser = try await signedIn(person)
        let form = try await browser.get(page)
        try await grow(person)
        let sent = try await browser.post(page, [("code", "123456")], token: form.text)
        #expect(sent.status == 303 && sent.location == "/account/prove?next=%2Fagain")
        #expect(try await browser.get("/again").location == "/account/prove?next=%2Fagain", "not before the proof")
        let question = try await browser.get("/account/prove?next=/again")
        let proved = try await browser.post(
            "/account/prove", [("password", goodPassword), ("next", "/again")], token: question.text)
        #expect(proved.location == "/again")
        let again = try await browser.get("/again")
        #expect(again.text.contains("Nothing was sent yet") && again.text.contains("<code class=\"secret\""), "\(again.text)")
        #expect(try await company.count("app.totp where confirmed_at is not null") == 0)
    }

    @Test("Programs get 403 proof_required; a password or a code makes them fresh again, wrong ones are limited")
    func programs() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        try await grow(person)
        let renew = "/auth/mfa/recovery-codes"
        let refused = try await person.member.api(.post, renew, "{}")
        #expect(refused.status == 403 && refused.code == "proof_required")
        #expect(try await person.member.api(.post, "/auth/prove", "{\"code\":\"000000\"}").status == 400)
        #expect(try await person.member.api(.post, "/auth/prove", "{}").status == 400)
        #expect(try await person.member.api(.post, "/auth/prove", "{\"code\":\"\(person.code())\"}").status == 200)
        #expect(try await person.member.api(.post, renew, "{}").status == 200)
        try await grow(person)
        #expect(try await person.member.api(.post, "/auth/prove", "{\"password\":\"\(goodPassword)\"}").status == 200)
        #expect(try await person.member.api(.post, renew, "{}").status == 200)
        for _ in 0..<5 { #expect(try await person.member.api(.post, "/auth/prove", "{\"password\":\"no\"}").status == 400) }
        #expect(try await person.member.api(.post, "/auth/prove", "{\"password\":\"\(goodPassword)\"}").status == 429)
    }

    @Test("A token that was handed on by refreshing has proved nothing")
    func refreshed() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let signedIn = try await person.signIn()
        let access = try #require(signedIn.json?["accessToken"] as? String)
        let refresh = try #require(signedIn.json?["refreshToken"] as? String)
        func enrol(_ token: String) async throws -> TestAnswer {
            try await company.program("/api/v1/auth/mfa/enrol", "{}", [.authorization: "Bearer \(token)"])
        }
        #expect(try await enrol(access).status == 200)
        let next = try await company.program("/api/v1/auth/refresh", "{\"refreshToken\":\"\(refresh)\"}")
        #expect(try await enrol(try #require(next.json?["accessToken"] as? String)).code == "proof_required")
    }
}
