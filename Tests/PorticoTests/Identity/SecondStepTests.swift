import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Flow 2: signing in with a second factor")
struct SecondStepTests {
    @Test("Flow 2 (a) no session, no token before the code; the challenge opens nothing, and the code opens the session (T67)")
    func browser() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        var browser = TestBrowser(company)
        let first = try await browser.signIn(person, next: "/faults?state=open")
        #expect(first.status == 303 && first.location == "/login/mfa?next=%2Ffaults%3Fstate%3Dopen" && !browser.isSignedIn)
        let challenge = try #require(browser.cookies["portico_mfa"])
        #expect(try await browser.get("/dashboard").location?.hasPrefix("/login") == true)
        var thief = TestBrowser(company)
        thief.cookies["portico"] = challenge
        #expect(try await thief.get("/dashboard").location?.hasPrefix("/login") == true)
        let page = try await browser.get("/login/mfa?next=%2Ffaults%3Fstate%3Dopen")
        #expect(page.status == 200 && page.text.contains("autocomplete=\"one-time-code\""))
        let done = try await browser.post(
            "/login/mfa", [("code", person.code()), ("next", "/faults?state=open")], token: page.text)
        #expect(done.status == 303 && done.location == "/faults?state=open", "\(done.text)")
        #expect(browser.isSignedIn && browser.cookies["portico_mfa"] == nil && browser.cookies["portico"] != challenge)
        #expect(try await browser.get("/dashboard").status == 200)
        #expect(
            try await company.count(
                "app.audit_line where action = 'member.signed_in' and entity_id = \(person.member.id) and after->>'factor' = 'authenticator'"
            ) == 1)
    }

    @Test("Flow 2 (a)(b) a program gets no token before the code; a code works once, T68 also for another challenge")
    func program() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let first = try await person.signIn()
        #expect(first.status == 200 && first.json?["mfaRequired"] as? Bool == true && first.json?["accessToken"] == nil)
        let token = try #require(first.json?["mfaToken"] as? String)
        let (code, second) = (person.code(), try await person.challenge())
        let done = try await person.verify(token, code)
        let access = try #require(done.json?["accessToken"] as? String, "\(done.text)")
        #expect(done.json?["refreshToken"] is String)
        let me = try await company.anonymous(.get, "/api/v1/me", [.authorization: "Bearer \(access)"])
        #expect(me.json?["email"] as? String == person.email)
        let replayed = try await person.verify(second, code)
        #expect(replayed.status == 401 && replayed.code == "mfa_invalid" && replayed.json?["triesLeft"] as? Int == 4)
        let used = try await person.verify(token, person.code(1))
        #expect(used.status == 401 && used.code == "mfa_token_invalid")
        #expect(try await person.verify(second, person.code(1)).status == 200)
    }

    @Test("T68 another one's code, another company's challenge, an old challenge and one that is none")
    func foreign() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (person, stranger) = (try await company.protectedPerson(), try await company.protectedPerson())
        let token = try await person.challenge()
        #expect(try await person.verify(token, stranger.code()).code == "mfa_invalid")
        #expect(try await person.verify(token, stranger.codes[0]).code == "mfa_invalid")
        let elsewhere = try await other.program(
            "/api/v1/auth/mfa/verify", "{\"mfaToken\":\"\(token)\",\"code\":\"\(person.code())\"}")
        #expect(elsewhere.status == 401 && elsewhere.code == "mfa_token_invalid")
        #expect(try await person.verify(SessionToken().text, person.code()).code == "mfa_token_invalid")
        try await company.run("update app.sign_in_challenge set expires_at = now() where member_id = \(person.member.id)")
        #expect(try await person.verify(token, person.code()).code == "mfa_token_invalid")
        #expect(try await person.verify("", "").status == 400)
    }

    @Test("Flow 2 (e) one company's credentials mean nothing to another: 401 as for an unknown member")
    func elsewhere() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let person = try await company.protectedPerson()
        let body = "{\"email\":\"\(person.email)\",\"password\":\"\(goodPassword)\"}"
        let (there, nobody) = (
            try await other.program("/api/v1/auth/login", body),
            try await other.program("/api/v1/auth/login", "{\"email\":\"nobody@example.test\",\"password\":\"\(goodPassword)\"}")
        )
        #expect(there.status == 401 && there.withoutRequestID == nobody.withoutRequestID)
    }

    @Test("The fifth wrong code ends the challenge: back to the password, and the right code is refused until the wait ends")
    func wrong() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        var browser = TestBrowser(company)
        _ = try await browser.signIn(person)
        for left in [4, 3, 2, 1] {
            let page = try await browser.post("/login/mfa", [("code", "000000")])
            #expect(
                page.status == 401 && page.text.contains("\(left == 1 ? "One more try" : "\(left) more tries")"), "\(page.text)")
        }
        let last = try await browser.post("/login/mfa", [("code", "000000")])
        #expect(last.status == 303 && last.location == "/login" && browser.cookies["portico_mfa"] == nil)
        #expect(try await browser.get("/login").text.contains("Too many wrong codes"))
        #expect(try await company.audited("member.factor_failed", person.member.id) == 5)
        let again = try await person.verify(try await person.challenge(), person.code())
        #expect(again.status == 429 && again.headers[.retryAfter] != nil)
    }

    @Test("A recovery code gets in once, in either field, and its owner is told")
    func recovery() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        var browser = TestBrowser(company)
        _ = try await browser.signIn(person)
        let done = try await browser.post("/login/mfa", [("recovery_code", person.codes[3].lowercased())])
        #expect(done.location == "/dashboard" && browser.isSignedIn, "\(done.text)")
        var second = TestBrowser(company)
        _ = try await second.signIn(person)
        let used = try await second.post("/login/mfa", [("recovery_code", person.codes[3])])
        #expect(used.status == 401 && used.text.contains("id=\"f-recovery_code-error\""))
        #expect(try await second.post("/login/mfa", [("code", person.codes[4])]).location == "/dashboard")
        #expect(try await browser.get("/account/security").text.contains("8 of 10 left"))
        let subjects = try await company.mails(to: person.email).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects.filter { $0.hasPrefix("A recovery code was used") }.count == 2, "\(subjects)")
    }

    @Test("T67 signing in ends the session that the browser had, so a cookie set before is worth nothing")
    func fixation() async throws {
        let company = try await TestCompany.fresh()
        let (person, attacker) = (try await company.protectedPerson(), try await company.person())
        var browser = TestBrowser(company)
        browser.cookies["portico"] = attacker.member.cookie
        _ = try await browser.signIn(person)
        #expect(try await attacker.member.get("/dashboard").status == 200, "not before the code")
        _ = try await browser.post("/login/mfa", [("code", person.code())])
        #expect(browser.cookies["portico"] != attacker.member.cookie)
        #expect(try await attacker.member.get("/dashboard").status == 303)
    }

    @Test("A new password keeps the second factor, and ends challenges that were opened with the old one")
    func reset() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let challenge = try await person.challenge()
        _ = try await company.program("/api/v1/auth/password/forgot", "{\"email\":\"\(person.email)\"}")
        let mail = try #require(try await company.mails(to: person.email).last { $0.link("/password/reset") != nil })
        let fresh = "birke-kanal-58-mond"
        let reset = try await company.program(
            "/api/v1/auth/password/reset", "{\"token\":\"\(mail.secret("/password/reset"))\",\"password\":\"\(fresh)\"}")
        #expect(reset.status == 200)
        #expect(try await person.verify(challenge, person.code()).code == "mfa_token_invalid")
        let answer = try await company.program("/api/v1/auth/login", "{\"email\":\"\(person.email)\",\"password\":\"\(fresh)\"}")
        #expect(answer.json?["mfaRequired"] as? Bool == true)
    }
}
