import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Platform
@testable import portico

@Suite("Operators sign in with password and code, at a host of their own")
struct OperatorSignInTests {
    @Test("The link sets an account up once; a weak password and a wrong code change nothing")
    func setUp() async throws {
        var (one, link) = try await TestOperator.invited()
        let page = try await one.browser.get(link)
        #expect(page.status == 200 && page.text.contains("<svg") && page.text.contains("Welcome, Ada Vogel"))
        #expect(page.headers[.cacheControl] == "private, no-store")
        #expect(try await one.setUp(link, password: "kurz").status == 422)
        #expect(try await one.setUp(link, password: "ada-vogel-77-fenster-granit").text.contains("f-password-error"))
        #expect(try await one.setUp(link, code: "000000").status == 422)
        #expect(try await one.setUp(link).location == "/sign-in")
        #expect(try await one.browser.get(link).status == 404)
        #expect(try await one.logged("operator.set_up") == 1)
        #expect(try await one.browser.get("/set-up/\(SessionToken().text)").status == 404)
    }

    @Test("A link is over after a day, and with the next one")
    func oldLink() async throws {
        var (one, link) = try await TestOperator.invited()
        let newer = try await one.app.platformDatabase.withoutTenant { tx in
            try await Operators(tx).invite(one.email, name: one.name, one.app.house.sealer, now: Date())
        }
        #expect(try await one.browser.get(link).status == 404)
        #expect(try await one.browser.get("/set-up/\(newer.text)").status == 200)
        try await one.run("update platform.operator set link_until = now() - interval '1 second' where id = \(one.id)")
        #expect(try await one.browser.get("/set-up/\(newer.text)").status == 404)
    }

    @Test("T69 a wrong address, password or code, and a code that was used, get the same answer, and no session")
    func wrong() async throws {
        var one = try await TestOperator.ready()
        let used = one.code()
        #expect(try await one.signIn(code: used).location == "/companies")
        #expect(try await one.browser.post("/sign-out", on: "/companies").location == "/sign-in")
        var answers: [TestAnswer] = []
        let stranger = "nobody-\(UUID().uuidString)@platform.test"
        for (email, password, code) in [
            (stranger, TestOperator.password, one.code()), (one.email, "another-password-77", one.code(1)),
            (one.email, TestOperator.password, "000000"), (one.email, TestOperator.password, used)
        ] {
            answers.append(
                try await one.browser.post("/sign-in", [("email", email), ("password", password), ("code", code)]))
        }
        #expect(answers.allSatisfy { $0.status == 401 && $0.text.contains("Mail address, password or code is wrong") })
        let texts = Set(answers.map { Self.plain($0.withoutRequestID, [one.email, stranger]) })
        #expect(texts.count == 1)
        #expect(one.browser.cookies["portico_operator"] == nil)
        #expect(try await one.browser.get("/companies").location == "/sign-in")
    }

    private static func plain(_ text: String, _ emails: [String]) -> String {
        emails.reduce(text) { $0.replacing($1, with: "-") }
            .replacing(/name="(csrf_token|form_key)" value="[^"]*"/, with: "")
    }

    @Test("T68 five wrong codes with the right password, and the right one is not looked at any more, wherever it comes from")
    func guessing() async throws {
        var one = try await TestOperator.ready()
        for address in 1...5 {
            // The limit by address is another one; here each guess comes as from elsewhere.
            try await one.run("delete from platform.rate_limit where bucket like \("sign-in%\(one.email)%")")
            #expect(try await one.signIn(code: "00000\(address)").status == 401)
        }
        try await one.run("delete from platform.rate_limit where bucket like \("sign-in%\(one.email)%")")
        #expect(try await one.signIn().status == 429)
        try await one.run("delete from platform.rate_limit where bucket = \("code:\(one.id.text)")")
        #expect(try await one.signIn().location == "/companies")
        #expect(try await one.logged("operator.sign_in_failed") == 5)
    }

    @Test("A sign-in ends after a quarter of an hour without a request, with signing out, and with the account")
    func ends() async throws {
        var one = try await TestOperator.signedIn()
        #expect(try await one.browser.get("/companies").status == 200)
        try await one.run(
            "update platform.session set idle_until = now() - interval '1 second' where operator_id = \(one.id)")
        #expect(try await one.browser.get("/companies").location == "/sign-in")
        try await one.wait()
        #expect(try await one.signIn().location == "/companies")
        let kept = one.browser
        #expect(try await one.browser.post("/sign-out", on: "/companies").location == "/sign-in")
        var thief = kept
        #expect(try await thief.get("/companies").location == "/sign-in")
        try await one.wait()
        #expect(try await one.signIn().location == "/companies")
        let done = try await one.app.platformDatabase.withoutTenant { tx in
            try await Operators(tx).disable(one.email, now: Date())
        }
        #expect(done)
        #expect(try await one.browser.get("/companies").location == "/sign-in")
        try await one.wait()
        #expect(try await one.signIn().status == 401)
    }

    @Test("T27 a form from elsewhere, from nowhere or without its token does nothing; T67 a cookie from before opens nothing")
    func forged() async throws {
        var one = try await TestOperator.ready()
        let fields = [("email", one.email), ("password", TestOperator.password), ("code", one.code())]
        let cross: HTTPFields = HTTPField.Name("Sec-Fetch-Site").map { [$0: "cross-site"] } ?? [:]
        #expect(try await one.browser.post("/sign-in", fields, cross).status == 403)
        #expect(try await one.browser.post("/sign-in", fields, [:]).status == 403)
        #expect(try await one.browser.post("/sign-in", fields, raw: TestStranger.sameOrigin).status == 403)
        let planted = SessionToken()
        one.browser.cookies["portico_operator"] = planted.text
        #expect(try await one.browser.post("/sign-in", fields).location == "/companies")
        #expect(one.browser.cookies["portico_operator"] != planted.text)
        #expect(try await one.browser.post("/sign-out", [], raw: TestStranger.sameOrigin).status == 403)
    }
}
