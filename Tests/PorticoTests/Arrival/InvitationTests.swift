import Database
import Foundation
import HTTPTypes
import Mail
import Testing
import Web

@testable import portico

let goodPassword = "tulpe-anker-73-wolke"

@Suite("FLOWS-1 flow 1: coming in by invitation")
struct InvitationTests {
    private func register(_ company: TestCompany, _ address: String, _ code: String, _ password: String = goodPassword)
        async throws -> TestAnswer
    {
        try await company.program(
            "/api/v1/auth/register",
            "{\"email\":\"\(address)\",\"password\":\"\(password)\",\"invitationCode\":\"\(code)\"}", [.acceptLanguage: "en"])
    }

    @Test("(a) a valid code gives 201 with both fields, and the token reads /me with the invited role; the unit is theirs")
    func valid() async throws {
        let company = try await TestCompany.fresh()
        let (manager, home, address) = (try await company.member("manager"), try await company.home(), TestCompany.address())
        let (id, code) = try await manager.invite(address, ",\"unitId\":\"\(home.unit)\",\"buildingId\":\"\(home.building)\"")
        let answer = try await register(company, address.uppercased(), code)
        #expect(answer.status == 201)
        let (user, token) = (answer.json?["userId"] as? String, answer.json?["token"] as? String ?? "")
        let me = try await company.anonymous(.get, "/api/v1/me", [.authorization: "Bearer \(token)"])
        #expect(me.json?["userId"] as? String == user && me.json?["roles"] as? [String] == ["resident"])
        #expect(
            try await company.count(
                "app.occupancy where tenant_id = \(company.tenant.id) and unit_id = \(home.unit) and kind = 'resident'") == 1)
        let listed = try await manager.api(.get, "/invitations?state=accepted")
        #expect((listed.json?["items"] as? [[String: Any]])?.first?["id"] as? String == id)
        let notices = try await manager.api(.get, "/notifications")
        #expect(notices.text.contains("invitation.accepted"))
    }

    @Test("(b) the second use of the code is refused and no second user exists; of eight at once one comes in")
    func once() async throws {
        let company = try await TestCompany.fresh()
        let (manager, address) = (try await company.member("manager"), TestCompany.address())
        let (_, code) = try await manager.invite(address)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await register(company, address, code).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 201 }.count == 1)
        let second = try await register(company, address, code)
        #expect(second.status == 400 && second.code == "invitation_invalid")
        let page = try await TestStranger(company).post(
            "/register",
            [
                ("invitation_code", code), ("email", address), ("display_name", "Nora"), ("password", goodPassword),
                ("password_confirm", goodPassword)
            ])
        #expect(page.status == 422 && page.text.contains("Diese Einladung gilt nicht"))
        #expect(try await company.count("app.member where tenant_id = \(company.tenant.id) and email = \(address)") == 1)
    }

    @Test("(c) with the mail server down it is still 201, and the welcome arrives once the server is back, once")
    func serverDown() async throws {
        let company = try await TestCompany.fresh()
        let (manager, address) = (try await company.member("manager"), TestCompany.address())
        let (_, code) = try await manager.invite(address)
        #expect(try await register(company, address, code).status == 201)
        let port = try MailPeer.freePort()
        let channels = Channels(mail: try MailPeer.channel("smtp://127.0.0.1:\(port)?starttls=never"))
        let now = Date().addingTimeInterval(1)
        try await company.answer(by: channels, at: now)
        let peer = try MailPeer(port: port)
        for wait in [61.0, 300, 900] { try await company.answer(by: channels, at: now.addingTimeInterval(wait)) }
        let subjects = try await peer.taken(address).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects == ["Welcome to \(company.tenant.name)"])
    }

    @Test("(d) the welcome goes to the right address in the person's language, with the company's name and its sign-in page")
    func welcome() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        for (language, subject) in [("de", "Willkommen bei \(company.tenant.name)"), ("en", "Welcome to \(company.tenant.name)")]
        {
            let address = TestCompany.address()
            let (_, code) = try await manager.invite(address, ",\"language\":\"\(language)\"")
            let visitor = try await TestStranger(company, language: language)
            let page = try await visitor.get("/register?code=\(code)")
            #expect(page.status == 200 && page.text.contains("value=\"\(address)\""))
            let done = try await visitor.post(
                "/register",
                [
                    ("invitation_code", code), ("email", address), ("display_name", "Nora Blum"), ("password", goodPassword),
                    ("password_confirm", goodPassword)
                ])
            #expect(done.status == 303 && done.location == "/dashboard")
            let inside = try await company.anonymous(.get, "/dashboard", [.cookie: "portico=\(done.cookie("portico") ?? "")"])
            #expect(inside.status == 200 && inside.text.contains("Nora"))
            let mail = try #require(try await company.mails(to: address).last)
            #expect(mail.headers?["Subject"] == subject)
            #expect(try mail.path("/login") == "/login")
            #expect(mail.link("/login")?.contains(company.host) == true)
        }
    }

    @Test("(e) T18 company A's code at B's host is refused, and B's list of people does not show the user")
    func foreign() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let address = TestCompany.address()
        let (id, code) = try await (try await a.member("manager")).invite(address)
        let refused = try await register(b, address, code)
        #expect(refused.status == 400 && refused.code == "invitation_invalid")
        let other = try await b.member("admin")
        for path in ["/invitations/\(id)/resend"] {
            let (foreign, absent) = (
                try await other.api(.post, path, "{}"),
                try await other.api(.post, path.replacing(id, with: UUID().uuidString.lowercased()), "{}")
            )
            #expect(foreign.status == 404 && foreign.withoutRequestID == absent.withoutRequestID)
        }
        #expect(try await other.api(.delete, "/invitations/\(id)").status == 404)
        #expect(try await register(a, address, code).status == 201)
        #expect(try await other.api(.get, "/people?q=\(address)").json?["total"] as? Int == 0)
        #expect(try await other.api(.get, "/invitations").json?["total"] as? Int == 0)
    }

    @Test("T69 unknown, revoked, expired and replaced codes, and the right code for another address, get the same bytes")
    func sameBytes() async throws {
        let company = try await TestCompany.fresh()
        let (manager, address) = (try await company.member("manager"), TestCompany.address())
        var answers = [try await register(company, address, String(repeating: "0f", count: 16))]
        answers.append(try await register(company, address, "no code at all"))
        let (id, old) = try await manager.invite(address)
        #expect(try await manager.api(.post, "/invitations/\(id)/resend", "{}").status == 200)
        answers.append(try await register(company, address, old))
        let fresh = try #require(try await company.mails(to: address).last).secret("/register")
        answers.append(try await register(company, TestCompany.address(), fresh))
        try await company.run("update app.invitation set expires_at = now() where tenant_id = \(company.tenant.id)")
        answers.append(try await register(company, address, fresh))
        #expect(try await manager.api(.get, "/invitations?state=expired").json?["total"] as? Int == 1)
        #expect(try await manager.api(.delete, "/invitations/\(id)").status == 204)
        answers.append(try await register(company, address, fresh))
        #expect(Set(answers.map(\.withoutRequestID)).count == 1)
        #expect(answers.allSatisfy { $0.status == 400 && $0.code == "invitation_invalid" })
        #expect(try await manager.api(.post, "/invitations/\(id)/resend", "{}").status == 409)
    }

    @Test("A known address is told so only to whoever holds a valid code; weak and own words are refused on the password")
    func badInput() async throws {
        let company = try await TestCompany.fresh()
        let (manager, address) = (try await company.member("manager"), TestCompany.address("nora.blumenthal"))
        let (_, code) = try await manager.invite(address)
        for (password, problem) in [
            ("kurz", "too_short"), ("Password1234!", "password_common"), ("blumenthal-73-x", "password_own_words")
        ] {
            let answer = try await register(company, address, code, password)
            let errors = answer.json?["errors"] as? [[String: Any]]
            #expect(answer.status == 400 && errors?.first?["field"] as? String == "password")
            #expect(errors?.first?["code"] as? String == problem)
        }
        try await company.run(
            """
            insert into app.member(tenant_id, id, email, name, roles, password_hash)
            values (\(company.tenant.id), \(UUID.v7()), \(address), 'Nora', \(["resident"]), 'x')
            """)
        let taken = try await register(company, address, code)
        #expect(taken.status == 409 && taken.code == "email_taken")
        #expect(try await register(company, address, "00").code == "invitation_invalid")
        #expect(try await manager.api(.post, "/invitations", "{\"email\":\"\(address)\",\"role\":\"resident\"}").status == 400)
    }

    @Test("The eleventh wrong code from one address within an hour is 429, and says when to try again")
    func limited() async throws {
        let company = try await TestCompany.fresh()
        for _ in 0..<10 { #expect(try await register(company, "a@b.test", "00").status == 400) }
        let answer = try await register(company, "a@b.test", "00")
        #expect(answer.status == 429 && answer.headers[.retryAfter] != nil)
    }

    @Test(
        "Managers invite nobody who may do more than they; technicians and residents invite nobody; T21 role=admin changes nothing"
    )
    func rights() async throws {
        let company = try await TestCompany.fresh()
        let (manager, admin) = (try await company.member("manager"), try await company.member("admin"))
        func invite(_ who: TestMember, _ role: String) async throws -> Int {
            try await who.api(.post, "/invitations", "{\"email\":\"\(TestCompany.address())\",\"role\":\"\(role)\"}").status
        }
        #expect(try await invite(manager, "admin") == 400)
        #expect(try await invite(manager, "manager") == 201)
        #expect(try await invite(admin, "admin") == 201)
        #expect(try await invite(try await company.member("technician"), "resident") == 403)
        let listed = try await manager.api(.get, "/invitations?role=admin")
        let id = try #require((listed.json?["items"] as? [[String: Any]])?.first?["id"] as? String)
        #expect(try await manager.api(.post, "/invitations/\(id)/resend", "{}").status == 403)
        #expect(try await manager.api(.delete, "/invitations/\(id)").status == 403)
        #expect(try await admin.api(.delete, "/invitations/\(id)").status == 204)
        let form = try await manager.get("/admin/invitations/new").text
        #expect(!form.contains("value=\"admin\"") && form.contains("value=\"technician\""))
        let address = TestCompany.address()
        let (_, code) = try await manager.invite(address)
        let answer = try await company.program(
            "/api/auth/register",
            """
            {"email":"\(address)","password":"\(goodPassword)","invitation_code":"\(code)","role":"admin","roles":["admin"],
             "tenant_id":1,"verified":true}
            """)
        #expect(answer.status == 201)
        let roles = try await company.walled.read(
            Query.value(
                "select roles from app.member where tenant_id = \(company.tenant.id) and email = \(address)", [String].self))
        #expect(roles == ["resident"])
    }

    @Test("Somebody who is on record without a password comes in with what they have, and an invitation goes out once")
    func imported() async throws {
        let company = try await TestCompany.fresh()
        let (manager, address, id) = (try await company.member("manager"), TestCompany.address(), UUID.v7())
        try await company.run(
            """
            insert into app.member(tenant_id, id, email, name, roles)
            values (\(company.tenant.id), \(id), \(address), 'Nora', \(["owner"]))
            """)
        let (_, code) = try await manager.invite(address)
        let again = try await manager.api(.post, "/invitations", "{\"email\":\"\(address)\",\"role\":\"resident\"}")
        #expect(again.status == 400 && again.text.contains("already_invited"))
        #expect(try await register(company, address, code).json?["userId"] as? String == id.text)
        let roles = try await company.walled.read(
            Query.value("select roles from app.member where tenant_id = \(company.tenant.id) and id = \(id)", [String].self))
        #expect(roles == ["owner", "resident"])
    }

    @Test("T04 a unit of another building or company is refused, and so is one for staff; the form comes back as it was typed")
    func places() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let manager = try await company.member("manager")
        let (here, there, foreign) = (try await company.home(), try await company.home(), try await other.home())
        func invite(_ building: UUID, _ unit: UUID, _ role: String = "resident") async throws -> TestAnswer {
            try await manager.api(
                .post, "/invitations",
                "{\"email\":\"\(TestCompany.address())\",\"role\":\"\(role)\",\"buildingId\":\"\(building)\",\"unitId\":\"\(unit)\"}"
            )
        }
        #expect(try await invite(here.building, there.unit).text.contains("unit_unknown"))
        #expect(try await invite(here.building, foreign.unit).status == 400)
        #expect(try await invite(foreign.building, foreign.unit).text.contains("building_unknown"))
        #expect(try await invite(here.building, here.unit, "technician").text.contains("unit_not_for_staff"))
        #expect(try await invite(here.building, here.unit).status == 201)
        let page = try await manager.post("/admin/invitations", [("email", "not an address"), ("role", "owner"), ("unit", "9.9")])
        #expect(
            page.status == 422 && page.text.contains("value=\"not an address\"") && page.text.contains("value=\"owner\" selected")
        )
        let (fields, key) = (
            [("email", TestCompany.address()), ("role", "owner"), ("building_id", here.building.text), ("unit", "1.1")],
            UUID().uuidString
        )
        for _ in 0..<2 {
            let sent = try await manager.post("/admin/invitations", fields, key: key)
            #expect(sent.status == 303 && sent.location == "/admin/invitations")
        }
        #expect(try await manager.get("/admin/invitations?q=nora&state=pending").text.contains("nora@"))
        #expect(try await manager.get("/admin/invitations.csv").text.contains(",pending,"))
    }
}
