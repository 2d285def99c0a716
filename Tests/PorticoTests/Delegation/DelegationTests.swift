import Database
import Foundation
import Testing

@testable import portico

@Suite("Flow 5: lending rights on a unit")
struct DelegationTests {
    @Test("An owner lends a right to a member, who can use it from the moment of accepting, and not before")
    func lend() async throws {
        let house = try await DelegationHouse.fresh()
        #expect(try await house.friend.report(house.home).status == 403)
        let id = try await house.offer()
        #expect(try await house.friend.report(house.home).status == 403)
        let accepted = try await house.friend.api(.post, "/delegations/\(id)/accept", "{}")
        #expect(accepted.status == 200)
        #expect(accepted.json?["state"] as? String == "accepted")
        #expect((accepted.json?["delegate"] as? [String: Any])?["name"] as? String == "Jan Weber")
        #expect(try await house.friend.report(house.home).status == 201)
        #expect(try await house.notices(house.owner) == ["delegation.accepted"])
        #expect(try await house.notices(house.friend) == ["delegation.offered"])
    }

    @Test("Somebody unknown gets one mail, registers through its link, lands where it is answered, and then has that right alone")
    func newcomer() async throws {
        let house = try await DelegationHouse.fresh()
        let other = try await house.company.home("2.1")
        let address = TestCompany.address("anna")
        let id = try await house.offer(to: address)
        let mails = try await house.company.mails(to: address)
        #expect(mails.count == 1)
        let path = try #require(mails.last).path("/register")
        let code = try #require(path.firstMatch(of: /code=([0-9a-f]{32})/)?.1)
        let stranger = try await TestStranger(house.company)
        let page = try await stranger.get(path)
        #expect(page.status == 200)
        let next = try String(#require(page.text.firstMatch(of: /name="next" value="([^"]+)"/)?.1)).replacing("&amp;", with: "&")
        #expect(next.hasPrefix("/delegations/\(id)/accept?token="))
        let registered = try await stranger.post(
            "/register",
            [
                ("invitation_code", String(code)), ("email", address), ("display_name", "Anna Roth"), ("next", next),
                ("password", "tulpe-anker-73-wolke"), ("password_confirm", "tulpe-anker-73-wolke")
            ])
        #expect(registered.location == next)
        let anna = try await house.member(address, cookie: try #require(registered.cookie("portico")))
        #expect(try await house.state(id) == "pending")
        let answer = try await anna.get(next)
        #expect(answer.status == 200)
        #expect(answer.text.contains("Maria Kern"))
        #expect(try await house.state(id) == "pending", "looking at it accepts nothing")
        #expect(try await anna.get("/faults/new").status == 403)
        let token = String(next.split(separator: "=").last ?? "")
        #expect(try await anna.post("/delegations/\(id)/accept", [("token", token)]).location == "/delegations/\(id)")
        #expect(try await anna.get("/faults/new?unit=\(house.home.unit.text)").text.contains("Maria Kern"))
        #expect(try await anna.report(by: house.home).status == 303)
        #expect(try await anna.report(by: other).status == 404)
        for path in ["/buildings", "/people", "/admin/audit", "/units/\(house.home.unit.text)", "/reports"] {
            #expect(try await anna.get(path).status == 403)
        }
        // Whoever invited on this occasion hears that it was accepted, not that somebody registered.
        #expect(try await house.notices(house.owner) == ["delegation.accepted"])
        #expect(
            try await house.company.count(
                "app.notification where tenant_id = \(house.company.tenant.id) and kind = 'invitation.accepted'") == 0)
    }

    @Test("GET and HEAD of the link change nothing, however often a scanner follows it")
    func scanners() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.offer()
        let mail = try #require(try await house.company.mails(to: try await house.friend.email).last)
        let path = try mail.path("/delegations/")
        for _ in 0..<3 { #expect(try await house.company.anonymous(.get, path).status == 303) }
        #expect(try await house.friend.get(path).status == 200)
        #expect(try await house.company.anonymous(.head, path).status == 303)
        #expect(try await house.state(id) == "pending")
    }

    @Test("Revoked, it is refused at the next request, by page and program; what was reported stays")
    func revoke() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.lent()
        let number = try #require(try await house.friend.report(house.home).json?["number"] as? String)
        #expect(try await house.friend.get("/faults/\(number)").status == 200)
        #expect(try await house.owner.api(.delete, "/delegations/\(id)").status == 204)
        #expect(try await house.friend.get("/faults/\(number)").status == 404)
        #expect(try await house.friend.report(house.home).status == 403)
        #expect(try await house.friend.get("/faults/new").status == 403)
        #expect(try await house.owner.api(.get, "/faults/\(number)").status == 200)
        #expect(try await house.owner.api(.delete, "/delegations/\(id)").status == 204, "twice is once")
        #expect(try await house.notices(house.friend) == ["delegation.offered", "delegation.revoked"])
        #expect(try await house.friend.api(.post, "/delegations/\(id)/accept", "{}").status == 410)
    }

