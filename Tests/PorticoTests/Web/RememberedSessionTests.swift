import Database
import Foundation
import Testing

/// A page starts with the session as this process remembers it; whether it still holds is asked along with what the page reads.
@Suite("Remembered sessions")
struct RememberedSessionTests {
    private func change(_ member: TestMember, _ change: SQL) async throws {
        let tenant = member.company.tenant.id
        _ = try await member.company.walled.write { tx in
            try await tx.execute("update app.member set \(change) where tenant_id = \(tenant) and id = \(member.id)")
        }
    }

    private func end(_ member: TestMember) async throws {
        let tenant = member.company.tenant.id
        _ = try await member.company.walled.write { tx in
            try await tx.execute("delete from app.session where tenant_id = \(tenant) and member_id = \(member.id)")
        }
    }

    @Test(
        "T67 ended elsewhere, it opens nothing any more",
        arguments: [
            "/dashboard", "/faults", "/faults/new", "/faults/F-1999-0001", "/buildings", "/notifications", "/admin/jobs",
            "/account"
        ])
    func ended(_ path: String) async throws {
        let manager = try await TestCompany.fresh().member("manager")
        _ = try await manager.get("/faults")
        try await end(manager)
        let answer = try await manager.get(path)
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix("/login") == true)
        #expect(try await manager.api(.get, "/me").status == 401)
    }

    @Test("T23 a role taken away elsewhere counts at the next request, and one that is given, too")
    func roles() async throws {
        let manager = try await TestCompany.fresh().member("manager")
        #expect(try await manager.get("/buildings").status == 200)
        try await change(manager, "roles = '{resident}'")
        #expect(try await manager.get("/buildings").status == 403)
        #expect(try await manager.get("/dashboard").status == 200)
        try await change(manager, "roles = '{manager}'")
        #expect(try await manager.get("/buildings").status == 200)
    }

    @Test("What staff see is not shown to somebody who was staff a moment ago")
    func narrowed() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let manager = try await company.member("manager")
        #expect(try await manager.api(.get, "/faults").json?["total"] as? Int == 1)
        try await change(manager, "roles = '{resident}'")
        #expect(try await manager.api(.get, "/faults").json?["total"] as? Int == 0)
        #expect(try await manager.api(.get, "/faults/\(fault.id)").status == 404)
    }

    @Test("Another language counts at the next page")
    func language() async throws {
        let manager = try await TestCompany.fresh().member("manager")
        #expect(try await manager.get("/dashboard").text.contains("<html lang=\"de\""))
        try await change(manager, "locale = 'en'")
        #expect(try await manager.get("/dashboard").text.contains("<html lang=\"en\""))
    }

    @Test("The bell counts what came since")
    func bell() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let before = try await manager.get("/faults").text
        _ = try await TestFault.reported(in: company)
        try await company.drainJobs()
        let after = try await manager.get("/faults").text
        #expect(!before.contains("class=\"count\"") && after.contains("class=\"count\""))
    }

    @Test("Another company's host does not know the session")
    func otherCompany() async throws {
        let (one, two) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let manager = try await one.member("manager")
        #expect(try await manager.get("/faults").status == 200)
        let stranger = TestMember(company: two, id: manager.id, cookie: manager.cookie, bearer: manager.bearer)
        #expect(try await stranger.get("/faults").status == 303)
        #expect(try await stranger.api(.get, "/faults").status == 401)
    }
}
