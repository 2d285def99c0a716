import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 6: who gets a new fault")
struct StaffingTests {
    @Test("A new fault goes to whoever has the skill and the building and the fewest open faults, then longest without a new one")
    func balanced() async throws {
        let company = try await Self.skilled()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let (first, second) = (try await company.member("technician"), try await company.member("technician"))
        let (wrongSkill, wrongPlace) = (try await company.member("technician"), try await company.member("technician"))
        let elsewhere = try await company.home()
        try await equip(manager, first, ["heating", "plumbing"], home)
        try await equip(manager, second, ["heating"], home)
        try await equip(manager, wrongSkill, ["plumbing"], home)
        try await equip(manager, wrongPlace, ["heating"], elsewhere)
        var got: [UUID?] = []
        for _ in 0..<4 {
            let id = try await report(manager, home)
            try await company.drainJobs()
            got.append(
                (try await manager.api(.get, "/faults/\(id)").json?["assigneeId"] as? String).flatMap { UUID(uuidString: $0) })
        }
        #expect(Set(got[0...1]) == [first.id, second.id])
        #expect(got[2...3] == got[0...1])
        #expect(try await TestNotices.kinds(first).filter { $0 == "fault.assigned" }.count == 2)
    }

    @Test("When nobody is free the fault stays reported and managers are told once, however often the job runs")
    func nobody() async throws {
        let company = try await Self.skilled()
        let manager = try await company.member("manager")
        let technician = try await company.member("technician")
        let home = try await company.home()
        try await equip(manager, technician, ["heating"], home)
        try await company.asWorker { tx in
            try await tx.execute(
                "update app.member set disabled_at = now() where tenant_id = \(tx.facts.tenant) and id = \(technician.id)")
        }
        let id = try await report(manager, home)
        try await company.drainJobs()
        for _ in 0..<2 {
            try await company.asWorker { tx in
                try await AssignByRule(fault: try #require(UUID(uuidString: id))).run(tx, company.tenant)
            }
            try await company.drainJobs()
        }
        #expect(try await manager.api(.get, "/faults/\(id)").json?["status"] as? String == "reported")
        #expect(try await TestNotices.kinds(manager).filter { $0 == "fault.unstaffed" }.count == 1)
    }

    @Test("Faults that come in at once are spread, not all given to the same person")
    func atOnce() async throws {
        let company = try await Self.skilled()
        let manager = try await company.member("manager")
        let home = try await company.home()
        var technicians: [TestMember] = []
        for _ in 0..<3 {
            let one = try await company.member("technician")
            try await equip(manager, one, ["heating"], home)
            technicians.append(one)
        }
        var ids: [UUID] = []
        for _ in 0..<6 { ids.append(try #require(UUID(uuidString: try await report(manager, home)))) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids {
                group.addTask { try await company.asWorker { tx in try await AssignByRule(fault: id).run(tx, company.tenant) } }
            }
            try await group.waitForAll()
        }
        for one in technicians {
            #expect(try await manager.api(.get, "/faults?assignee=\(one.id)").json?["total"] as? Int == 2)
        }
    }

    @Test(
        "The page of a technician keeps what was chosen; foreign buildings and unknown skills are refused; residents do not see it"
    )
    func page() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (
            try await company.member("manager"), try await company.member("technician", name: "Jan Weber")
        )
        let (home, foreign) = (try await company.home(), try await TestCompany.fresh().home())
        let path = "/faults/technicians/\(technician.id.uuidString.lowercased())"
        let sent = try await manager.post(path, [("skills", "heating"), ("skills", "other"), ("buildings", "\(home.building)")])
        #expect(sent.status == 303)
        let page = try await manager.get(path).text
        #expect(page.contains("value=\"heating\" checked") && !page.contains("value=\"plumbing\" checked"))
        #expect(try await manager.get("/faults/technicians").text.contains("Heizung, Sonstiges"))
        #expect(try await manager.get("/faults/technicians.csv").text.contains("Jan Weber,\"heating; other\""))
        #expect(try await manager.post(path, [("skills", "magic")]).status == 422)
        let body = "{\"skills\":[\"heating\"],\"buildings\":[\"\(foreign.building)\"]}"
        #expect(try await manager.api(.post, path, body).status == 400)
        #expect(try await manager.api(.get, path).json?["skills"] as? [String] == ["heating", "other"])
        let resident = try await company.member("resident")
        #expect(try await resident.get(path).status == 403)
        #expect(try await manager.api(.get, "/faults/technicians/\(resident.id)").status == 404)
    }

    /// Lindenhof with heating given by skill.
    static func skilled() async throws -> TestCompany {
        try await TestCompany.fresh {
            $0.replacing(
                "title: {de: Heizung, en: Heating}", with: "title: {de: Heizung, en: Heating}\n      assign: {rule: skilled}")
        }
    }

    private func equip(_ manager: TestMember, _ technician: TestMember, _ skills: [String], _ home: TestHome) async throws {
        let list = skills.map { "\"\($0)\"" }.joined(separator: ",")
        let body = "{\"skills\":[\(list)],\"buildings\":[\"\(home.building)\"]}"
        let answer = try await manager.api(.post, "/faults/technicians/\(technician.id)", body)
        try #require(answer.status == 200, "\(answer.text)")
    }

    private func report(_ manager: TestMember, _ home: TestHome) async throws -> String {
        let body = "{\"title\":\"Heizung kalt\",\"description\":\"d\",\"category\":\"heating\",\"unitId\":\"\(home.unit)\"}"
        return try await manager.api(.post, "/faults", body).json?["faultId"] as? String ?? ""
    }
}
