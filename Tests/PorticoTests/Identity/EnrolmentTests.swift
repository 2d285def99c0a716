import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Setting up a second factor and giving it up")
struct EnrolmentTests {
    private let page = "/account/security/authenticator"

    private func secret(_ page: String) throws -> TOTP {
        let shown = try #require(page.firstMatch(of: /<code class="secret"[^>]*>([A-Z2-7 ]+)<\/code>/), "\(page)")
        let secret = TestCompany.base32(String(shown.1).replacing(" ", with: ""))
        return TOTP(try #require(secret))
    }

    @Test("Picture and secret, the first code, ten recovery codes shown once; T67 the session's token is another afterwards")
    func pages() async throws {
        let company = try await TestCompany.fresh()
        var person = try await company.person()
        var browser = TestBrowser(company)
        #expect(try await browser.signIn(person).location == "/dashboard" && browser.isSignedIn)
        let before = browser
        #expect(try await browser.get("/account").text.contains("href=\"/account/security\""))
        #expect(try await browser.get("/account/security").text.contains("href=\"\(page)\""))
        let offer = try await browser.get(page)
        #expect(
            offer.status == 200 && offer.text.contains("<svg class=\"qr\"") && offer.headers[.cacheControl] == "private, no-store"
        )
        person.authenticator = try secret(offer.text)
        let wrong = try await browser.post(page, [("code", "000000")], token: offer.text)
        #expect(wrong.status == 422 && wrong.text.contains("id=\"f-code-error\""))
        #expect(try secret(wrong.text).code(1) == person.authenticator.code(1), "the same secret is still on offer")
        let code = person.code()
        let done = try await browser.post(page, [("code", "\(code.prefix(3)) \(code.suffix(3))")], token: offer.text)
        #expect(done.status == 200 && done.headers[.cacheControl] == "private, no-store", "\(done.text)")
        person.codes = done.text.matches(of: /<li><code>([^<]+)<\/code>/).map { String($0.1) }
        #expect(person.codes.count == 10)

        #expect(before.cookies["portico"] != browser.cookies["portico"])
        var old = before
        #expect(try await old.get("/dashboard").status == 303)
        let state = try await browser.get("/account/security")
        #expect(state.text.contains("10 of 10 left") && !person.codes.contains { state.text.contains($0) })
        #expect(try await person.member.get("/dashboard").status == 303, "every other sign-in has ended")
        #expect(try await company.audited("member.factor_added", person.member.id) == 1)
        #expect(try await company.mails(to: person.email).last?.headers?["Subject"]?.hasPrefix("A second factor") == true)
        #expect(try await person.signIn().json?["mfaRequired"] as? Bool == true)
    }

    @Test("The secret lies sealed in the database, recovery codes as argon2id hashes")
    func atRest() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let offer = try await person.member.api(.post, "/auth/mfa/enrol", "{}")
        let plain = try #require(offer.secret)
        let again = try await person.member.api(.post, "/auth/mfa/enrol", "{}")
        #expect(again.json?["otpauthUrl"] as? String == offer.json?["otpauthUrl"] as? String, "one secret until it is confirmed")
        #expect(offer.json?["otpauthUrl"] as? String != nil && offer.headers[.cacheControl] == "private, no-store")
        #expect(try await company.count("app.totp where secret = \(plain) or position(\(plain) in secret) > 0") == 0)
        let protected = try await company.protectedPerson()
        #expect(
            try await company.count(
                "app.recovery_code where member_id = \(protected.member.id) and hash like '$argon2id$%'") == 10)
        #expect(Set(protected.codes).count == 10)
    }

    @Test("Another phone takes the old one's place, which works until the new one has shown a code")
    func anotherPhone() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        var second = person
        let offer = try await person.member.api(.post, "/auth/mfa/enrol", "{}")
        second.authenticator = TOTP(try #require(offer.secret))
        #expect(try await person.verify(try await person.challenge(), person.code()).status == 200)
        #expect(try await person.member.api(.post, "/auth/mfa/confirm", "{\"code\":\"\(second.code())\"}").status == 200)
        try await person.wait()
        #expect(try await person.verify(try await person.challenge(), person.code()).code == "mfa_invalid")
        #expect(try await second.verify(try await second.challenge(), second.code(1)).status == 200)
    }

    @Test("New recovery codes end the old ones")
    func newCodes() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let answer = try await person.member.api(.post, "/auth/mfa/recovery-codes", "{}")
        let fresh = try #require(answer.json?["recoveryCodes"] as? [String])
        #expect(fresh.count == 10 && Set(fresh).isDisjoint(with: person.codes))
        #expect(try await person.verify(try await person.challenge(), person.codes[0]).status == 401)
        #expect(try await person.verify(try await person.challenge(), fresh[0]).status == 200)
        let nobody = try await company.person()
        #expect(try await nobody.member.api(.post, "/auth/mfa/recovery-codes", "{}").code == "no_second_factor")
    }

    @Test("Switching off takes password and code; afterwards the password alone signs in, and the owner is told")
    func remove() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        var browser = TestBrowser(company)
        _ = try await browser.signIn(person)
        _ = try await browser.post("/login/mfa", [("code", person.code())])
        let removal = "/account/security/removal"
        for (password, code) in [("wrong", person.code(1)), (goodPassword, "000000"), ("", person.code(1)), (goodPassword, "")] {
            #expect(try await browser.post(removal, [("password", password), ("code", code)]).status == 422)
        }
        let before = browser.cookies["portico"]
        let done = try await browser.post(removal, [("password", goodPassword), ("code", person.code(1))])
        #expect(done.status == 303 && done.location == "/account/security", "\(done.text)")
        #expect(browser.cookies["portico"] != before)
        #expect(try await browser.get("/account/security").text.contains("href=\"\(page)\""))
        #expect(try await person.signIn().json?["accessToken"] is String)
        #expect(try await company.audited("member.factor_removed", person.member.id) == 1)
        #expect(
            try await company.mails(to: person.email).contains { $0.headers?["Subject"]?.contains("switched off") == true })
        #expect(try await browser.get(removal).location == "/account/security")
    }
}
