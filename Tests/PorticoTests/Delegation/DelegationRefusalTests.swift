import Database
import Foundation
import Testing

@testable import portico

@Suite("Flow 5: what nobody can lend, and who cannot answer")
struct DelegationRefusalTests {
    @Test("A unit that is not one's own, or of another company, is as unknown as none")
    func units() async throws {
        let house = try await DelegationHouse.fresh()
        let neighbours = try await house.company.home("2.1")
        let elsewhere = try await DelegationHouse.fresh()
        let address = TestCompany.address()
        for home in [neighbours, elsewhere.home, TestHome(building: UUID(), unit: UUID())] {
            #expect(try await house.owner.lend(home, to: address).status == 404)
        }
        // Living there is not owning it.
        let resident = try await house.company.member("resident")
        try await house.company.moveIn(resident, house.home)
        #expect(try await resident.lend(house.home, to: address).status == 404)
        try await house.sell()
        #expect(try await house.owner.lend(house.home, to: address).status == 404)
    }

    @Test("Of another company's delegation nobody sees anything, with or without its token")
    func wall() async throws {
        let house = try await DelegationHouse.fresh()
        let elsewhere = try await DelegationHouse.fresh()
        let id = try await house.offer()
        let mail = try #require(try await house.company.mails(to: try await house.friend.email).last)
        let path = try mail.path("/delegations/")
        for member in [elsewhere.owner, elsewhere.friend, try await elsewhere.company.member("admin")] {
            #expect(try await member.get(path).status == 404)
            #expect(try await member.api(.get, "/delegations/\(id)").status == 404)
            #expect(try await member.api(.post, "/delegations/\(id)/accept", "{}").status == 404)
            #expect(try await member.api(.delete, "/delegations/\(id)").status == 404)
        }
        #expect(try await house.state(id) == "pending")
    }

    @Test("Oneself, no right, unknown rights and a past end are refused field by field")
    func fields() async throws {
        let house = try await DelegationHouse.fresh()
        let own = try await house.owner.email
        let cases: [(email: String, rights: [String], until: String?, field: String, code: String)] = [
            (own, ["vote"], nil, "delegateEmail", "delegate_is_self"),
            (own.uppercased(), ["vote"], nil, "delegateEmail", "delegate_is_self"),
            ("x@y.test", [], nil, "rights", "required"), ("x@y.test", ["own"], nil, "rights", "not_allowed"),
            ("x@y.test", ["vote"], "2020-01-01", "expiresAt", "expires_in_past"),
            ("x@y.test", ["vote"], "soon", "expiresAt", "invalid_date"),
            ("nobody", ["vote"], nil, "delegateEmail", "invalid_email")
        ]
        for one in cases {
            let answer = try await house.owner.lend(house.home, to: one.email, one.rights, until: one.until)
            #expect(answer.status == 400)
            let errors = answer.json?["errors"] as? [[String: String]] ?? []
            #expect(errors.map { $0["field"] } == [one.field], "\(answer.text)")
            #expect(answer.text.contains(one.code), "\(answer.text)")
        }
        let page = try await house.owner.post(
            "/delegations", [("delegate_email", "x@y.test"), ("unit_id", house.home.unit.text), ("expires_at", "2020-01-01")])
        #expect(page.status == 422)
        #expect(page.text.contains("x@y.test"))
    }

    @Test("Nobody lends what their own role does not grant, and nobody lends on what was lent to them")
    func held() async throws {
        let house = try await DelegationHouse.fresh()
        _ = try await house.lent()
        let lentOn = try await house.friend.lend(house.home, to: TestCompany.address())
        #expect(lentOn.status == 400 && lentOn.text.contains("right_not_held"))
        #expect(try await house.friend.lend(house.home, to: TestCompany.address(), ["vote"]).status == 404)
        // A technician may not report faults; the one lent to them elsewhere is not theirs either.
        let own = try await house.company.home("3.1")
        try await house.company.moveIn(house.friend, own, kind: "owner")
        #expect(try await house.friend.report(house.home).status == 201)
        let answer = try await house.friend.lend(own, to: TestCompany.address())
        #expect(answer.status == 400)
        #expect(answer.text.contains("right_not_held"))
        #expect(try await house.friend.lend(own, to: TestCompany.address(), ["vote"]).status == 201)
    }

    @Test("T23 a right that the owner's role loses is gone for the delegate at the next request")
    func roleLost() async throws {
        let house = try await DelegationHouse.fresh()
        _ = try await house.lent()
        #expect(try await house.friend.report(house.home).status == 201)
        try await house.company.run(
            """
            update app.member set roles = '{portal}' where tenant_id = \(house.company.tenant.id) and id = \(house.owner.id)
            """)
        #expect(try await house.friend.report(house.home).status == 404)
        try await house.company.run(
            """
            update app.member set roles = '{owner}', disabled_at = now()
             where tenant_id = \(house.company.tenant.id) and id = \(house.owner.id)
            """)
        #expect(try await house.friend.report(house.home).status == 404)
    }

