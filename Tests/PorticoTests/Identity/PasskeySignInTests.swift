import Foundation
import HTTPTypes
import Testing
import Tokens
import Web
import WebAuthn

@testable import Identity
@testable import portico

@Suite("Signing in with a passkey")
struct PasskeySignInTests {
    @Test("A program comes in without a password, and without a code, too, whoever has an authenticator")
    func program() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        for start in [TestAuthenticator(), try .rsa()] {
            var authenticator = try await person.addPasskey(start).authenticator
            authenticator.counter = 1
            let done = try await company.signIn(authenticator)
            let access = try #require(done.pair?.access, "\(done.text)")
            #expect(try await company.ask("/me", bearer: access).json?["email"] as? String == person.email)
        }
        #expect(
            try await company.count(
                "app.audit_line where action = 'member.signed_in' and entity_id = \(person.member.id) and after->>'factor' = 'passkey'"
            ) == 2)
        #expect(try await company.count("app.passkey where used_at is not null and counter = 1") == 2)
    }

    @Test(
        "A browser finds the button hidden on the page; the answer opens a session and leads on (T67 in place of the one it had)")
    func browser() async throws {
        let company = try await TestCompany.fresh()
        let (person, attacker) = (try await company.person(), try await company.person())
        let authenticator = try await person.addPasskey().authenticator
        var browser = TestBrowser(company)
        browser.cookies["portico"] = attacker.member.cookie
        let page = try await browser.get("/login?next=/faults")
        #expect(page.text.contains("src=\"/a/passkey-") && page.text.contains(" hidden>"))
        let request = try PasskeyRequest(page: page.text, to: "/login")
        #expect(request.listed.isEmpty && request.text.contains("\"userVerification\":\"required\""))
        #expect(request.text.contains("\"rpId\":\"\(company.host)\""))
        let answer = TestJSON.fields(authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site)))
        let done = try await browser.post("/login", [("next", "/faults")] + answer, token: page.text)
        #expect(done.status == 303 && done.location == "/faults" && browser.isSignedIn, "\(done.text)")
        #expect(browser.cookies["portico"] != attacker.member.cookie)
        #expect(try await attacker.member.get("/dashboard").status == 303)
        #expect(try await browser.get("/account/security/passkeys").status == 200, "fresh")
        var second = TestBrowser(company)
        let again = try await second.post("/login", answer)
        #expect(again.status == 401 && again.text.contains("This passkey was not accepted") && !second.isSignedIn)
        #expect(again.text.contains("href=\"#f-passkey\""))
    }

    @Test("T66 an answer counts once, also when it comes twice at the same moment")
    func replay() async throws {
        let company = try await TestCompany.fresh()
        let authenticator = try await company.person().addPasskey().authenticator
        let request = try await company.passkeyOptions()
        let answer = authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site))
        let states = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 { group.addTask { try await company.passkeySignIn(answer, token: request.token ?? "").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(states.filter { $0 == 200 }.count == 1 && states.filter { $0 == 401 }.count == 5, "\(states)")
        #expect(try await company.count("app.session where kind = 'refresh'") == 1)
        try await company.run("update app.passkey set counter = 0")
        #expect(try await company.passkeySignIn(answer, token: request.token ?? "").code == "passkey_invalid")
    }

    /// Everything that can be wrong, each with a fresh challenge.
    private static let lies: [(String, @Sendable (inout TestAuthenticator.Word) -> Void)] = [
        ("another challenge", { $0.challenge = Base64URL.encode(Array(repeating: 7, count: 56)) }),
        ("another site", { $0.origin = "https://evil.example" }), ("without the port", { $0.origin = "http://\($0.host)" }),
        ("TLS", { $0.origin = $0.origin.replacing("http:", with: "https:") }),
        ("another rpId", { $0.host = "evil.example" }), ("a parent as rpId", { $0.host = "test" }),
        ("another purpose", { $0.type = "webauthn.create" }), ("not unlocked", { $0.flags = 1 }),
        ("not touched", { $0.flags = 4 }),
        ("inside a frame", { $0.more = ",\"crossOrigin\":true" })
    ]

    @Test(
        "T69 one answer, byte for byte, for everything: lies, unknown passkeys, wrong signatures, other holders, disabled members"
    )
    func oneAnswer() async throws {
        let company = try await TestCompany.fresh()
        let (person, other) = (try await company.person(), try await company.person())
        let authenticator = try await person.addPasskey().authenticator
        let unknown = try await company.signIn(TestAuthenticator(holder: person.member.id.handle))
        #expect(unknown.status == 401 && unknown.code == "passkey_invalid")
        func same(_ answer: TestAnswer, _ what: String) async throws {
            #expect(answer.status == 401 && answer.withoutRequestID == unknown.withoutRequestID, "\(what): \(answer.text)")
            try await company.run("delete from app.rate_limit")
        }
        for (what, lie) in Self.lies { try await same(try await company.signIn(authenticator, lie), what) }
        var wrong = authenticator
        wrong.key = TestAuthenticator().key
        try await same(try await company.signIn(wrong), "wrong signature")
        wrong.key = try TestAuthenticator.rsa().key
        try await same(try await company.signIn(wrong), "T65 another algorithm")
        wrong = authenticator
        wrong.holder = nil
        try await same(try await company.signIn(wrong), "no holder")
        wrong.holder = other.member.id.handle
        try await same(try await company.signIn(wrong), "another holder")
        let mine = try await company.passkeyOptions()
        let answer = authenticator.get(TestAuthenticator.Word(mine.challenge, at: company.site))
        try await same(
            try await company.passkeySignIn(answer, token: try await company.passkeyOptions().token ?? ""), "another's token")
        let step = try PasskeyRequest(
            try await company.program("/api/v1/auth/mfa/options", "{\"mfaToken\":\"\(try await person.challenge())\"}"))
        try await same(try await company.signIn(authenticator) { $0.challenge = step.challenge }, "the second step's challenge")
        try await company.run("update app.member set disabled_at = now() where id = \(person.member.id)")
        try await same(try await company.signIn(authenticator), "disabled")
        try await company.run("update app.member set disabled_at = null where id = \(person.member.id)")
        #expect(try await company.signIn(authenticator).status == 200)
        #expect(try await company.audited("member.sign_in_failed", person.member.id) == Self.lies.count + 7)
    }

    @Test("T02 another company's passkey is one that nobody knows, also where the same device has one here")
    func otherCompany() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let authenticator = try await company.person().addPasskey().authenticator
        let there = try await other.signIn(authenticator)
        let nobody = try await other.signIn(TestAuthenticator(holder: authenticator.holder))
        #expect(there.status == 401 && there.withoutRequestID == nobody.withoutRequestID)
        let request = try await company.passkeyOptions()
        let answer = authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site))
        #expect(try await other.passkeySignIn(answer, token: request.token ?? "").code == "passkey_invalid")
        var second = try await other.person().addPasskey(authenticator).authenticator
        #expect(try await other.signIn(second).status == 200)
        second.holder = authenticator.holder
        #expect(try await other.signIn(second).status == 401)
    }

    @Test("A passkey is for the host where it was made; at another of the company's it is none")
    func hosts() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let authenticator = try await person.addPasskey().authenticator
        let second = TestCompany(app: company.app, tenant: company.tenant, host: "www.\(company.host)")
        #expect(try await second.signIn(authenticator).code == "passkey_invalid")
        let challenge = try await person.challenge()
        #expect(try await second.program("/api/v1/auth/mfa/options", "{\"mfaToken\":\"\(challenge)\"}").code == "no_passkey")
        #expect(try await company.program("/api/v1/auth/mfa/options", "{\"mfaToken\":\"\(challenge)\"}").status == 200)
        let shouting = TestCompany(app: company.app, tenant: company.tenant, host: company.host.uppercased() + ":1")
        let request = try await shouting.passkeyOptions()
        #expect(request.text.contains("\"rpId\":\"\(company.host)\""), "never what a header says")
        #expect(try await shouting.signIn(authenticator).code == "passkey_invalid", "nor a port")
    }

    @Test("A counter that goes back is refused, and the audit log says so")
    func counter() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        var authenticator = try await person.addPasskey().authenticator
        for (count, status) in [(5, 200), (6, 200), (6, 401), (2, 401), (0, 401), (7, 200)] as [(UInt32, Int)] {
            authenticator.counter = count
            #expect(try await company.signIn(authenticator).status == status, "\(count)")
        }
        #expect(try await company.audited("member.passkey_rewound", person.member.id) == 3)
        #expect(try await company.count("app.passkey where counter = 7") == 1)
    }

    @Test("T68 five failures in a quarter of an hour and the sixth is not looked at, whether or not there is such a passkey")
    func guessing() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.person()
        let authenticator = try await person.addPasskey().authenticator
        var wrong = authenticator
        wrong.key = TestAuthenticator().key
        for one in [wrong, TestAuthenticator(holder: authenticator.holder)] {
            for _ in 0..<5 { #expect(try await company.signIn(one).status == 401) }
            let sixth = try await company.signIn(one)
            #expect(sixth.status == 429 && sixth.headers[.retryAfter] != nil)
        }
        #expect(try await company.signIn(authenticator).status == 429)
        #expect(try await company.signIn(try await person.addPasskey().authenticator).status == 200, "nobody else is shut out")
        #expect(try await person.signIn().status == 200)
    }

    @Test("What is no answer of an authenticator is refused by its form, and opens nothing")
    func malformed() async throws {
        let company = try await TestCompany.fresh()
        let authenticator = try await company.person().addPasskey().authenticator
        let request = try await company.passkeyOptions()
        let right = authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site))
        for (name, value) in [
            ("clientDataJSON", "e30="), ("authenticatorData", "*"), ("signature", ""), ("id", "a"), ("userHandle", "=")
        ] {
            var wrong = right
            wrong[name] = value
            #expect(try await company.passkeySignIn(wrong, token: request.token ?? "").status == 400, "\(name)")
        }
        for body in ["{}", "{\"credential\":null}", "{\"credential\":[]}", "{\"passkeyToken\":\"x\",\"credential\":{\"id\":5}}"] {
            #expect(try await company.program("/api/v1/auth/passkeys/verify", body).status == 400, "\(body)")
        }
        #expect(try await company.passkeySignIn(right, token: request.token ?? "").status == 200)
    }

    @Test("An answer is good for five minutes, and the night's sweep forgets what was answered")
    func age() async throws {
        let house = try await TokenHouse.open()
        let company = house.company
        let person = TestPerson(member: house.member.with(bearer: house.pair.accessToken), email: "")
        let authenticator = try await person.addPasskey().authenticator
        for (seconds, status) in [(299.0, 200), (301, 401)] {
            let request = try await company.passkeyOptions()
            house.clock.advance(seconds: seconds)
            let answer = authenticator.get(TestAuthenticator.Word(request.challenge, at: company.site))
            #expect(try await company.passkeySignIn(answer, token: request.token ?? "").status == status)
        }
        #expect(try await company.count("app.spent_challenge") == 2)
        await house.close()
    }
}
