import Arrival
import Database
import Foundation
import HTTPTypes
import Identity
import Jobs
import Mail
import Testing
import Web

@testable import portico

@Suite("FLOWS-2 §1.1: registering without an invitation, where the company allows it")
struct RegistrationTests {
    private func register(_ company: TestCompany, _ address: String, _ more: String = "") async throws -> TestAnswer {
        try await company.program(
            "/api/v1/auth/register",
            "{\"full_name\":\"Nora Blum\",\"email\":\"\(address)\",\"password\":\"\(goodPassword)\"\(more)}")
    }

    private func signIn(_ company: TestCompany, _ address: String, _ password: String = goodPassword) async throws -> TestAnswer {
        try await company.program("/api/v1/auth/login", "{\"email\":\"\(address)\",\"password\":\"\(password)\"}")
    }

    @Test("(1) registering sends one mail whose link activates the account; a scanner that opens it does no harm")
    func activates() async throws {
        let company = try await TestCompany.open()
        let (visitor, address) = (try await TestStranger(company), TestCompany.address())
        let form = try await visitor.get("/register")
        #expect(form.text.contains("name=\"requested_role\"") && form.text.contains("name=\"accept_terms\""))
        let fields = [
            ("full_name", "Nora Blum"), ("email", address), ("phone", "+49 151 2345678"), ("password", goodPassword),
            ("requested_role", "")
        ]
        let refused = try await visitor.post("/register", fields)
        #expect(
            refused.status == 422 && refused.text.contains("Bitte stimmen Sie zu")
                && refused.text.contains("value=\"\(address)\""))
        #expect(!refused.text.contains(goodPassword))
        let sent = try await visitor.post("/register", fields + [("accept_terms", "true")])
        #expect(sent.status == 303 && sent.location == "/register/sent")
        #expect(try await visitor.get("/register/sent").text.contains("24 Stunden"))
        let mails = try await company.mails(to: address)
        #expect(mails.count == 1)
        let link = try mails[0].path("/verify")
        for _ in 0..<3 { #expect(try await visitor.get(link).status == 200) }
        #expect(try await signIn(company, address).status == 401)
        let token = try mails[0].secret("/verify")
        #expect(try await visitor.post("/verify", [("token", token)]).location == "/verify/done")
        #expect(try await signIn(company, address).status == 200)
        #expect(try await visitor.get(link).text.contains("Schon bestätigt"))
        #expect(try await visitor.post("/verify", [("token", token)]).location == link)
        #expect(try await company.mails(to: address).count == 1)
        #expect(
            try await company.count(
                "app.notice_habit where tenant_id = \(company.tenant.id) and phone = '+491512345678'") == 1)
    }

    @Test(
        "(2) T69 registering a known address gives the same status and body, makes the same work, and writes to its owner instead"
    )
    func known() async throws {
        let company = try await TestCompany.open()
        let address = TestCompany.address()
        let unknown = try await register(company, address)
        #expect(unknown.status == 201 && unknown.json?["status"] as? String == "pending_verification")
        let token = try #require(try await company.mails(to: address).last).secret("/verify")
        #expect(try await company.anonymous(.get, "/api/v1/auth/verify?token=\(token)").json?["status"] as? String == "verified")
        let known = try await register(company, address)
        #expect(known.status == unknown.status && known.withoutRequestID == unknown.withoutRequestID)
        let visitor = try await TestStranger(company)
        let fields = [("full_name", "X Y"), ("password", goodPassword), ("accept_terms", "true")]
        let (a, b) = (
            try await visitor.post("/register", fields + [("email", address)]),
            try await visitor.post("/register", fields + [("email", TestCompany.address())])
        )
        #expect(a.status == 303 && a.location == b.location && a.bare == b.bare && a.headers[.setCookie] == b.headers[.setCookie])
        let mails = try await company.mails(to: address)
        let subjects = mails.map { $0.headers?["Subject"] ?? "" }
        #expect(
            subjects.dropFirst() == [
                "Sie haben bereits ein Konto bei \(company.tenant.name)", "Sie haben bereits ein Konto bei \(company.tenant.name)"
            ])
        #expect(mails.last?.link("/password/forgot") != nil)
        #expect(try await company.count("app.registration where tenant_id = \(company.tenant.id) and email = \(address)") == 1)
        #expect(try await signIn(company, address).status == 200)
    }

    @Test("(3) with mail down, registration answers 201 and the mail arrives once mail is back")
    func mailDown() async throws {
        let company = try await TestCompany.open()
        let address = TestCompany.address()
        #expect(try await register(company, address).status == 201)
        let port = try MailPeer.freePort()
        let channels = Channels(mail: try MailPeer.channel("smtp://127.0.0.1:\(port)?starttls=never"))
        let now = Date().addingTimeInterval(1)
        try await company.answer(by: channels, at: now)
        let peer = try MailPeer(port: port)
        for wait in [61.0, 300, 900] { try await company.answer(by: channels, at: now.addingTimeInterval(wait)) }
        #expect(try await peer.taken(address).count == 1)
    }

    @Test("(4) sign-in before verification is refused like any wrong one")
    func unverified() async throws {
        let company = try await TestCompany.open()
        let address = TestCompany.address()
        #expect(try await register(company, address).status == 201)
        let (early, nobody) = (try await signIn(company, address), try await signIn(company, TestCompany.address()))
        #expect(early.status == 401 && early.withoutRequestID == nobody.withoutRequestID)
    }

    @Test("(5) the same address registers at two companies independently, and one company's token is 404 on the other's host")
    func twoCompanies() async throws {
        let (a, b) = (try await TestCompany.open(), try await TestCompany.open())
        let address = TestCompany.address()
        #expect(try await register(a, address).status == 201)
        let token = try #require(try await a.mails(to: address).last).secret("/verify")
        #expect(try await register(b, address).status == 201)
        #expect(try await b.anonymous(.get, "/api/v1/auth/verify?token=\(token)").status == 404)
        #expect(try await b.anonymous(.get, "/verify?token=\(token)").status == 404)
        #expect(try await a.anonymous(.get, "/api/v1/auth/verify?token=\(token)").status == 200)
        #expect(try await signIn(a, address).status == 200)
        #expect(try await signIn(b, address).status == 401)
        let other = try #require(try await b.mails(to: address).last).secret("/verify")
        #expect(other != token)
        #expect(try await b.anonymous(.get, "/api/v1/auth/verify?token=\(other)").status == 200)
    }

    @Test("Unknown tokens are 404, an expired one is 410 with a form for a new mail; at most three of those an hour")
    func links() async throws {
        let company = try await TestCompany.open()
        let (visitor, address) = (try await TestStranger(company), TestCompany.address())
        #expect(try await visitor.get("/verify?token=\(SessionToken().text)").status == 404)
        #expect(try await visitor.get("/verify?token=x").status == 404)
        #expect(try await register(company, address).status == 201)
        let mail = try #require(try await company.mails(to: address).last)
        try await company.run("update app.mailed_link set expires_at = now() where tenant_id = \(company.tenant.id)")
        let expired = try await visitor.get(try mail.path("/verify"))
        #expect(expired.status == 410 && expired.text.contains("action=\"/register/resend\"") && expired.text.contains(address))
        #expect(try await company.anonymous(.get, "/api/v1/auth/verify?token=\(mail.secret("/verify"))").status == 410)
        let stranger = TestCompany.address("stranger")
        for email in [address, stranger] {
            for _ in 0..<3 {
                let again = try await company.program("/api/v1/auth/verify/resend", "{\"email\":\"\(email)\"}")
                #expect(again.status == 202 && again.json?["status"] as? String == "accepted")
            }
            let fourth = try await company.program("/api/v1/auth/verify/resend", "{\"email\":\"\(email)\"}")
            #expect(fourth.status == 429 && fourth.headers[.retryAfter] != nil)
        }
        let mails = try await company.mails(to: address)
        #expect(mails.count == 4)
        #expect(try await company.mails(to: stranger).isEmpty)
        #expect(try await visitor.post("/verify", [("token", try mails[1].secret("/verify"))]).location == "/verify/done")
    }

    @Test(
        "What people ask for never grants more than the company's own role before an admin has decided, and nobody gives what is not theirs"
    )
    func requestedRole() async throws {
        let company = try await TestCompany.open()
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager"))
        #expect(try await register(company, TestCompany.address(), ",\"requested_role\":\"admin\"").status == 400)
        let address = TestCompany.address()
        #expect(try await register(company, address, ",\"requested_role\":\"owner\",\"role\":\"admin\"").status == 201)
        let token = try #require(try await company.mails(to: address).last).secret("/verify")
        #expect(try await company.anonymous(.get, "/api/v1/auth/verify?token=\(token)").status == 200)
        func roles() async throws -> [String] {
            try await company.walled.read(
                Query.value(
                    "select roles from app.member where tenant_id = \(company.tenant.id) and email = \(address)", [String].self))
        }
        #expect(try await roles() == ["resident"])
        #expect(try await admin.get("/notifications").text.contains("/admin/users"))
        #expect(try await manager.api(.get, "/admin/users").status == 403)
        let waiting = try await admin.api(.get, "/admin/users?state=waiting")
        let id = try #require((waiting.json?["items"] as? [[String: Any]])?.first?["id"] as? String)
        #expect(try await admin.get("/admin/users").text.contains("/admin/users/\(id)/approval"))
        #expect(try await admin.post("/admin/users/\(id)/approval").status == 303)
        #expect(try await roles() == ["resident", "owner"])
        #expect(try await admin.api(.post, "/admin/users/\(id)/refusal", "{}").status == 409)
        let mails = try await company.mails(to: address)
        #expect(mails.last?.headers?["Subject"] == "Sie haben die Rolle, um die Sie gebeten haben")
    }

    @Test("Several people may claim one address: only the link in its mailbox decides, and the other claims are over")
    func claims() async throws {
        let company = try await TestCompany.open()
        let address = TestCompany.address()
        let other = "lampe-segel-48-moos"
        #expect(try await register(company, address).status == 201)
        #expect(
            try await company.program(
                "/api/v1/auth/register", "{\"full_name\":\"Other\",\"email\":\"\(address)\",\"password\":\"\(other)\"}"
            ).status == 201)
        let mails = try await company.mails(to: address)
        #expect(mails.count == 2)
        #expect(try await company.anonymous(.get, "/api/v1/auth/verify?token=\(mails[0].secret("/verify"))").status == 200)
        #expect(try await signIn(company, address).status == 200)
        #expect(try await signIn(company, address, other).status == 401)
        #expect(try await company.anonymous(.get, "/api/v1/auth/verify?token=\(mails[1].secret("/verify"))").status == 404)
    }

    @Test("Where it is closed, or for other mail domains, nobody registers; a role of staff is never given like that")
    func closed() async throws {
        let closed = try await TestCompany.fresh()
        #expect(try await register(closed, TestCompany.address()).status == 400)
        for path in ["/register/sent", "/register/resend"] { #expect(try await closed.anonymous(.get, path).status == 404) }
        #expect(!(try await closed.anonymous(.get, "/login").text.contains("href=\"/register\"")))
        #expect(try await closed.anonymous(.get, "/register").text.contains("name=\"invitation_code\""))
        let domain = try await TestCompany.open("{rule: domains, domains: [lindenhof.example], role: resident}")
        #expect(try await domain.anonymous(.get, "/login").text.contains("href=\"/register\""))
        let refused = try await register(domain, "a@evil-lindenhof.example")
        #expect(refused.status == 400 && refused.text.contains("domain_not_allowed"))
        #expect(try await register(domain, "a@Lindenhof.Example").status == 201)
        let staff = try await TestCompany.open("{rule: open, role: manager}")
        #expect(staff.tenant.registration == nil)
        #expect(try await register(staff, TestCompany.address()).status == 400)
    }

    @Test("Registrations that nobody confirmed are forgotten after 30 days, by schedule")
    func purged() async throws {
        let company = try await TestCompany.open()
        let (old, new) = (TestCompany.address(), TestCompany.address())
        for address in [old, new] { #expect(try await register(company, address).status == 201) }
        try await company.run(
            """
            update app.registration set created_at = now() - interval '31 days'
             where tenant_id = \(company.tenant.id) and email = \(old)
            """)
        #expect(Schedule.all.names.contains("arrival.purge"))
        try await company.walled.write { tx in try tx.enqueue(PurgeArrivals(due: Date())) }
        _ = try await company.mails(to: new)
        let left = try await company.walled.read(
            Query.values("select email from app.registration where tenant_id = \(company.tenant.id)", String.self))
        #expect(left == [new])
    }
}