    @Test("A delegate gives it back; managers read but end nothing; strangers do not even see it")
    func others() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.lent()
        let manager = try await house.company.member("manager")
        let stranger = try await house.company.member("resident")
        #expect(try await manager.api(.get, "/delegations/\(id)").status == 200)
        #expect(try await manager.api(.delete, "/delegations/\(id)").status == 403)
        #expect(try await stranger.api(.get, "/delegations/\(id)").status == 404)
        #expect(try await stranger.api(.delete, "/delegations/\(id)").status == 404)
        #expect(try await house.friend.post("/delegations/\(id)/revocation").status == 303)
        #expect(try await house.state(id) == "revoked")
        #expect(try await house.notices(house.owner) == ["delegation.accepted", "delegation.revoked"])
        #expect(try await house.friend.report(house.home).status == 403)
    }

    @Test("Run out, it is refused before any job has noticed; at night both sides are told, once")
    func expiry() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.lent()
        #expect(try await house.friend.report(house.home).status == 201)
        try await house.runOut(id)
        #expect(try await house.state(id) == "accepted")
        #expect(try await house.friend.report(house.home).status == 403)
        #expect(try await house.owner.api(.get, "/delegations/\(id)").json?["state"] as? String == "expired")
        #expect(try await house.friend.api(.post, "/delegations/\(id)/accept", "{}").status == 410)
        try await house.night()
        try await house.night()
        #expect(try await house.state(id) == "expired")
        #expect(try await house.notices(house.owner) == ["delegation.accepted", "delegation.expired"])
        #expect(try await house.notices(house.friend) == ["delegation.offered", "delegation.expired"])
    }

    @Test("Whoever owns the unit no longer lends nothing: at once, and on record once the change is worked off")
    func ownership() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.lent()
        try await house.sell()
        #expect(try await house.friend.report(house.home).status == 404)
        #expect(try await house.state(id) == "accepted")
        try await house.night()
        #expect(try await house.state(id) == "expired")
        #expect(try await house.owner.api(.get, "/delegations/\(id)").json?["endedWhy"] as? String == "ownership")
    }

    @Test("A change of owners ends it without waiting for the night")
    func handover() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.lent()
        let manager = try await house.company.member("manager")
        let occupancy = try #require(
            try await house.company.walled.read(
                Query.firstValue(
                    "select id from app.occupancy where tenant_id = \(house.company.tenant.id) and unit_id = \(house.home.unit)",
                    UUID.self)))
        #expect(try await manager.api(.post, "/occupancies/\(occupancy.text)/withdrawal", "{}").status == 200)
        try await house.company.app.worker().drain(tenant: house.company.tenant.id, asOf: Date().addingTimeInterval(1))
        #expect(try await house.state(id) == "expired")
    }

    @Test("The vote on a unit is lent to one person at a time; other rights to as many as the owner likes")
    func vote() async throws {
        let house = try await DelegationHouse.fresh()
        let first = try await house.offer(["vote", "report_fault"])
        let again = try await house.owner.lend(house.home, to: TestCompany.address(), ["vote"])
        #expect(again.status == 409)
        #expect(again.code == "delegation_exists")
        _ = try await house.offer(["report_fault"], to: TestCompany.address())
        let page = try await house.owner.post(
            "/delegations",
            [
                ("delegate_email", "somebody@else.test"), ("rights", "vote"), ("unit_id", house.home.unit.text),
                ("expires_at", "")
            ])
        #expect(page.status == 409)
        #expect(page.text.contains("somebody@else.test"), "what was typed is kept")
        // One that is over without anybody having noticed keeps no vote.
        try await house.runOut(first)
        _ = try await house.offer(["vote"], to: TestCompany.address())
        #expect(try await house.state(first) == "expired")
    }

    @Test("At most one of many offers of a vote at once comes through")
    func race() async throws {
        let house = try await DelegationHouse.fresh()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask { try await house.owner.lend(house.home, to: TestCompany.address(), ["vote"]).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 1, "\(statuses)")
        #expect(statuses.allSatisfy { $0 == 201 || $0 == 409 }, "\(statuses)")
    }
}

extension DelegationHouse {
    /// Somebody who has just registered, at their browser.
    func member(_ address: String, cookie: String) async throws -> TestMember {
        let id = try await company.walled.read(
            Query.value(
                "select id from app.member where tenant_id = \(company.tenant.id) and lower(email) = \(address)", UUID.self))
        return TestMember(company: company, id: id, cookie: cookie, bearer: "")
    }
}

extension TestMember {
    /// By the page's form.
    func report(by home: TestHome) async throws -> TestAnswer {
        try await post(
            "/faults",
            [
                ("title", "The tap drips"), ("description", "In the bath"), ("category", "plumbing"),
                ("place", "unit-\(home.unit.text)"), ("known_outage", "1")
            ])
    }
}
