import Foundation
import HTTPTypes
import Testing
import Web
import WebAuthn

@testable import Identity
@testable import portico

@Suite("A passkey as the second step, and as a proof of who is there")
struct PasskeyStepTests {
    private func options(_ token: String, _ company: TestCompany) async throws -> PasskeyRequest {
        try PasskeyRequest(try await company.program("/api/v1/auth/mfa/options", "{\"mfaToken\":\"\(token)\"}"))
    }

    private func verify(_ token: String, _ authenticator: TestAuthenticator, _ challenge: String, _ company: TestCompany)
        async throws -> TestAnswer
    {
        let answer = authenticator.get(TestAuthenticator.Word(challenge, at: company.site))
        return try await company.program(
            "/api/v1/auth/mfa/verify", TestJSON.text(["mfaToken": token, "credential": TestJSON.credential(answer)]))
    }

    @Test("After the password a passkey takes the code's place, once and for this sign-in alone")
    func program() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let authenticator = try await person.addPasskey().authenticator
        let (first, second) = (try await person.challenge(), try await person.challenge())
        let request = try await options(first, company)
        #expect(request.listed.count == 1)
        #expect(try await verify(second, authenticator, request.challenge, company).code == "mfa_invalid")
        let done = try await verify(first, authenticator, request.challenge, company)
        #expect(done.pair != nil, "\(done.text)")
        #expect(try await verify(first, authenticator, request.challenge, company).code == "mfa_token_invalid")
        #expect(try await company.program("/api/v1/auth/mfa/options", "{\"mfaToken\":\"\(first)\"}").code == "mfa_token_invalid")
        #expect(try await person.verify(second, person.code()).status == 200, "the code still does, too")
    }

    @Test("T68 another member's passkey is a wrong one and counts as a try; so do a sign-in's answer and an unknown one")
    func foreign() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let authenticator = try await person.addPasskey().authenticator
        let stranger = try await other.addPasskey().authenticator
        let token = try await person.challenge()
        let challenge = try await options(token, company).challenge
        let wrong = [
            try await verify(token, stranger, challenge, company),
            try await verify(token, TestAuthenticator(), challenge, company),
            try await verify(token, authenticator, try await company.passkeyOptions().challenge, company),
            try await verify(token, authenticator, try await options(try await person.challenge(), company).challenge, company)
        ]
        #expect(wrong.map(\.code) == Array(repeating: "mfa_invalid", count: 4))
        #expect(wrong.map { $0.json?["triesLeft"] as? Int } == [4, 3, 2, 1])
        #expect(try await verify(token, authenticator, challenge, company).status == 200)
        #expect(try await company.audited("member.factor_failed", person.member.id) == 4)
    }

    @Test(
        "The page offers what the member has: without an authenticator no field for a code, but recovery codes for whoever has no script"
    )
    func page() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let (made, authenticator) = try await person.addPasskey()
        var browser = TestBrowser(company)
        #expect(try await browser.signIn(person, next: "/faults").location == "/login/mfa?next=%2Ffaults")
        let page = try await browser.get("/login/mfa?next=/faults")
        #expect(!page.text.contains("id=\"f-code\"") && page.text.contains("<details open>"), "\(page.text)")
        let request = try PasskeyRequest(page: page.text, to: "/login/mfa")
        var wrong = authenticator
        wrong.key = TestAuthenticator().key
        let word = TestAuthenticator.Word(request.challenge, at: company.site)
        let refused = try await browser.post("/login/mfa", TestJSON.fields(wrong.get(word)), token: page.text)
        #expect(refused.status == 401 && refused.text.contains("4 more tries") && refused.text.contains("href=\"#f-passkey\""))
        let done = try await browser.post(
            "/login/mfa", [("next", "/faults")] + TestJSON.fields(authenticator.get(word)), token: page.text)
        #expect(done.status == 303 && done.location == "/faults" && browser.isSignedIn, "\(done.text)")
        var second = TestBrowser(company)
        _ = try await second.signIn(person)
        let code = try #require((made.json?["recoveryCodes"] as? [String])?.first)
        #expect(try await second.post("/login/mfa", [("recovery_code", code)]).location == "/dashboard")
        let protected = try await company.protectedPerson()
        var third = TestBrowser(company)
        _ = try await third.signIn(protected)
        let plain = try await third.get("/login/mfa").text
        #expect(plain.contains("id=\"f-code\"") && !plain.contains("data-passkey="))
    }

    @Test("V7.5.1 a passkey proves who is there, on the page and for programs; T67 the session's token is another one")
    func proof() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let authenticator = try await person.addPasskey().authenticator
        let stranger = try await other.addPasskey().authenticator
        let account = try await company.signInBrowser(authenticator)
        var browser = account
        try await person.grow()
        let target = "/account/security/passkeys"
        #expect(try await browser.get(target).location == "/account/prove?next=%2Faccount%2Fsecurity%2Fpasskeys")
        let page = try await browser.get("/account/prove?next=\(target)")
        let word = TestAuthenticator.Word(try PasskeyRequest(page: page.text, to: "/account/prove").challenge, at: company.site)
        let refused = try await browser.post("/account/prove", TestJSON.fields(stranger.get(word)), token: page.text)
        #expect(refused.status == 422 && refused.text.contains("href=\"#f-passkey\""), "\(refused.text)")
        let answer = [("next", target)] + TestJSON.fields(authenticator.get(word))
        let done = try await browser.post("/account/prove", answer, token: page.text)
        #expect(done.status == 303 && done.location == target, "\(done.text)")
        #expect(browser.cookies["portico"] != account.cookies["portico"])
        #expect(try await browser.get(target).status == 200)
        try await person.grow()
        let again = try await browser.post("/account/prove", answer, token: page.text)
        #expect(again.status == 422, "T66 replayed: \(again.text)")

        let access = try #require(try await company.signIn(authenticator).pair?.access)
        let program = TestPerson(member: person.member.with(bearer: access), email: person.email)
        try await person.grow()
        #expect(try await program.member.api(.post, "/me/passkeys/options", "{}").code == "proof_required")
        let request = try PasskeyRequest(try await program.member.api(.post, "/auth/prove/options", "{}"))
        let proof = TestJSON.credential(authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site)))
        #expect(try await program.member.api(.post, "/auth/prove", TestJSON.text(["credential": proof])).status == 200)
        #expect(try await program.member.api(.post, "/me/passkeys/options", "{}").status == 200)
        let nobody = try await company.person()
        #expect(try await nobody.member.api(.post, "/auth/prove/options", "{}").code == "no_passkey")
    }
}

extension TestCompany {
    /// A browser that has come in with a passkey.
    func signInBrowser(_ authenticator: TestAuthenticator) async throws -> TestBrowser {
        var browser = TestBrowser(self)
        let page = try await browser.get("/login")
        let word = TestAuthenticator.Word(try PasskeyRequest(page: page.text, to: "/login").challenge, at: site)
        let done = try await browser.post("/login", TestJSON.fields(authenticator.get(word)), token: page.text)
        #expect(done.status == 303 && browser.isSignedIn, "\(done.text)")
        return browser
    }
}
