import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import portico

@Suite("Forgery, sessions, injection")
struct ForgeryTests {
    @Test("T26 a form without token, with another member's or another company's token is refused and changes nothing")
    func tokens() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let fault = try await TestFault.reported(in: a)
        let (other, foreign) = (try await a.member("resident"), try await b.member("resident"))
        for token in ["", try await other.csrf(), try await foreign.csrf(), "AAAA"] {
            let body = "reason=x&csrf_token=\(token)"
            let answer = try await a.anonymous(.post, "/faults/\(fault.number)/cancel", Self.form(fault.reporter), body: body)
            #expect(answer.status == 403)
        }
        let token = try await fault.reporter.csrf()
        #expect(
            try await a.anonymous(
                .post, "/faults/\(fault.number)/cancel?csrf_token=\(token)", Self.form(fault.reporter), body: "reason=x"
            ).status == 403)
        #expect(try await fault.reporter.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "reported")
    }

    @Test("T27 a form from another site, from nowhere, or as text is refused")
    func origins() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let token = try await fault.reporter.csrf()
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        func cancel(_ change: (inout HTTPFields) -> Void) async throws -> Int {
            var headers = Self.form(fault.reporter)
            headers[site] = nil
            change(&headers)
            return try await company.anonymous(.post, "/faults/\(fault.number)/cancel", headers, body: "csrf_token=\(token)")
                .status
        }
        #expect(try await cancel { $0[site] = "cross-site" } == 403)
        #expect(try await cancel { $0[site] = "same-site" } == 403)
        #expect(try await cancel { $0[.origin] = "null" } == 403)
        #expect(try await cancel { _ in } == 403)
        #expect(try await cancel { $0[.origin] = "https://evil.test" } == 403)
        // A right origin gets as far as the missing reason.
        #expect(try await cancel { $0[.origin] = "https://\(company.host)" } == 422)
        #expect(
            try await fault.reporter.api(.post, "/faults/\(fault.id)/cancel", "{}", [.contentType: "text/plain"]).status == 415)
        #expect(
            try await fault.reporter.api(
                .post, "/faults/\(fault.id)/cancel", "reason=x", [.contentType: "application/x-www-form-urlencoded"]
            ).status == 415)
    }

    @Test("T28 the sign-in form is bound to the visit that opened it")
    func loginForgery() async throws {
        let company = try await TestCompany.fresh()
        let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .origin: "http://\(company.host)"]
        #expect(try await company.anonymous(.post, "/login", headers, body: "email=a@b.c&password=whatever").status == 403)
    }

    @Test(
        "T29 `next` leads only to our own paths",
        arguments: ["//evil", "/\\evil", "https:evil", "%2f%2fevil", "javascript:alert(1)", "data:x", "https://evil.test/"])
    func redirects(next: String) async throws {
        let company = try await TestCompany.fresh()
        let page = try await company.anonymous(.get, "/login?next=\(TestMember.encode(next))")
        #expect(page.status == 200)
        #expect(!page.text.contains("name=\"next\""))
    }

    @Test("T67 10,000 random cookies open nothing")
    func randomCookies() async throws {
        let company = try await TestCompany.fresh()
        for round in 0..<10_000 {
            let token = round % 2 == 0 ? SessionToken().text : String(repeating: "A", count: round % 80)
            guard round % 20 == 0 else { #expect(SessionToken(presented: token + "!") == nil); continue }
            let answer = try await company.anonymous(.get, "/api/v1/me", [.authorization: "Bearer \(token)"])
            #expect(answer.status == 401)
        }
    }

    @Test("T67 a session that was signed out, or whose member was disabled, is worth nothing")
    func endedSessions() async throws {
        let company = try await TestCompany.fresh()
        let (one, two) = (try await company.member("resident"), try await company.member("resident"))
        #expect(try await one.api(.post, "/auth/logout", "{}").status == 204)
        #expect(try await one.api(.get, "/me").status == 401)
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set disabled_at = now() where tenant_id = \(company.tenant.id) and id = \(two.id)")
        }
        #expect(try await two.api(.get, "/me").status == 401)
        #expect(try await two.get("/dashboard").status == 303)
    }

    @Test("T23 a role that is taken away counts at the next request")
    func roleChange() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        #expect(try await manager.api(.get, "/buildings").status == 200)
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set roles = '{resident}' where tenant_id = \(company.tenant.id) and id = \(manager.id)")
        }
        #expect(try await manager.api(.get, "/buildings").status == 403)
    }

    @Test("T21 role, tenant_id, id, verified and version tricks in a body change nothing")
    func extraFields() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let extra =
            "{\"title\":\"neu\",\"role\":\"admin\",\"tenant_id\":1,\"id\":\"\(UUID())\",\"state\":\"closed\",\"priority\":\"urgent\",\"verified\":true}"
        _ = try await fault.reporter.api(.patch, "/faults/\(fault.id)", extra)
        let now = try await fault.reporter.api(.get, "/faults/\(fault.id)").json
        #expect(now?["status"] as? String == "reported")
        #expect(now?["id"] as? String == fault.id)
        let roles = try await fault.reporter.api(.get, "/me").json?["roles"] as? [String]
        #expect(roles == ["resident"])
    }

    @Test("T20 a reporter does not set the priority of their own fault")
    func hiddenField() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        _ = try await fault.reporter.api(.patch, "/faults/\(fault.id)", "{\"priority\":\"urgent\"}")
        #expect(try await fault.reporter.api(.get, "/faults/\(fault.id)").json?["priority"] as? String == "high")
    }

    @Test("T22 trailing slashes, doubled slashes, encoded dots and another letter case are the same decision or no address")
    func pathTricks() async throws {
        let company = try await TestCompany.fresh()
        let resident = try await company.member("resident")
        for path in [
            "/admin/jobs", "/admin/jobs/", "//admin/jobs", "/admin//jobs", "/ADMIN/jobs", "/admin/%6aobs", "/./admin/jobs",
            "/x/../admin/jobs", "/%61dmin/jobs", "/admin/jobs%2f"
        ] {
            let status = try await resident.get(path).status
            #expect([403, 404, 308].contains(status), "\(path): \(status)")
        }
    }

    @Test(
        "T71 numbers at the edge of everything are refused by name, and the process lives",
        arguments: [
            "9223372036854775807", "-1", "0", "9223372036854775808", "1e308", "NaN", "-9223372036854775808",
            "99999999999999999999999"
        ])
    func numbers(text: String) async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        #expect(try await fault.reporter.api(.get, "/faults?limit=\(text)").status == (text == "9223372036854775807" ? 200 : 400))
        let answer = try await fault.reporter.api(.patch, "/faults/\(fault.id)", "{\"title\":\"x\",\"version\":\(text)}")
        #expect(answer.status == 400 || answer.status == 409, "\(answer.text)")
        #expect(try await fault.reporter.get("/faults?cursor=\(text)").status == 400)
    }

    @Test("T33 a canary in every text a member may write is escaped wherever it shows")
    func canary() async throws {
        let company = try await TestCompany.fresh()
        let canary = "\"><i id=x>&lt;{{7*7}}"
        let resident = try await company.member("resident", name: canary)
        let manager = try await company.member("manager", name: canary)
        try await company.moveIn(resident, try await company.home(canary))
        let json = String(
            decoding: try JSONSerialization.data(withJSONObject: [
                "title": canary, "description": canary, "category": "other", "locationNote": canary
            ]), as: UTF8.self)
        let number = try #require(try await resident.api(.post, "/faults", json).json?["number"] as? String)
        try await company.drainJobs()
        for path in [
            "/dashboard", "/faults", "/faults/\(number)", "/faults/\(number)/edit", "/faults/new", "/notifications", "/buildings",
            "/account"
        ] {
            let page = try await manager.get(path)
            #expect(page.status == 200, "\(path)")
            #expect(!page.text.contains("<i id=x"), "\(path)")
        }
        #expect(try await manager.get("/faults?q=\(TestMember.encode(canary))").text.contains("<i id=x") == false)
    }

    @Test("T37 cells that a spreadsheet would run are quoted")
    func csv() async throws {
        let company = try await TestCompany.fresh()
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        _ = try await resident.api(.post, "/faults", "{\"title\":\"=HYPERLINK(1)\",\"description\":\"d\",\"category\":\"other\"}")
        let csv = try await resident.get("/faults.csv")
        #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
        #expect(csv.text.contains(",'=HYPERLINK(1),"))
    }

    @Test("Security headers stand on every answer, errors too")
    func headers() async throws {
        let company = try await TestCompany.fresh()
        let policy = try #require(HTTPField.Name("Content-Security-Policy"))
        for path in ["/login", "/nothing", "/api/v1/nothing", "/healthz", "/a/nothing.css"] {
            let answer = try await company.anonymous(.get, path)
            #expect(answer.headers[policy]?.hasPrefix("default-src 'self'") == true, "\(path)")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test("/metrics does not exist without the operator's token")
    func metrics() async throws {
        let company = try await TestCompany.fresh()
        #expect(try await company.anonymous(.get, "/metrics").status == 404)
    }

    private static func form(_ member: TestMember) -> HTTPFields {
        var headers: HTTPFields = [.cookie: "portico=\(member.cookie)", .contentType: "application/x-www-form-urlencoded"]
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "same-origin" }
        return headers
    }
}
