import Database
import Foundation
import Testing
import Web

@testable import Identity
@testable import portico

/// FLOWS-1, flow 4 (a to e) and FLOWS-2 §1.3 (1 to 3).
@Suite("Refreshing a program's sign-in")
struct RefreshTests {
    @Test("(a) the new pair works, and the old refresh token is refused after the grace time")
    func rotates() async throws {
        let house = try await TokenHouse.open()
        let next = try #require(try await house.company.refresh(house.pair.refreshToken).pair)
        #expect(next.access != house.pair.accessToken && next.refresh != house.pair.refreshToken)
        #expect(try await house.company.ask("/me", bearer: next.access).status == 200)
        let third = try #require(try await house.company.refresh(next.refresh, as: "refresh_token").pair)
        #expect(try await house.company.ask("/me", bearer: third.access).status == 200)
        house.clock.advance(seconds: 11)
        let again = try await house.company.refresh(house.pair.refreshToken)
        #expect(again.status == 401 && again.code == "refresh_invalid")
        await house.close()
    }

    @Test("Within ten seconds the same refresh token gets the same pair again, however many ask at once")
    func grace() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, pair) = (member.company, try await member.programSignIn())
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for _ in 0..<6 { group.addTask { try await company.refresh(pair.refreshToken) } }
            return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(Set(answers.compactMap { $0.pair?.access }).count == 1)
        #expect(Set(answers.compactMap { $0.pair?.refresh }).count == 1)
        let (access, refresh) = try #require(answers.first?.pair)
        #expect(try await company.ask("/me", bearer: access).status == 200)
        #expect(try await company.refresh(refresh).status == 200)
        #expect(try await company.count("app.session where tenant_id = \(company.tenant.id) and kind = 'refresh'") == 3)
    }

    @Test("(b) (2) T67 reuse ends the sign-in for both, is on record, and the member hears of it by mail")
    func reuse() async throws {
        let house = try await TokenHouse.open()
        let company = house.company
        let browser = try await house.member.browserSignIn(agent: "Mozilla/5.0 Firefox/140")
        let next = try #require(try await company.refresh(house.pair.refreshToken).pair)
        house.clock.advance(seconds: 11)
        #expect(try await company.refresh(house.pair.refreshToken).status == 401)
        #expect(try await company.refresh(next.refresh).status == 401)
        #expect(try await company.ask("/me", bearer: next.access).status == 401)
        #expect(try await company.ask("/me", bearer: house.pair.accessToken).status == 401)
        #expect(try await browser.get("/dashboard").status == 200, "other sign-ins of the member go on")
        let tenant = company.tenant.id
        #expect(
            try await company.count(
                "app.audit_line where tenant_id = \(tenant) and action = 'session.reused' and entity_id = \(house.member.id)")
                == 1)
        try await company.app.worker().drain(tenant: tenant, asOf: house.clock.now + 1)
        #expect(
            try await company.count(
                """
                app.delivery d join app.notification n on n.tenant_id = d.tenant_id and n.id = d.notification_id
                 where d.tenant_id = \(tenant) and n.kind = 'session.reused' and d.channel = 'mail' and d.mode = 'now'
                   and n.member_id = \(house.member.id)
                """) == 1)
        #expect(try await browser.get("/notifications").text.contains("alten Schlüssel"))
        await house.close()
    }

    @Test("(c) a role taken away is gone after refresh, and pages refuse at once")
    func role() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, pair) = (member.company, try await member.programSignIn())
        #expect(try await company.ask("/buildings", bearer: pair.accessToken).status == 200)
        try await member.change("roles = '{resident}'")
        #expect(try await company.ask("/buildings", bearer: pair.accessToken).status == 403)
        let next = try #require(try await company.refresh(pair.refreshToken).pair)
        #expect(try await company.ask("/buildings", bearer: next.access).status == 403)
        #expect(try await company.ask("/me", bearer: next.access).json?["roles"] as? [String] == ["resident"])
    }

    @Test("(d) (3) after logout refresh is 401, and so is the access token")
    func logout() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, pair) = (member.company, try await member.programSignIn())
        let answer = try await member.with(bearer: pair.accessToken).api(.post, "/auth/logout", "{}")
        #expect(answer.status == 204)
        #expect(try await company.refresh(pair.refreshToken).status == 401)
        #expect(try await company.ask("/me", bearer: pair.accessToken).status == 401)
    }

    @Test("(e) one company's refresh token at another's host is 401, and stays good at its own")
    func otherCompany() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (pair, other) = (try await member.programSignIn(), try await TestCompany.fresh())
        #expect(try await other.refresh(pair.refreshToken).status == 401)
        #expect(try await member.company.refresh(pair.refreshToken).status == 200)
    }

    @Test("(1) refresh works on day 6 and fails on day 8")
    func days() async throws {
        let house = try await TokenHouse.open()
        let second = try await house.member.programSignIn()
        house.clock.advance(days: 6)
        #expect(try await house.company.refresh(house.pair.refreshToken).status == 200)
        house.clock.advance(days: 2)
        #expect(try await house.company.refresh(second.refreshToken).status == 401)
        await house.close()
    }

    @Test("However often it is renewed, a sign-in is over after 90 days")
    func ninety() async throws {
        let house = try await TokenHouse.open()
        var token = house.pair.refreshToken
        for _ in 1...14 {
            house.clock.advance(days: 6)
            token = try #require(try await house.company.refresh(token).pair).refresh
        }
        house.clock.advance(days: 5.9)
        let last = try #require(try await house.company.refresh(token).pair)
        house.clock.advance(days: 0.2)
        #expect(try await house.company.refresh(last.refresh).status == 401)
        await house.close()
    }

    @Test("A disabled member's refresh token is good for nothing")
    func disabled() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let pair = try await member.programSignIn()
        try await member.change("disabled_at = now()")
        #expect(try await member.company.refresh(pair.refreshToken).status == 401)
        #expect(try await member.company.ask("/me", bearer: pair.accessToken).status == 401)
    }

    @Test("Everything that is no refresh token gets one and the same answer; a missing one is a field's problem")
    func malformed() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, pair) = (member.company, try await member.programSignIn())
        var bodies: Set<String> = []
        for bad in ["x", SessionToken().text, pair.accessToken, member.cookie, PersonalToken().text, "' or 1=1 --"] {
            let answer = try await company.refresh(bad)
            #expect(answer.status == 401 && answer.code == "refresh_invalid", "\(bad)")
            bodies.insert(answer.withoutRequestID)
        }
        #expect(bodies.count == 1)
        let missing = try await company.program("/api/v1/auth/refresh", "{}")
        #expect(missing.status == 400 && missing.text.contains("\"field\":\"refreshToken\""))
        #expect(try await company.program("/api/v1/auth/refresh", "{\"refreshToken\":7}").status == 400)
    }

    @Test("A sign-in is renewed at most 60 times an hour")
    func limit() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, pair) = (member.company, try await member.programSignIn())
        var token = pair.refreshToken
        var refused: TestAnswer?
        // An hour of the clock may end in between, and a new one begin.
        for _ in 1...121 where refused == nil {
            let answer = try await company.refresh(token)
            if answer.status == 200 { token = try #require(answer.pair).refresh } else { refused = answer }
        }
        #expect(refused?.status == 429)
        #expect(refused?.headers[.retryAfter] != nil)
        let other = try await member.programSignIn()
        #expect(try await company.refresh(other.refreshToken).status == 200, "another sign-in is not slowed down")
    }
}
