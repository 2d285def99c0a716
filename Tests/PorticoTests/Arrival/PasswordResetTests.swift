import Database
import Foundation
import HTTPTypes
import Mail
import Testing
import Web

@testable import portico

@Suite("A new password: by mail for those who forgot theirs, with the old one for those who know it")
struct PasswordResetTests {
    private let fresh = "birke-kanal-58-mond"

    /// A member with a password and a mailbox of their own.
    private func person(_ company: TestCompany) async throws -> (member: TestMember, address: String) {
        let (member, address) = (try await company.member("resident"), TestCompany.address())
        let hash = try await company.app.parts.passwords.hash(goodPassword)
        try await company.run(
            """
            update app.member set email = \(address), password_hash = \(hash)
             where tenant_id = \(company.tenant.id) and id = \(member.id)
            """)
        return (member, address)
    }

    private func forget(_ company: TestCompany, _ address: String, _ headers: HTTPFields = [:]) async throws -> TestAnswer {
        try await company.program("/api/v1/auth/password/forgot", "{\"email\":\"\(address)\"}", headers)
    }

    private func signIn(_ company: TestCompany, _ address: String, _ password: String) async throws -> Int {
        try await company.program("/api/v1/auth/login", "{\"email\":\"\(address)\",\"password\":\"\(password)\"}").status
    }

