import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 6: duplicates")
struct DuplicateTests {
    @Test("A merged fault's reporter hears how the original goes on, under their own number, and sees nothing of the other's")
    func follows() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let (original, copy) = (try await TestFault.reported(in: company), try await TestFault.reported(in: company))
        let merged = try await manager.api(.post, "/faults/\(copy.id)/original", "{\"original\":\"\(original.number)\"}")
        #expect(merged.status == 200, "\(merged.text)")
        #expect((merged.json?["duplicateOf"] as? [String: Any])?["number"] as? String == original.number)
        for body in ["{\"assigneeId\":\"\(technician.id)\"}", "{\"status\":\"resolved\",\"resolution\":\"ok\"}"] {
            try #require(try await manager.api(.patch, "/faults/\(original.id)", body).status == 200)
        }
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(original.reporter).contains("fault.resolved"))
        let told = try await TestNotices.kinds(copy.reporter)
        #expect(told.contains("fault.merged") && told.contains("fault.scheduled"))
        #expect(told.filter { $0 == "fault.resolved_together" }.count == 1)
        for text in [
            try await copy.reporter.get("/faults/\(copy.number)").text,
            try await copy.reporter.api(.get, "/faults/\(copy.id)").text,
            try await copy.reporter.api(.get, "/notifications").text
        ] {
            #expect(!text.contains(original.number))
        }
        #expect(try await manager.get("/faults/\(original.number)").text.contains("href=\"/faults/\(copy.number)\""))
        #expect(try await manager.get("/faults/\(copy.number)").text.contains("href=\"/faults/\(original.number)\""))
    }

    @Test("A merge is taken back within ten minutes and the fault stands where it stood")
    func undo() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let (original, copy) = (try await TestFault.reported(in: company), try await TestFault.reported(in: company))
        for body in ["{\"assigneeId\":\"\(technician.id)\"}", "{\"status\":\"on_hold\",\"reason\":\"Teil bestellt\"}"] {
            try #require(try await manager.api(.patch, "/faults/\(copy.id)", body).status == 200)
        }
        let form = [("original", original.number)]
        try #require(try await manager.post("/faults/\(copy.number)/original", form).status == 303)
        #expect(try await manager.get("/faults/\(copy.number)").text.contains("/original/undo"))
        #expect(try await manager.post("/faults/\(copy.number)/original/undo").status == 303)
        let json = try await manager.api(.get, "/faults/\(copy.id)").json
        #expect(json?["status"] as? String == "on_hold")
        #expect(json?["holdReason"] as? String == "Teil bestellt")
        let kinds = (json?["history"] as? [[String: Any]])?.map { $0["kind"] as? String }
        #expect(kinds == ["reported", "assigned", "held", "merged", "separated"])
        #expect(try await manager.api(.delete, "/faults/\(copy.id)/original").code == "undo_over")
    }

    @Test("What cannot be merged is refused: itself, into nothing, into what is over, crosswise, or by a resident")
    func refusals() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let foreign = try await TestFault.reported(in: try await TestCompany.fresh())
        let (one, two, three) = (
            try await TestFault.reported(in: company), try await TestFault.reported(in: company),
            try await TestFault.reported(in: company)
        )
        func merge(_ fault: TestFault, into number: String, by member: TestMember? = nil) async throws -> TestAnswer {
            try await (member ?? manager).api(.post, "/faults/\(fault.id)/original", "{\"original\":\"\(number)\"}")
        }
        #expect(try await merge(one, into: one.number).text.contains("same_fault"))
        #expect(try await merge(one, into: "F-1999-0001").status == 400)
        #expect(try await merge(one, into: foreign.id).status == 400)
        #expect(try await merge(one, into: two.number, by: one.reporter).status == 403)
        try #require(try await merge(one, into: two.number).status == 200)
        #expect(try await merge(two, into: three.number).text.contains("has_duplicates"))
        #expect(try await merge(three, into: one.number).text.contains("original_over"))
        #expect(try await merge(one, into: three.number).code == "invalid_transition")
        let page = try await manager.post("/faults/\(three.number)/original", [("original", "F-nirgends")])
        #expect(page.status == 422 && page.text.contains("value=\"F-nirgends\""))
    }

    @Test("Two who merge crosswise at once: one succeeds, the other is refused, nothing hangs")
    func crosswise() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let (one, two) = (try await TestFault.reported(in: company), try await TestFault.reported(in: company))
        async let first = manager.api(.post, "/faults/\(one.id)/original", "{\"original\":\"\(two.number)\"}")
        async let second = manager.api(.post, "/faults/\(two.id)/original", "{\"original\":\"\(one.number)\"}")
        #expect(try await [first.status, second.status].sorted() == [200, 400])
    }

    @Test("Managers are shown open faults at the same place that may be the same")
    func suggestion() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let (home, elsewhere) = (try await company.home(), try await company.home())
        let first = try await TestFault.report(by: manager, unit: home.unit)
        let second = try await TestFault.report(by: manager, unit: home.unit)
        let far = try await TestFault.report(by: manager, unit: elsewhere.unit)
        let number = try await manager.api(.get, "/faults/\(first)").json?["number"] as? String ?? ""
        let text = try await manager.get("/faults/\(second)").text
        #expect(text.contains("name=\"original\" value=\"\(number)\""))
        #expect(try await !manager.get("/faults/\(far)").text.contains("name=\"original\" value=\"F-"))
    }
}
