import Database
import Foundation
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Roles, and letting people in")
struct StandingTests {
    private func roles(_ roles: String...) -> String {
        String(decoding: (try? JSONSerialization.data(withJSONObject: ["roles": roles])) ?? Data(), as: UTF8.self)
    }

    @Test("T23 new roles hold at the next request, for a browser and for a program, with audit line and notice")
    func change() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident"))
        #expect(try await person.get("/people").status == 403)
        #expect(try await person.api(.get, "/people").status == 403)
        let form = try await admin.get("\(person.path)/roles")
        #expect(form.status == 200 && form.text.contains("value=\"resident\" checked"))
        let done = try await admin.post("\(person.path)/roles", [("roles", "resident"), ("roles", "manager"), ("version", "1")])
        #expect(done.status == 303 && done.location == person.path)
        #expect(try await person.get("/people").status == 200)
        #expect(try await person.api(.get, "/people").status == 200)
        #expect(try await admin.api(.post, "\(person.path)/roles", roles("resident")).json?["roles"] as? [String] == ["resident"])
        #expect(try await person.get("/people").status == 403)
        #expect(try await person.api(.get, "/people").status == 403)
        let lines = try await company.trail(admin, of: person, "member.roles_changed")
        #expect(lines.count == 2 && (lines.last?["after"] as? [String: Any])?["roles"] as? String == "resident, manager")
        try await company.drainJobs()
        #expect(try await person.get("/notifications").text.contains("hat Ihre Rollen geändert"))
    }

    @Test("What was typed comes back: no role, an unknown role, a version that somebody else has overtaken")
    func refusals() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident"))
        #expect(try await admin.post("\(person.path)/roles", [("version", "1")]).status == 422)
        #expect(try await admin.api(.post, "\(person.path)/roles", roles("emperor")).refusals == ["roles not_allowed"])
        #expect(try await admin.api(.post, "\(person.path)/roles", roles("owner")).status == 200)
        let late = try await admin.post("\(person.path)/roles", [("roles", "manager"), ("version", "1")])
        #expect(late.status == 409 && late.text.contains("value=\"manager\" checked"))
        #expect(try await company.roles(of: person) == ["owner"])
        #expect(try await admin.api(.post, "/people/\(UUID())/roles", roles("owner")).status == 404)
        let other = try await TestCompany.fresh().member("resident")
        #expect(try await admin.api(.post, "\(other.path)/roles", roles("owner")).status == 404)
    }

    @Test("T21 nobody gives or takes a role that may do more than they, unless they manage roles; other fields change nothing")
    func beyond() async throws {
        let company = try await TestCompany.fresh()
        let (manager, admin) = (try await company.member("manager"), try await company.member("admin"))
        let person = try await company.member("resident")
        #expect(try await manager.api(.post, "\(person.path)/roles", roles("resident", "technician")).status == 200)
        for (target, wanted) in [(person, "admin"), (manager, "admin"), (admin, "manager")] {
            let refused = try await manager.api(.post, "\(target.path)/roles", roles(wanted))
            #expect(refused.status == 400 && refused.refusals == ["roles role_beyond_yours"], "\(wanted)")
        }
        let form = try await manager.get("\(admin.path)/roles")
        #expect(form.text.contains("<input type=\"hidden\" name=\"roles\" value=\"admin\">"))
        #expect(!form.text.contains("type=\"checkbox\" name=\"roles\" value=\"admin\""))
        let more =
            #"{"roles":["resident"],"id":"x","tenant_id":1,"disabled_at":null,"password_hash":"x","is_admin":true,"version":3}"#
        #expect(try await admin.api(.post, "\(person.path)/roles", more).status == 409, "the version is one")
        #expect(try await admin.api(.post, "\(person.path)/roles", more.replacing(",\"version\":3", with: "")).status == 200)
        #expect(try await company.roles(of: person) == ["resident"])
        #expect(try await company.count("app.member where id = \(person.id) and password_hash is null") == 1)
        let technician = try await company.member("technician")
        #expect(try await technician.api(.post, "\(person.path)/roles", roles("technician")).status == 403)
    }

    @Test("T24 the last admin stays: neither role nor access can be taken from them, on page and API")
    func lastAdmin() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let alone = try await admin.post("\(admin.path)/roles", [("roles", "manager"), ("version", "1")])
        #expect(alone.status == 409 && alone.text.contains("Niemand könnte mehr Rollen vergeben"))
        #expect(try await admin.api(.post, "\(admin.path)/roles", roles("manager")).code == "last_admin")
        #expect(try await admin.api(.post, "\(admin.path)/suspension").code == "not_yourself")
        let second = try await company.member("admin")
        #expect(try await second.api(.post, "\(admin.path)/suspension").status == 200)
        #expect(try await second.api(.post, "\(second.path)/roles", roles("owner")).code == "last_admin")
        #expect(try await second.api(.delete, "\(admin.path)/suspension").status == 200)
        #expect(try await second.api(.post, "\(second.path)/roles", roles("owner")).status == 200)
    }

    @Test("T24 of two admins who remove each other at once one stays, however the two meet", arguments: 0..<6)
    func atOnce(_ round: Int) async throws {
        let company = try await TestCompany.fresh()
        let (one, two) = (try await company.member("admin"), try await company.member("admin"))
        let demote = roles("resident")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for (actor, target) in [(one, two), (two, one)] {
                group.addTask {
                    round.isMultiple(of: 2)
                        ? try await actor.api(.post, "\(target.path)/suspension").status
                        : try await actor.api(.post, "\(target.path)/roles", demote).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1, "\(statuses)")
        #expect(
            try await company.count(
                "app.member where tenant_id = \(company.tenant.id) and 'admin' = any(roles) and disabled_at is null") == 1)
    }

    @Test("T24 a transaction that has begun to remove the other admin is waited for, and then the last one stays")
    func twoTransactions() async throws {
        let company = try await TestCompany.fresh()
        let (one, two) = (try await company.member("admin"), try await company.member("admin"))
        let desk = RoleDesk(tenant: company.tenant, roles: ["admin"])
        let draft = RolesDraft(roles: ["resident"], version: nil)
        let walled = company.walled
        let second = try await walled.write { tx in
            _ = try await Standings(tx: tx, desk: desk).change(two.id, to: draft, by: one.id)
            let second = Task {
                try await walled.write { tx in
                    try await Standings(tx: tx, desk: desk).change(one.id, to: draft, by: two.id).roles
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            return second
        }
        await #expect(throws: Failure.self) { try await second.value }
        #expect(try await company.roles(of: one) == ["admin"])
        #expect(try await company.roles(of: two) == ["resident"])
    }

    @Test(
        "V7.4.2 a disabled member is out at the next request, by cookie, token, personal token, refresh and password; enabling opens the door, not the old sign-ins"
    )
    func disabling() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.person("manager"))
        let tokens = try await person.signIn()
        let refresh = try #require(tokens.json?["refreshToken"] as? String)
        #expect(try await person.member.get("/dashboard").status == 200)
        #expect(try await person.member.api(.get, "/me").status == 200)
        let done = try await admin.api(.post, "\(person.member.path)/suspension", #"{"reason":"Left the company"}"#)
        #expect(done.status == 200 && done.json?["disabled"] as? Bool == true)
        #expect(try await person.member.get("/dashboard").location?.hasPrefix("/login") == true)
        #expect(try await person.member.api(.get, "/me").status == 401)
        #expect(try await company.program("/api/v1/auth/refresh", "{\"refreshToken\":\"\(refresh)\"}").status == 401)
        #expect(try await person.signIn().status == 401)
        #expect(try await company.count("app.session where member_id = \(person.member.id)") == 0)
        let line = try await company.trail(admin, of: person.member, "member.disabled").first
        #expect((line?["after"] as? [String: Any])?["reason"] as? String == "Left the company")
        #expect(try await admin.post("\(person.member.path)/suspension/revocation").status == 303)
        #expect(try await person.member.get("/dashboard").location?.hasPrefix("/login") == true)
        #expect(try await person.signIn().status == 200)
        #expect(try await company.trail(admin, of: person.member, "member.enabled").count == 1)
    }

    @Test("Nobody disables somebody who may do more than they; T69 a disabled member's sign-in looks like any wrong one")
    func disabledLooksWrong() async throws {
        let company = try await TestCompany.whereManagers(may: "people:disable")
        let (manager, admin) = (try await company.member("manager"), try await company.member("admin"))
        let person = try await company.person("resident")
        #expect(try await manager.api(.post, "\(admin.path)/suspension").status == 403)
        #expect(!(try await manager.get(admin.path)).text.contains("/suspension"))
        #expect((try await manager.get(person.member.path)).text.contains("/suspension"))
        #expect(try await manager.api(.post, "\(person.member.path)/suspension").status == 200)
        let known = try await person.signIn()
        let unknown = try await company.program(
            "/api/v1/auth/login", "{\"email\":\"\(TestCompany.address())\",\"password\":\"\(goodPassword)\"}")
        #expect(known.status == 401 && known.withoutRequestID == unknown.withoutRequestID)
    }
}
