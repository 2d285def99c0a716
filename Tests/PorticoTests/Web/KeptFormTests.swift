import Database
import Foundation
import HTTPTypes
import Jobs
import Operations
import Testing

@testable import Web
@testable import portico

@Suite("A sign-in that ends while somebody types")
struct KeptFormTests {
    private struct Sender {
        let member: TestMember
        let token: String
        /// A cookie line with whatever the browser has.
        var cookies: [String]

        init(_ member: TestMember) async throws {
            self.member = member
            token = try await member.csrf()
            cookies = ["portico=\(member.cookie)"]
        }

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ fields: [(String, String)] = [], site: String? = "same-origin",
            photos: [Data] = [], token: String? = nil
        ) async throws -> TestAnswer {
            let company = member.company
            var headers: HTTPFields = [.cookie: cookies.joined(separator: "; "), .referer: "http://\(company.host)/faults/new"]
            if let site, let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = site }
            guard method == .post else { return try await TestAnswer.of(company.app, company.host, method, path, headers, []) }
            let all = fields + [("csrf_token", token ?? self.token), ("form_key", UUID().uuidString)]
            guard photos.isEmpty else {
                let (body, type) = TestMember.multipart(all, photos: photos)
                headers[.contentType] = type
                return try await TestAnswer.of(company.app, company.host, method, path, headers, body)
            }
            headers[.contentType] = "application/x-www-form-urlencoded"
            let body = all.map { "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))" }.joined(separator: "&")
            return try await TestAnswer.of(company.app, company.host, method, path, headers, Array(body.utf8))
        }

        /// The session's idle time is over.
        func lapse() async throws {
            _ = try await member.company.walled.write { tx in
                try await tx.execute(
                    """
                    update app.session set idle_until = now() - interval '1 minute'
                     where tenant_id = \(tx.facts.tenant) and member_id = \(member.id) and kind = 'browser'
                    """)
            }
        }

        /// Takes the cookies of an answer.
        mutating func take(_ answer: TestAnswer) {
            for line in answer.headers[values: .setCookie] {
                if let pair = line.split(separator: ";").first { cookies.append(String(pair)) }
            }
        }

        /// Signed in again, in the same browser: a session of its own, as the sign-in makes it.
        mutating func signIn(as other: TestMember? = nil) async throws {
            let fresh = SessionToken()
            let (company, who) = (member.company, (other ?? member).id)
            let later = Date().addingTimeInterval(3600)
            _ = try await company.walled.write { tx in
                try await tx.execute(
                    """
                    insert into app.session(tenant_id, token_hash, id, member_id, kind, family, seen_at, idle_until, expires_at)
                    values (\(tx.facts.tenant), \(fresh.hash), \(UUID.v7()), \(who), 'browser', \(UUID.v7()), now(), \(later), \(later))
                    """)
            }
            cookies = cookies.filter { !$0.hasPrefix("portico=") } + ["portico=\(fresh.text)"]
        }
    }

    private func resident(_ company: TestCompany) async throws -> TestMember {
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        return resident
    }

    private func count(_ company: TestCompany, _ table: SQL) async throws -> Int {
        try await company.walled.read(
            Query.value("select count(*) from \(table) where tenant_id = \(company.tenant.id)", Int.self))
    }

    private static let typed = [("title", "Wasser läuft"), ("description", "Seit heute früh <b>"), ("category", "plumbing")]

    @Test(
        "The form comes back filled after the same member has signed in again, says that nothing was sent, and then can be sent")
    func comesBack() async throws {
        let company = try await TestCompany.fresh()
        var sender = try await Sender(try await resident(company))
        try await sender.lapse()
        let lost = try await sender.send(.post, "/faults", Self.typed)
        #expect(lost.status == 303 && lost.location == "/login?next=/again" || lost.location == "/login?next=%2Fagain")
        sender.take(lost)
        #expect(try await count(company, "app.fault") == 0)
        let login = try await sender.send(.get, try #require(lost.location), site: nil)
        #expect(login.text.contains("aufgehoben") && login.text.contains("name=\"next\" value=\"/again\""))
        try await sender.signIn()
        for _ in 1...2 {
            let back = try await sender.send(.get, "/again", site: nil)
            #expect(back.status == 422, "\(back.status)")
            #expect(back.text.contains("value=\"Wasser läuft\"") && back.text.contains("Seit heute früh &lt;b&gt;"))
            #expect(back.text.contains("Sie waren abgemeldet") && back.text.contains("action=\"/faults\""))
            #expect(!back.text.contains("Dateien noch einmal auswählen"))
        }
        #expect(try await count(company, "app.fault") == 0)
        let page = try await sender.send(.get, "/again", site: nil).text
        let token = try #require(page.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) })
        let sent = try await sender.send(.post, "/faults", Self.typed, token: token)
        #expect(sent.status == 303 && sent.location?.hasPrefix("/faults/F-") == true, "\(sent.text.prefix(300))")
        #expect(sent.headers[values: .setCookie].contains { $0.hasPrefix("portico_kept=;") })
        #expect(try await count(company, "app.kept_form") == 0)
        #expect(try await sender.send(.get, "/again", site: nil).location == "/dashboard")
    }

    @Test("Files are not kept, and the page says so; acts on a fault come back unfolded, and are not carried out")
    func filesAndActs() async throws {
        let company = try await TestCompany.fresh()
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        var sender = try await Sender(try await resident(company))
        try await sender.lapse()
        sender.take(try await sender.send(.post, "/faults", Self.typed, photos: [phone]))
        try await sender.signIn()
        #expect(try await sender.send(.get, "/again", site: nil).text.contains("Dateien noch einmal auswählen"))
        let fault = try await TestFault.reported(in: company)
        var reporter = try await Sender(fault.reporter)
        try await reporter.lapse()
        reporter.take(try await reporter.send(.post, "/faults/\(fault.number)/cancel", [("reason", "Hat sich erledigt")]))
        try await reporter.signIn()
        let back = try await reporter.send(.get, "/again", site: nil)
        #expect(back.status == 422 && back.text.contains("Hat sich erledigt") && back.text.contains("Sie waren abgemeldet"))
        #expect(try await fault.reporter.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "reported")
    }

    @Test("Another member in the same browser, or another browser, sees nothing of it")
    func others() async throws {
        let company = try await TestCompany.fresh()
        var sender = try await Sender(try await resident(company))
        try await sender.lapse()
        sender.take(try await sender.send(.post, "/faults", Self.typed))
        var other = sender
        try await other.signIn(as: try await company.member("manager"))
        let shown = try await other.send(.get, "/again", site: nil)
        #expect(shown.status == 303 && shown.location == "/dashboard" && !shown.text.contains("Wasser"))
        #expect(try await sender.send(.get, "/again", site: nil).location?.hasPrefix("/login") == true)
        try await sender.signIn()
        var bare = sender
        bare.cookies = bare.cookies.filter { !$0.hasPrefix("portico_kept") }
        #expect(try await bare.send(.get, "/again", site: nil).location == "/dashboard")
        bare.cookies.append("portico_kept=\(SessionToken().text)")
        #expect(try await bare.send(.get, "/again", site: nil).location == "/dashboard")
        // The same cookie at another company's host.
        let foreign = try await TestCompany.fresh()
        let stranger = try await foreign.member("resident")
        let kept = try #require(sender.cookies.first { $0.hasPrefix("portico_kept") })
        let there = try await foreign.anonymous(.get, "/again", [.cookie: "portico=\(stranger.cookie); \(kept)"])
        #expect(there.location == "/dashboard")
    }

    @Test("T26 T27 other sites' forms, forms without the ended session's token, and sessions that were signed out keep nothing")
    func forged() async throws {
        let company = try await TestCompany.fresh()
        let sender = try await Sender(try await resident(company))
        let stranger = try await Sender(try await company.member("resident"))
        try await sender.lapse()
        for site in ["cross-site", "same-site", "none", nil] {
            let answer = try await sender.send(.post, "/faults", Self.typed, site: site)
            #expect(answer.status == 303 && answer.location == "/login", "\(site ?? "-")")
        }
        for token in ["", "AAAA", stranger.token] {
            #expect(try await sender.send(.post, "/faults", Self.typed, token: token).location == "/login")
        }
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "delete from app.session where tenant_id = \(tx.facts.tenant) and member_id = \(sender.member.id) and kind = 'browser'"
            )
        }
        #expect(try await sender.send(.post, "/faults", Self.typed).location == "/login")
        #expect(try await count(company, "app.kept_form") == 0)
    }

    @Test("No password is ever kept, nor a form that is too large; what waits is gone after an hour")
    func limits() async throws {
        let company = try await TestCompany.fresh()
        let sender = try await Sender(try await resident(company))
        try await sender.lapse()
        let secret = [("current_password", "geheim geheim"), ("new_password", "noch geheimer!")]
        #expect(try await sender.send(.post, "/account/password", secret).location == "/login")
        let large = [("title", "x"), ("description", String(repeating: "x", count: 300_000)), ("category", "plumbing")]
        #expect(try await sender.send(.post, "/faults", large).location == "/login")
        #expect(try await count(company, "app.kept_form") == 0)
        for _ in 1...31 { _ = try await sender.send(.post, "/faults", Self.typed) }
        #expect(try await count(company, "app.kept_form") == 30)
        #expect(Schedule.all.names.contains("house.forget-forms"))
        var late = sender
        late.take(try await late.send(.post, "/account", [("name", "Neuer Name")]))
        try await company.walled.write { tx in
            try await tx.execute(
                "update app.kept_form set kept_at = now() - interval '61 minutes' where tenant_id = \(tx.facts.tenant)")
            _ = try tx.enqueue(ForgetForms(due: Date()))
        }
        try await company.drainJobs()
        #expect(try await count(company, "app.kept_form") == 0)
    }

    @Test("Every form of members that programs could also send comes back as a page, and none is carried out by coming back")
    func everyForm() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        var sender = try await Sender(manager)
        try await sender.lapse()
        let paths = company.app.table.filter { $0.method == .post && $0.face == .page && $0.audience != .anyone }.map(\.path)
        #expect(paths.count > 40)
        for (index, path) in paths.enumerated() {
            let address = path.replacing(/\{[a-z]+\}/, with: "00000000-0000-7000-8000-000000000000")
            let token = SessionToken()
            _ = try await company.walled.write { tx in
                try await tx.execute(
                    """
                    insert into app.kept_form(tenant_id, id, token_hash, member_id, path, back, fields, had_files, kept_at)
                    values (\(tx.facts.tenant), \(UUID.v7()), \(token.hash), \(manager.id), \(address), '', '[["title", "x"]]'::jsonb, false, now())
                    """)
            }
            if index == 0 { try await sender.signIn() }
            sender.cookies = sender.cookies.filter { !$0.hasPrefix("portico_kept") } + ["portico_kept=\(token.text)"]
            let before = try await count(company, "app.audit_line")
            let answer = try await sender.send(.get, "/again", site: nil)
            #expect([200, 303, 403, 404, 409, 422].contains(answer.status), "\(path) \(answer.status)")
            #expect(try await count(company, "app.audit_line") == before, "\(path)")
        }
        #expect(try await manager.api(.get, "/me").status == 200)
    }
}