    @Test(
        "Accepted twice by the same account is accepted once; another account needs the mail's token, and comes too late after that"
    )
    func accounts() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.offer()
        let mail = try #require(try await house.company.mails(to: try await house.friend.email).last)
        let token = try mail.secret("/delegations/")
        let other = try await house.company.member("resident", name: "Ida Voss")
        for body in ["{}", "{\"token\":\"\(String(repeating: "0", count: 32))\"}", "{\"token\":\"x\"}"] {
            #expect(try await other.api(.post, "/delegations/\(id)/accept", body).status == 403)
            #expect(try await other.api(.post, "/delegations/\(id)/decline", body).status == 403)
        }
        #expect(try await other.get("/delegations/\(id)/accept").status == 403)
        #expect(try await house.owner.api(.post, "/delegations/\(id)/accept", "{\"token\":\"\(token)\"}").status == 403)
        let first = try await other.api(.post, "/delegations/\(id)/accept", "{\"token\":\"\(token)\"}")
        #expect(first.status == 200)
        let second = try await other.api(.post, "/delegations/\(id)/accept", "{}")
        #expect(second.status == 200)
        #expect(second.text == first.text)
        #expect(try await house.friend.api(.post, "/delegations/\(id)/accept", "{\"token\":\"\(token)\"}").status == 403)
        #expect(try await house.notices(house.owner) == ["delegation.accepted"])
    }

    @Test("Declined is final, and the owner hears of it")
    func decline() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.offer()
        #expect(try await house.friend.api(.post, "/delegations/\(id)/decline", "{}").json?["state"] as? String == "declined")
        #expect(try await house.friend.api(.post, "/delegations/\(id)/decline", "{}").status == 200)
        #expect(try await house.friend.api(.post, "/delegations/\(id)/accept", "{}").status == 410)
        #expect(try await house.owner.api(.delete, "/delegations/\(id)").status == 410)
        #expect(try await house.owner.api(.post, "/delegations/\(id)/resend", "{}").status == 410)
        #expect(try await house.notices(house.owner) == ["delegation.declined"])
        let accepted = try await house.lent(["pay"])
        #expect(try await house.friend.api(.post, "/delegations/\(accepted)/decline", "{}").status == 409)
    }

    @Test("Sent again, the new link works and the old one no longer; only whoever offered it sends it again")
    func resend() async throws {
        let house = try await DelegationHouse.fresh()
        let address = TestCompany.address("anna")
        let id = try await house.offer(to: address)
        let old = try #require(try await house.company.mails(to: address).last).path("/register")
        #expect(try await house.friend.api(.post, "/delegations/\(id)/resend", "{}").status == 404)
        #expect(try await house.company.member("manager").api(.post, "/delegations/\(id)/resend", "{}").status == 403)
        #expect(try await house.owner.api(.post, "/delegations/\(id)/resend", "{}").status == 200)
        let mails = try await house.company.mails(to: address)
        #expect(mails.count == 2)
        let new = try #require(mails.last).path("/register")
        #expect(old != new)
        let other = try await house.company.member("resident")
        let token = { (path: String) in path.removingPercentEncoding?.split(separator: "=").last.map(String.init) ?? "" }
        #expect(try await other.api(.post, "/delegations/\(id)/accept", "{\"token\":\"\(token(old))\"}").status == 403)
        let stranger = try await TestStranger(house.company)
        let code = { (path: String) in path.firstMatch(of: /code=([0-9a-f]{32})/).map { String($0.1) } ?? "" }
        let fields = { (code: String) in
            [
                ("invitation_code", code), ("email", address), ("display_name", "Anna Roth"),
                ("password", "tulpe-anker-73-wolke"), ("password_confirm", "tulpe-anker-73-wolke")
            ]
        }
        #expect(try await stranger.post("/register", fields(code(old))).status == 422)
        #expect(try await stranger.post("/register", fields(code(new))).location == "/dashboard")
        #expect(try await house.state(id) == "pending")
    }

    @Test("An offer that is withdrawn before anybody came takes its invitation along, and says so by mail")
    func withdrawn() async throws {
        let house = try await DelegationHouse.fresh()
        let address = TestCompany.address("anna")
        let (first, second) = (try await house.offer(to: address), try await house.offer(["pay"], to: address))
        let open: SQL = "app.invitation where tenant_id = \(house.company.tenant.id) and revoked_at is null"
        #expect(try await house.company.count(open) == 1, "two offers to one address are one invitation")
        #expect(try await house.owner.api(.delete, "/delegations/\(first)").status == 204)
        #expect(try await house.company.count(open) == 1)
        #expect(try await house.owner.api(.delete, "/delegations/\(second)").status == 204)
        #expect(try await house.company.count(open) == 0)
        let mails = try await house.company.mails(to: address)
        #expect(mails.count == 4)
    }

    @Test("Where no role is meant for people from outside, only members can be named")
    func closed() async throws {
        let company = try await TestCompany.fresh { $0.replacing("delegations: {role: portal}", with: "") }
        let home = try await company.home()
        let owner = try await company.member("owner")
        try await company.moveIn(owner, home, kind: "owner")
        let answer = try await owner.lend(home, to: TestCompany.address())
        #expect(answer.status == 400)
        #expect(answer.text.contains("delegate_unknown"))
    }

    @Test("Twenty mails an hour are enough for anybody")
    func limit() async throws {
        let house = try await DelegationHouse.fresh()
        for _ in 0..<20 { _ = try await house.offer(["message"]) }
        let answer = try await house.owner.lend(house.home, to: try await house.friend.email, ["message"])
        #expect(answer.status == 429)
    }
}
