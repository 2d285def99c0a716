import Foundation
import HTTPTypes
import Testing
import Web

@testable import portico

@Suite("Tenant escape")
struct TenantEscapeTests {
    @Test("T01 T02 another company's fault answers like one that does not exist, byte for byte, and stays as it is")
    func foreignFault() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let fault = try await TestFault.reported(in: b)
        let manager = try await a.member("manager")
        let random = UUID().uuidString.lowercased()
        for path in ["/faults/ID", "/faults/ID/edit", "/files/ID", "/files/ID/thumbnail", "/faults/ID/photos/ID"] {
            let foreign = try await manager.get(path.replacing("ID", with: fault.id))
            let absent = try await manager.get(path.replacing("ID", with: random))
            #expect(foreign.status == 404)
            #expect(foreign.withoutRequestID == absent.withoutRequestID, "\(path)")
        }
        for path in ["/faults/ID", "/files/ID"] {
            let foreign = try await manager.api(.get, path.replacing("ID", with: fault.id))
            #expect(foreign.status == 404)
            #expect(
                foreign.withoutRequestID == (try await manager.api(.get, path.replacing("ID", with: random))).withoutRequestID)
        }
        for act in ["assign", "start", "hold", "resolve", "confirm", "reopen", "cancel"] {
            let foreign = try await manager.api(.post, "/faults/\(fault.id)/\(act)", "{\"reason\":\"x\",\"resolution\":\"x\"}")
            #expect(foreign.status == 404, "\(act)")
            #expect(try await manager.post("/faults/\(fault.id)/\(act)", [("reason", "x"), ("resolution", "x")]).status == 404)
        }
        #expect(try await manager.api(.patch, "/faults/\(fault.id)", "{\"title\":\"stolen\"}").status == 404)
        let after = try await fault.reporter.api(.get, "/faults/\(fault.id)")
        #expect(after.json?["title"] as? String == "Heizung kalt")
        #expect(after.json?["version"] as? Int == 1)
    }

    @Test("T03 tenant in body, query, header or cookie changes nothing; another company's host knows neither token nor cookie")
    func otherHost() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let manager = try await a.member("manager")
        let fault = try await TestFault.reported(in: b)
        let own = try await manager.api(.get, "/faults?tenant_id=\(b.tenant.id)&tenant=\(b.tenant.slug)")
        #expect(own.json?["total"] as? Int == 0)
        var headers: HTTPFields = [.authorization: "Bearer \(manager.bearer)"]
        #expect(try await b.anonymous(.get, "/api/v1/faults", headers).status == 401)
        for name in ["X-Tenant-ID", "X-Tenant", "X-Forwarded-Host"] {
            if let name = HTTPField.Name(name) { headers[name] = b.host }
        }
        let answer = try await a.anonymous(.get, "/api/v1/faults/\(fault.id)", headers)
        #expect(answer.status == 404)
        #expect(
            try await b.anonymous(.get, "/faults", [.cookie: "portico=\(manager.cookie)"]).location == "/login?next=%2Ffaults")
    }

    @Test("T03 no Host, two Hosts, an unknown one and an absolute-form target are refused")
    func hosts() async throws {
        let company = try await TestCompany.fresh()
        #expect(try await TestAnswer.of(company.app, nil, .get, "/login", [:], []).status == 400)
        #expect(try await TestAnswer.of(company.app, "", .get, "/login", [:], []).status == 400)
        if let host = HTTPField.Name("Host") {
            #expect(try await TestAnswer.of(company.app, company.host, .get, "/login", [host: "other.test"], []).status == 400)
        }
        #expect(try await TestAnswer.of(company.app, "nobody.test", .get, "/login", [:], []).status == 404)
        #expect(try await TestAnswer.of(company.app, company.host, .get, "http://\(company.host)/login", [:], []).status == 400)
    }

    @Test("T04 a unit of one building with the other building, and another company's unit, are no place to report for")
    func mixedPlaces() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let manager = try await a.member("manager")
        let (here, there, foreign) = (try await a.home(), try await a.home(), try await b.home())
        func report(_ unit: UUID, _ building: UUID) async throws -> Int {
            try await manager.api(
                .post, "/faults",
                "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\"unitId\":\"\(unit)\",\"buildingId\":\"\(building)\"}"
            ).status
        }
        #expect(try await report(here.unit, here.building) == 201)
        #expect(try await report(here.unit, there.building) == 404)
        #expect(try await report(foreign.unit, here.building) == 404)
        #expect(try await report(foreign.unit, foreign.building) == 404)
    }

    @Test("T25 residents see what they reported, their own unit and their building's common parts, never a neighbour's unit")
    func neighbours() async throws {
        let company = try await TestCompany.fresh()
        let (mine, theirs) = (try await company.home("1"), try await company.home("2"))
        let (me, neighbour, manager) = (
            try await company.member("resident"), try await company.member("resident"), try await company.member("manager")
        )
        try await company.moveIn(me, mine)
        try await company.moveIn(neighbour, theirs)
        let private_ = try await TestFault.report(by: neighbour, unit: theirs.unit)
        #expect(try await me.api(.get, "/faults/\(private_)").status == 404)
        let common = try await TestFault.report(by: manager, building: mine.building)
        let seen = try await me.api(.get, "/faults/\(common)")
        #expect(seen.status == 200)
        #expect((seen.json?["reporter"] as? [String: Any])?["name"] as? String == "")
        #expect((seen.json?["history"] as? [[String: Any]])?.first?["actor"] as? String == nil)
        #expect(try await me.api(.get, "/faults").json?["total"] as? Int == 1)
        #expect(
            try await me.api(
                .post, "/faults", "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\"unitId\":\"\(theirs.unit)\"}"
            ).status == 404)
    }
}

/// A fault made through the API, as programs do it.
struct TestFault {
    let id: String
    let number: String
    let reporter: TestMember

    static func reported(in company: TestCompany) async throws -> TestFault {
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        let answer = try await resident.api(
            .post, "/faults", "{\"title\":\"Heizung kalt\",\"description\":\"Seit gestern.\",\"category\":\"heating\"}")
        try #require(answer.status == 201, "\(answer.text)")
        return TestFault(
            id: answer.json?["faultId"] as? String ?? "", number: answer.json?["number"] as? String ?? "", reporter: resident)
    }

    static func report(by member: TestMember, unit: UUID? = nil, building: UUID? = nil) async throws -> String {
        let place = unit.map { "\"unitId\":\"\($0)\"" } ?? building.map { "\"buildingId\":\"\($0)\"" } ?? "\"x\":1"
        let answer = try await member.api(
            .post, "/faults", "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\(place)}")
        try #require(answer.status == 201, "\(answer.text)")
        return answer.json?["faultId"] as? String ?? ""
    }
}
