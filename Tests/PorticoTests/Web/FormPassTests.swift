import Foundation
import HTTPTypes
import Testing

@testable import Faults
@testable import Web
@testable import portico

@Suite("Forms of browsers that do not say where they come from")
struct FormPassTests {
    private func csrf(_ visitor: TestVisitor, _ page: String) async throws -> String {
        try await visitor.get(page).text.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
    }

    private func send(_ visitor: TestVisitor, _ path: String, _ fields: [String: String], _ headers: HTTPFields = [:])
        async throws
        -> TestAnswer
    {
        var head = headers
        head[.cookie] = "portico_visit=\(visitor.cookie)"
        head[.contentType] = "application/x-www-form-urlencoded"
        let body = fields.map { "\($0.key)=\(TestMember.encode($0.value))" }.joined(separator: "&")
        return try await visitor.company.anonymous(.post, path, head, body: body)
    }

    @Test("Without Origin and Sec-Fetch-Site a visitor's form is taken on its page's pass, also where the page hides its address")
    func silent() async throws {
        let house = try await VisitorHouse.fresh()
        let visitor = house.visitor
        let path = "/r/\(house.code)"
        let pass = try await csrf(visitor, path)
        let sent = try await send(visitor, path, house.form(["csrf_token": pass]))
        #expect(sent.status == 303, "\(sent.text.prefix(300))")
        let status = try #require(sent.location)
        // The status page has no referrer, so that browsers send `Origin: null` with its forms.
        let words = try await csrf(visitor, status)
        let said = try await send(
            visitor, "\(status)/comments", ["comment": "Noch etwas", "csrf_token": words], [.origin: "null"])
        #expect(said.status == 303)
        // The sheet's code may be typed in other letters than it is printed in.
        let shouted = try await csrf(visitor, path.uppercased().replacing("/R/", with: "/r/"))
        #expect(try await send(visitor, path, house.form(["csrf_token": shouted, "title": "Zweiter"])).status == 303)
    }

    @Test("T26 T27 a pass of another sheet, visit, company or day, half a pass or none is refused, and so is every other site")
    func forged() async throws {
        let (house, other) = (try await VisitorHouse.fresh(), try await VisitorHouse.fresh())
        let visitor = house.visitor
        let path = "/r/\(house.code)"
        let pass = try await csrf(visitor, path)
        let token = try await house.report()
        let halves = pass.split(separator: ".")
        #expect(halves.count == 3)
        let secret = house.company.app.house.secret
        let tenant = house.company.tenant.id
        func made(_ age: TimeInterval, _ subject: String, _ visit: String, _ tenant: Int32) -> String {
            let pass = FormPass(tenant: tenant, visit: visit, subject: subject, secret: secret)
            return "\(halves[0]).\(pass.make(now: Date().addingTimeInterval(-age)))"
        }
        #expect(
            try await send(visitor, path, house.form(["csrf_token": made(80_000, house.code, visitor.cookie, tenant)])).status
                == 303)
        let wrong = [
            "", String(halves[0]), "\(halves[0]).\(halves[1])", "\(halves[0]).\(halves[1]).AAAA", "\(halves[0])..", "...",
            try await csrf(visitor, "/s/\(token)"), try await csrf(house.visitor, path),
            try await csrf(TestVisitor(company: other.company), "/r/\(other.code)"),
            made(90_000, house.code, visitor.cookie, tenant), made(-60, house.code, visitor.cookie, tenant),
            made(0, other.code, visitor.cookie, tenant), made(0, house.code, house.visitor.cookie, tenant),
            made(0, house.code, visitor.cookie, other.company.tenant.id)
        ]
        for token in wrong {
            #expect(try await send(visitor, path, house.form(["csrf_token": token])).status == 403, "\(token)")
        }
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        for headers: HTTPFields in [
            [site: "cross-site"], [site: "none"], [site: "same-site"], [.origin: "https://evil.test"],
            [.origin: "null", site: "cross-site"]
        ] {
            #expect(try await send(visitor, path, house.form(["csrf_token": pass]), headers).status == 403)
        }
        // A browser without the visit's cookie, as another site's form comes.
        let bare = try await house.company.anonymous(
            .post, path, [.contentType: "application/x-www-form-urlencoded"],
            body: "title=x&csrf_token=\(TestMember.encode(pass))")
        #expect(bare.status == 403)
    }

    @Test("Members' forms stay as strict as they were: who says nothing is refused, with whatever token")
    func members() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let token = try await fault.reporter.csrf()
        #expect(!token.contains("."))
        let pass = FormPass(
            tenant: company.tenant.id, visit: fault.reporter.cookie, subject: fault.number, secret: company.app.house.secret
        ).make(now: Date())
        for origin in [nil, "null"] {
            for csrf in [token, "\(token).\(pass)"] {
                var headers: HTTPFields = [
                    .cookie: "portico=\(fault.reporter.cookie)", .contentType: "application/x-www-form-urlencoded"
                ]
                headers[.origin] = origin
                let answer = try await company.anonymous(
                    .post, "/faults/\(fault.number)/cancel", headers, body: "reason=x&csrf_token=\(TestMember.encode(csrf))")
                #expect(answer.status == 403)
            }
        }
        // Nor does the sign-in form take a pass.
        let visitor = TestVisitor(company: company)
        let login = try await csrf(visitor, "/login")
        #expect(!login.contains("."))
        #expect(try await send(visitor, "/login", ["email": "a@b.test", "password": "x", "csrf_token": login]).status == 403)
    }
}