    @Test("The link of the mail sets a new password once, ends every sign-in, and tells the owner by mail")
    func reset() async throws {
        let company = try await TestCompany.fresh()
        let (member, address) = try await person(company)
        let visitor = try await TestStranger(company)
        #expect(try await visitor.get("/login").text.contains("href=\"/password/forgot\""))
        let asked = try await visitor.post("/password/forgot", [("email", address)])
        #expect(asked.status == 303 && asked.location == "/password/sent")
        let mail = try #require(try await company.mails(to: address).last)
        let (link, token) = (try mail.path("/password/reset"), try mail.secret("/password/reset"))
        for _ in 0..<2 { #expect(try await visitor.get(link).text.contains(address)) }
        let weak = try await visitor.post(
            "/password/reset", [("token", token), ("password", "Password1234!"), ("password_confirm", "Password1234!")])
        #expect(weak.status == 422 && weak.text.contains("id=\"f-password-error\""))
        let typo = try await visitor.post("/password/reset", [("token", token), ("password", fresh), ("password_confirm", "x")])
        #expect(typo.status == 422)
        let done = try await visitor.post("/password/reset", [("token", token), ("password", fresh), ("password_confirm", fresh)])
        #expect(done.status == 303 && done.location == "/login")
        #expect(try await member.get("/dashboard").location?.hasPrefix("/login") == true)
        #expect(try await member.api(.get, "/me").status == 401)
        #expect(try await signIn(company, address, goodPassword) == 401)
        #expect(try await signIn(company, address, fresh) == 200)
        let again = try await visitor.post(
            "/password/reset", [("token", token), ("password", fresh), ("password_confirm", fresh)])
        #expect(again.status == 410)
        #expect(try await visitor.get(link).status == 410)
        let subjects = try await company.mails(to: address).map { $0.headers?["Subject"] ?? "" }
        #expect(subjects.last == "Ihr Passwort für \(company.tenant.name) wurde geändert")
    }

    @Test("T69 known, unknown and disabled addresses get the same answer, and only the first a mail")
    func sameAnswer() async throws {
        let company = try await TestCompany.fresh()
        let (_, known) = try await person(company)
        let (disabled, gone) = try await person(company)
        try await company.run(
            "update app.member set disabled_at = now() where tenant_id = \(company.tenant.id) and id = \(disabled.id)")
        let nobody = TestCompany.address()
        let answers = [try await forget(company, known), try await forget(company, gone), try await forget(company, nobody)]
        #expect(answers.allSatisfy { $0.status == 202 } && Set(answers.map(\.withoutRequestID)).count == 1)
        let visitor = try await TestStranger(company)
        let pages = [
            try await visitor.post("/password/forgot", [("email", known)]),
            try await visitor.post("/password/forgot", [("email", nobody)])
        ]
        #expect(Set(pages.map(\.bare)).count == 1 && Set(pages.map { $0.location ?? "" }) == ["/password/sent"])
        #expect(try await company.mails(to: known).count == 2)
        for address in [gone, nobody] { #expect(try await company.mails(to: address).isEmpty) }
    }

    @Test("T69 the time of the answer says nothing either: 120 known and 120 unknown addresses, Mann-Whitney")
    func sameTime() async throws {
        let company = try await TestCompany.fresh()
        let (_, known) = try await person(company)
        var times: [(seconds: Double, isKnown: Bool)] = []
        for round in 0..<240 {
            if round.isMultiple(of: 10) {
                try await company.run("delete from app.rate_limit where tenant_id = \(company.tenant.id)")
            }
            let isKnown = (round ^ (round >> 1)).isMultiple(of: 2)
            let start = ContinuousClock.now
            #expect(try await forget(company, isKnown ? known : TestCompany.address()).status == 202)
            let took = start.duration(to: .now).components
            times.append((Double(took.seconds) + Double(took.attoseconds) * 1e-18, isKnown))
        }
        let ranked = times.sorted { $0.seconds < $1.seconds }
        let ranks = ranked.enumerated().filter(\.element.isKnown).reduce(0.0) { $0 + Double($1.offset + 1) }
        let (m, n) = (Double(times.filter(\.isKnown).count), Double(times.filter { !$0.isKnown }.count))
        let (u, deviation) = (ranks - m * (m + 1) / 2, (m * n * (m + n + 1) / 12).squareRoot())
        #expect(abs(u - m * n / 2) / deviation < 3.3)
    }

    @Test("T31 the link leads to the company's own host, whatever Host and X-Forwarded-Host said")
    func ownHost() async throws {
        let company = try await TestCompany.fresh()
        let (_, address) = try await person(company)
        var head: HTTPFields = [:]
        if let name = HTTPField.Name("X-Forwarded-Host") { head[name] = "evil.test" }
        head[.origin] = "http://evil.test"
        #expect(try await forget(company, address, head).status == 202)
        let other = try await TestAnswer.of(
            company.app, "www.\(company.host)", .post, "/api/v1/auth/password/forgot", [.contentType: "application/json"],
            Array("{\"email\":\"\(address)\"}".utf8))
        #expect(other.status == 202)
        for mail in try await company.mails(to: address) {
            #expect(try #require(mail.link("/password/reset")).hasPrefix("http://\(company.host)"))
            #expect(mail.raw?.contains("evil.test") != true)
        }
    }

    @Test(
        "A stranger who asks for new passwords locks nobody out: the owner's links and password go on working, and three mails an hour are enough"
    )
    func noLockOut() async throws {
        let company = try await TestCompany.fresh()
        let (member, address) = try await person(company)
        for _ in 0..<8 { #expect(try await forget(company, address).status == 202) }
        let mails = try await company.mails(to: address)
        #expect(mails.count == 3)
        #expect(try await signIn(company, address, goodPassword) == 200)
        #expect(try await member.get("/dashboard").status == 200)
        let answer = try await company.program(
            "/api/v1/auth/password/reset", "{\"token\":\"\(mails[0].secret("/password/reset"))\",\"password\":\"\(fresh)\"}")
        #expect(answer.status == 200 && answer.json?["status"] as? String == "changed")
        let late = try await company.program(
            "/api/v1/auth/password/reset",
            "{\"token\":\"\(mails[1].secret("/password/reset"))\",\"password\":\"\(goodPassword)\"}")
        #expect(late.status == 410 && late.code == "link_expired")
        #expect(try await signIn(company, address, fresh) == 200)
    }

    @Test("A link works for one hour, at its own company, and guessing is limited")
    func limits() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (_, address) = try await person(company)
        #expect(try await forget(company, address).status == 202)
        let token = try #require(try await company.mails(to: address).last).secret("/password/reset")
        func reset(_ company: TestCompany, _ token: String) async throws -> Int {
            try await company.program("/api/v1/auth/password/reset", "{\"token\":\"\(token)\",\"password\":\"\(fresh)\"}").status
        }
        #expect(try await reset(other, token) == 410)
        let life = try await company.walled.read(
            Query.value(
                "select extract(epoch from expires_at - made_at)::int8 from app.mailed_link where tenant_id = \(company.tenant.id)",
                Int.self))
        #expect(life == 3600)
        try await company.run("update app.mailed_link set expires_at = now() where tenant_id = \(company.tenant.id)")
        #expect(try await reset(company, token) == 410)
        for _ in 0..<19 { #expect(try await reset(company, SessionToken().text) == 410) }
        #expect(try await reset(company, SessionToken().text) == 429)
    }

    @Test("T67 who knows the password changes it: the present one is asked for, other sign-ins end, this one goes on")
    func change() async throws {
        let company = try await TestCompany.fresh()
        let (member, address) = try await person(company)
        #expect(try await member.get("/account").text.contains("href=\"/account/password\""))
        let fields = [("password", fresh), ("password_confirm", fresh)]
        let wrong = try await member.post("/account/password", [("current_password", "wrong")] + fields)
        #expect(wrong.status == 422 && wrong.text.contains("nicht Ihr jetziges Passwort"))
        let done = try await member.post("/account/password", [("current_password", goodPassword)] + fields)
        #expect(done.status == 303 && done.location == "/account")
        #expect(try await member.get("/dashboard").status == 200)
        #expect(try await member.api(.get, "/me").status == 401)
        #expect(try await signIn(company, address, goodPassword) == 401)
        #expect(try await signIn(company, address, fresh) == 200)
        #expect(try await company.mails(to: address).count == 1)
        for _ in 0..<4 {
            #expect(try await member.post("/account/password", [("current_password", "no")] + fields).status == 422)
        }
        #expect(try await member.post("/account/password", [("current_password", fresh)] + fields).status == 429)
    }
}
