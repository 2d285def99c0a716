import Foundation
import HTTPTypes
import Testing
import Tokens
import Web
import WebAuthn

@testable import Identity
@testable import portico

@Suite("Passkeys: made, renamed and removed by their member")
struct PasskeyTests {
    private let page = "/account/security/passkeys"

    @Test("The first one gives ten recovery codes, ends other sign-ins and asks for a second step from now on; its owner is told")
    func first() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let elsewhere = try await person.member.programSignIn()
        let (made, _) = try await person.addPasskey(named: "  Schlüssel  ")
        #expect((made.json?["recoveryCodes"] as? [String])?.count == 10 && made.json?["name"] as? String == "Schlüssel")
        #expect(made.headers[.cacheControl] == "private, no-store" && made.json?["backedUp"] as? Bool == false)
        #expect(try await company.ask("/me", bearer: elsewhere.accessToken).status == 401, "none of them knew of it")
        #expect(try await person.signIn().json?["mfaRequired"] as? Bool == true)
        let state = try await person.member.api(.get, "/auth/mfa").json
        #expect(
            state?["enabled"] as? Bool == true && state?["passkeys"] as? Int == 1 && state?["recoveryCodesLeft"] as? Int == 10)
        let (second, _) = try await person.addPasskey(try .rsa(), named: "Other")
        #expect(second.json?["recoveryCodes"] == nil)
        let list = try await person.member.api(.get, "/me/passkeys?limit=1")
        #expect(list.items.map { $0["name"] as? String } == ["Other"] && list.json?["total"] as? Int == 2)
        let next = try #require(list.json?["nextCursor"] as? String)
        #expect(try await person.member.api(.get, "/me/passkeys?cursor=\(next)").items.first?["id"] as? String == made.id)
        #expect(try await company.audited("member.factor_added", person.member.id) == 1)
        #expect(try await company.audited("member.passkey_added", person.member.id) == 2)
        #expect(try await company.count("app.passkey where transports = '{hybrid,internal}' and algorithm = -257") == 1)
        let subjects = try await company.mails(to: person.email).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects.filter { $0.hasPrefix("A passkey was added") }.count == 2, "\(subjects)")
    }

    @Test(
        "Pages: a hidden form until the browser can, codes shown once; T67 the session's token is another one; list, name, removal"
    )
    func pages() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        var browser = TestBrowser(company)
        _ = try await browser.signIn(person)
        #expect(try await browser.get("/account/security").text.contains("href=\"\(page)\""))
        let form = try await browser.get(page)
        #expect(form.status == 200 && form.text.contains("data-passkey-missing") && form.text.contains(" hidden"))
        #expect(form.headers[.cacheControl] == "private, no-store" && !form.text.contains("<script>"))
        let request = try PasskeyRequest(page: form.text, to: page)
        #expect(request.user == Base64URL.encode(person.member.id.handle) && request.listed.isEmpty)
        let authenticator = TestAuthenticator()
        let answer = TestJSON.fields(authenticator.create(TestAuthenticator.Word(request.challenge, at: company.site)))
        let unnamed = try await browser.post(page, [("name", " ")] + answer, token: form.text)
        #expect(unnamed.status == 422 && unnamed.text.contains("id=\"f-name-error\""))
        let before = browser.cookies["portico"]
        let done = try await browser.post(page, [("name", "My <b>phone</b>")] + answer, token: form.text)
        #expect(done.status == 200 && done.text.matches(of: /<li><code>/).count == 10, "\(done.text)")
        #expect(browser.cookies["portico"] != before)
        let list = try await browser.get("/account/security").text
        #expect(list.contains("My &lt;b&gt;phone&lt;/b&gt;") && list.contains("10 of 10 left") && !list.contains("<b>phone"))
        #expect(try PasskeyRequest(page: try await browser.get(page).text, to: page).listed.count == 1, "no second one on it")

        let path = try #require(list.firstMatch(of: /href="(\/account\/security\/passkeys\/[0-9a-f-]+)"/)).1
        let shown = try await browser.get(String(path))
        #expect(shown.status == 200 && shown.text.contains("Afterwards your password alone"))
        #expect(try await browser.post(String(path), [("name", "")], token: shown.text).status == 422)
        #expect(try await browser.post(String(path), [("name", "Blue")], token: shown.text).location == "/account/security")
        #expect(try await company.audited("member.passkey_renamed", person.member.id) == 1)
        let removed = try await browser.post("\(path)/removal", [], token: shown.text)
        #expect(removed.status == 303 && removed.location == "/account/security", "\(removed.text)")
        #expect(try await person.signIn().json?["accessToken"] is String, "the password alone again")
        #expect(try await company.count("app.recovery_code where member_id = \(person.member.id)") == 0)
        #expect(try await company.audited("member.passkey_removed", person.member.id) == 1)
        let subjects = try await company.mails(to: person.email).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects.contains { $0.contains("switched off") }, "\(subjects)")
    }

    @Test("As long as one factor is left nothing is given up: neither the second step nor the recovery codes")
    func oneOfTwo() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        let (passkey, authenticator) = try await person.addPasskey()
        let code = person.code(1)
        let disabled = try await person.member.api(
            .post, "/auth/mfa/disable", "{\"password\":\"\(goodPassword)\",\"code\":\"\(code)\"}")
        #expect(disabled.status == 200, "\(disabled.text)")
        #expect(try await person.member.api(.post, "/auth/mfa/disable", "{}").code == "no_second_factor")
        #expect(try await person.verify(try await person.challenge(), person.codes[0]).status == 200)
        #expect(try await company.signIn(authenticator).status == 200)
        #expect(try await person.member.api(.delete, "/me/passkeys/\(passkey.id)").status == 204)
        #expect(try await person.signIn().json?["accessToken"] is String)
        #expect(try await company.signIn(authenticator).code == "passkey_invalid")
        let subjects = try await company.mails(to: person.email).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects.contains { $0.hasPrefix("One of your factors") }, "\(subjects)")
    }

    @Test("Two passkeys that are removed at the same moment leave no half: the last one clears everything")
    func atOnce() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let ids = [try await person.addPasskey().answer.id, try await person.addPasskey().answer.id]
        let states = try await withThrowingTaskGroup(of: Int.self) { group in
            for id in ids { group.addTask { try await person.member.api(.delete, "/me/passkeys/\(id)").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(states == [204, 204])
        #expect(try await company.count("app.member where id = \(person.member.id) and factor_since is null") == 1)
    }

    @Test("A role that demands a second factor is content with a passkey")
    func required() async throws {
        let company = try await TestCompany.fresh { $0.replacing("{requiredFor: []}", with: "{requiredFor: [manager]}") }
        let person = try await company.person("manager")
        var browser = TestBrowser(company)
        _ = try await browser.signIn(person)
        #expect(try await browser.get("/account/security/authenticator").text.contains("href=\"\(page)\""))
        let form = try await browser.get(page)
        #expect(form.text.contains("Your role needs a second factor"))
        let request = try PasskeyRequest(page: form.text, to: page)
        let word = TestAuthenticator.Word(request.challenge, at: company.site)
        let answer = TestJSON.fields(TestAuthenticator().create(word))
        #expect(try await browser.post(page, [("name", "Key")] + answer, token: form.text).status == 200)
        #expect(try await browser.get("/faults").status == 200)
        #expect(try await person.member.api(.get, "/me/passkeys").status == 401, "the program was signed out")
    }

    @Test("V7.5.1 an old sign-in makes and removes none before it has proved who it is")
    func fresh() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let (passkey, _) = try await person.addPasskey()
        try await person.grow()
        for (method, path) in [
            (HTTPRequest.Method.post, "/me/passkeys/options"), (.post, "/me/passkeys"), (.delete, "/me/passkeys/\(passkey.id)")
        ] {
            let answer = try await person.member.api(method, path, "{}")
            #expect(answer.status == 403 && answer.code == "proof_required", "\(path)")
        }
        #expect(try await person.member.api(.patch, "/me/passkeys/\(passkey.id)", "{\"name\":\"New\"}").status == 200)
        #expect(try await company.count("app.passkey where member_id = \(person.member.id)") == 1)
    }

    @Test("A challenge is good once, for the session that asked, for what it asked")
    func challenges() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let request = try await person.newPasskeyOptions()
        let word = TestAuthenticator.Word(request.challenge, at: company.site)
        #expect(try await other.register(TestAuthenticator().create(word)).status == 400)
        let signIn = TestAuthenticator.Word(try await company.passkeyOptions().challenge, at: company.site)
        #expect(try await person.register(TestAuthenticator().create(signIn)).status == 400)
        #expect(try await person.register(TestAuthenticator().create(word)).status == 201)
        let again = try await person.register(TestAuthenticator().create(word))
        #expect(again.status == 400 && again.text.contains("passkey_invalid"), "T66 replayed")
        #expect(try await company.count("app.passkey") == 1)
    }

    @Test("A challenge is good for five minutes", arguments: [(299.0, 201), (301, 400)])
    func age(seconds: Double, status: Int) async throws {
        let house = try await TokenHouse.open()
        let person = TestPerson(member: house.member.with(bearer: house.pair.accessToken), email: "")
        let word = TestAuthenticator.Word(try await person.newPasskeyOptions().challenge, at: house.company.site)
        house.clock.advance(seconds: seconds)
        try await house.company.run(
            "update app.session set proved_at = now() + interval '10 minutes' where member_id = \(house.member.id)")
        let answer = try await person.register(TestAuthenticator().create(word))
        #expect(answer.status == status, "\(answer.text)")
        await house.close()
    }

    @Test("No credential twice in a company, whoever has it; twenty for each member at most")
    func limits() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let (_, authenticator) = try await person.addPasskey()
        for one in [person, other] {
            let word = TestAuthenticator.Word(try await one.newPasskeyOptions().challenge, at: company.site)
            let answer = try await one.register(authenticator.create(word))
            #expect(answer.status == 400 && answer.text.contains("passkey_known"), "\(answer.text)")
        }
        for _ in 1..<Passkeys.most { _ = try await person.addPasskey() }
        let word = TestAuthenticator.Word(try await person.newPasskeyOptions().challenge, at: company.site)
        #expect(try await person.register(TestAuthenticator().create(word)).text.contains("too_many_passkeys"))
        let second = try await TestCompany.fresh().person()
        _ = try await second.addPasskey(authenticator)
    }

    @Test("T01 another member's passkey and another company's are 404 like none")
    func foreign() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let (passkey, _) = try await person.addPasskey()
        let stranger = try await TestCompany.fresh().person()
        for one in [other.member, stranger.member] {
            #expect(try await one.api(.patch, "/me/passkeys/\(passkey.id)", "{\"name\":\"Mine\"}").status == 404)
            #expect(try await one.api(.delete, "/me/passkeys/\(passkey.id)").status == 404)
            #expect(try await one.get("\(page)/\(passkey.id)").status == 404)
            #expect(try await one.post("\(page)/\(passkey.id)/removal").status == 404)
            #expect(try await one.api(.get, "/me/passkeys").json?["total"] as? Int == 0)
        }
        #expect(try await company.count("app.passkey where name = 'Key'") == 1)
    }
}
