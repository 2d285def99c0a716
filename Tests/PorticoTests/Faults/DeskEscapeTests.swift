import Foundation
import Testing

@testable import portico

@Suite("Tenant escape at the desk")
struct DeskEscapeTests {
    @Test(
        "Flow 7 (e), T01 another company's fault, view, batch and technician are 404 at every address of the desk, and stay as they are"
    )
    func foreign() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (manager, theirs) = (try await a.member("manager"), try await b.member("manager"))
        let (fault, own) = (try await TestFault.reported(in: b), try await TestFault.reported(in: a))
        let view =
            try await theirs.api(.post, "/faults/views?state=open", "{\"name\":\"v\",\"shared\":true}").json?["id"] as? String
        let ran = try await theirs.api(
            .post, "/faults/batch", "{\"act\":\"comment\",\"comment\":\"x\",\"faultIds\":[\"\(fault.id)\"]}")
        let batch = try #require(ran.json?["batchId"] as? String)
        for (path, body) in [
            ("/faults/\(fault.id)/comments", "{\"comment\":\"x\"}"),
            ("/faults/\(fault.id)/original", "{\"original\":\"\(own.number)\"}"),
            ("/faults/\(fault.id)/original/undo", "{}"), ("/faults/batches/\(batch)/undo", "{}"),
            ("/faults/technicians/\(theirs.id)", "{\"skills\":[]}"),
            ("/faults/batch", "{\"act\":\"comment\",\"comment\":\"x\",\"faultIds\":[\"\(fault.id)\"]}")
        ] {
            #expect(try await manager.api(.post, path, body).status == 404, "\(path)")
        }
        #expect(try await manager.api(.delete, "/faults/views/\(try #require(view))").status == 404)
        #expect(try await manager.api(.delete, "/faults/\(fault.id)/original").status == 404)
        #expect(try await manager.post("/faults/\(fault.id)/move", [("to", "assigned")]).status == 404)
        #expect(try await manager.get("/faults/sheets?fault_ids=\(fault.id)").status == 404)
        #expect(try await manager.api(.get, "/faults/batches/\(batch)").status == 404)
        #expect(try await manager.api(.get, "/faults/batch?fault_ids=\(fault.id)").json?["count"] as? Int == 0)
        #expect(try await manager.api(.post, "/faults/\(own.id)/original", "{\"original\":\"\(fault.id)\"}").status == 400)
        let after = try await theirs.api(.get, "/faults/\(fault.id)").json
        #expect(after?["version"] as? Int == 1 && (after?["comments"] as? [Any])?.count == 1)
    }

    @Test("A sheet is printed for each ticked fault with the company's name; fifty at most, and not by residents")
    func sheets() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let (one, two) = (try await TestFault.reported(in: company), try await TestFault.reported(in: company))
        let page = try await manager.get("/faults/sheets?fault_ids=\(one.id)&fault_ids=\(two.id)").text
        #expect(page.contains(one.number) && page.contains(two.number) && page.contains("Lindenhof Hausverwaltung"))
        #expect(page.components(separatedBy: "<section class=\"card sheet\"").count == 3)
        let many = (0..<51).map { _ in "fault_ids=\(UUID().uuidString.lowercased())" }.joined(separator: "&")
        #expect(try await manager.get("/faults/sheets?\(many)").status == 400)
        #expect(try await one.reporter.get("/faults/sheets?fault_ids=\(one.id)").status == 403)
    }
}
