import Database
import Foundation
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Where members are signed in")
struct SignInTests {
    private static let phone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    private static let desk = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

    @Test("The page lists browsers and programs by the names that people know them by, and marks this one")
    func list() async throws {
        let member = try await TestCompany.fresh().member("manager")
        _ = try await member.browserSignIn(agent: Self.phone)
        _ = try await member.browserSignIn(agent: Self.desk)
        _ = try await member.programSignIn(agent: "python-requests/2.34.2")
        let page = try await member.get("/account/sessions").text
        for words in ["Safari auf iPhone", "Firefox auf Windows", "python-requests", "192.0.2.7", "Diese hier", "5 Anmeldungen"] {
            #expect(page.contains(words), "\(words)")
        }
        let answer = try await member.api(.get, "/me/sessions")
        #expect(answer.json?["total"] as? Int == 5)
        #expect(answer.items.count { $0["current"] as? Bool == true } == 1)
        #expect(answer.items.count { $0["kind"] as? String == "program" } == 2)
    }

    @Test("A program that renews its sign-in stays one line, with its latest use")
    func oneLine() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let pair = try await member.programSignIn()
        _ = try await member.company.refresh(pair.refreshToken)
        #expect(try await member.api(.get, "/me/sessions").json?["total"] as? Int == 3)
    }

    @Test("(d) Signing out one device ends it at its next request, and only it")
    func end() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let phone = try await member.browserSignIn(agent: Self.phone)
        let desk = try await member.browserSignIn(agent: Self.desk)
        #expect(try await phone.get("/dashboard").status == 200)
        let items = try await member.api(.get, "/me/sessions").items
        let id = try #require(items.first { ($0["device"] as? String)?.contains("iPhone") == true }?["id"] as? String)
        #expect(try await member.post("/account/sessions/\(id)/revocation").location == "/account/sessions")
        #expect(try await phone.get("/dashboard").location == "/login?next=%2Fdashboard")
        #expect(try await desk.get("/dashboard").status == 200)
        #expect(try await member.api(.delete, "/me/sessions/\(id)").status == 404)
    }

    @Test("(d) Sign out everywhere ends every other device's next request; this one goes on")
    func everywhere() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (phone, pair) = (try await member.browserSignIn(agent: Self.phone), try await member.programSignIn())
        #expect(try await member.post("/account/sessions/revocation").status == 303)
        #expect(try await phone.get("/dashboard").status == 303)
        #expect(try await member.company.ask("/me", bearer: pair.accessToken).status == 401)
        #expect(try await member.company.refresh(pair.refreshToken).status == 401)
        #expect(try await member.get("/account/sessions").text.contains("1 Anmeldung<"))
    }

    @Test("Programs do the same: DELETE me/sessions ends all but the one that asks")
    func api() async throws {
        let member = try await TestCompany.fresh().member("resident")
        #expect(try await member.api(.delete, "/me/sessions").status == 204)
        #expect(try await member.api(.get, "/me/sessions").json?["total"] as? Int == 1)
        #expect(try await member.get("/dashboard").status == 303)
    }

    @Test("(5) sessions of another member or company are neither listed nor ended")
    func foreign() async throws {
        let (one, two) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (nora, jan, other) = (
            try await one.member("manager"), try await one.member("manager"), try await two.member("manager")
        )
        let mine = Set(try await nora.api(.get, "/me/sessions").items.compactMap { $0["id"] as? String })
        for stranger in [jan, other] {
            let theirs = try await stranger.api(.get, "/me/sessions").items.compactMap { $0["id"] as? String }
            #expect(mine.isDisjoint(with: theirs))
            for id in theirs { #expect(try await nora.api(.delete, "/me/sessions/\(id)").status == 404) }
            #expect(try await stranger.get("/dashboard").status == 200)
        }
    }

    @Test("An admin ends everything somebody is signed in with, which is on record, and the member hears who did")
    func admin() async throws {
        let company = try await TestCompany.fresh()
        let (admin, manager) = (try await company.member("admin", name: "Ada Amt"), try await company.member("manager"))
        let resident = try await company.member("resident")
        let pair = try await resident.programSignIn()
        let path = "/people/\(resident.id.text)/sessions/revocation"
        #expect(try await manager.post(path).status == 403)
        #expect(try await manager.get("/people/\(resident.id.text)").text.contains("/sessions/revocation") == false)
        #expect(try await admin.get("/people/\(resident.id.text)").text.contains("3 Anmeldungen, keine Token"))
        #expect(try await admin.post(path).location == "/people/\(resident.id.text)")
        #expect(try await resident.get("/dashboard").status == 303)
        #expect(try await resident.api(.get, "/me").status == 401)
        #expect(try await company.refresh(pair.refreshToken).status == 401)
        let line = try await admin.api(.get, "/admin/audit?action=member.sessions_ended").text
        #expect(line.contains(resident.id.text))
        try await company.drainJobs()
        let tenant = company.tenant.id
        #expect(
            try await company.count(
                """
                app.notification where tenant_id = \(tenant) and member_id = \(resident.id) and kind = 'session.ended'
                   and facts ->> 'name' = 'Ada Amt'
                """) == 1)
        #expect(try await admin.api(.post, "/people/\(UUID().uuidString)/sessions/revocation", "{}").status == 404)
    }

    @Test("T67 a disabled member is out at the next request: browser, program and token")
    func disabled() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let token = try await member.makeToken(["faults:see_own"])
        #expect(try await member.get("/dashboard").status == 200)
        #expect(try await member.company.ask("/faults", bearer: token).status == 200)
        try await member.change("disabled_at = now()")
        #expect(try await member.get("/dashboard").status == 303)
        #expect(try await member.api(.get, "/me").status == 401)
        #expect(try await member.company.ask("/faults", bearer: token).status == 401)
    }

    @Test(
        "Devices are called what people call them",
        arguments: [
            (phone, "Safari", "iPhone"), (desk, "Firefox", "Windows"),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
                "Edge", "Linux"
            ),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/143.0 Mobile Safari/537.36", "Chrome", "Android"),
            ("curl/8.11.0", "curl", nil), ("<script>", nil, nil), ("", nil, nil)
        ] as [(String, String?, String?)])
    func devices(_ text: String, _ name: String?, _ system: String?) {
        let agent = UserAgent(text)
        #expect(agent.name == name)
        #expect(agent.system == system)
    }
}
