import Foundation
import Testing

@testable import portico

@Suite("Flow 7: what it cost and how it was")
struct CostAndRatingTests {
    @Test("The cost of a resolution is kept in minor units; staff see it on page, API and CSV, residents nowhere")
    func cost() async throws {
        let company = try await TestCompany.fresh()
        let (manager, fault) = try await assigned(company)
        let answer = try await manager.post(
            "/faults/\(fault.number)/resolve", [("resolution", "Ventil getauscht"), ("cost", "1.120,50")])
        #expect(answer.status == 303, "\(answer.text)")
        let json = try await manager.api(.get, "/faults/\(fault.id)").json
        #expect((json?["cost"] as? [String: Any])?["amount"] as? Int == 112_050)
        #expect((json?["cost"] as? [String: Any])?["currency"] as? String == "EUR")
        #expect(try await manager.get("/faults/\(fault.number)").text.contains("1.120,50"))
        #expect(try await manager.get("/faults.csv").text.contains(",112050,EUR,"))
        #expect(try await fault.reporter.api(.get, "/faults/\(fault.id)").json?["cost"] == nil)
        #expect(try await !fault.reporter.get("/faults/\(fault.number)").text.contains("1.120,50"))
        #expect(try await !fault.reporter.get("/faults.csv").text.contains("112050"))
    }

    @Test("A cost that is no amount, or in another currency, is refused and what was typed stays")
    func badCost() async throws {
        let company = try await TestCompany.fresh()
        let (manager, fault) = try await assigned(company)
        let typed = try await manager.post("/faults/\(fault.number)/resolve", [("resolution", "r"), ("cost", "12,345")])
        #expect(typed.status == 422)
        #expect(typed.text.contains("value=\"12,345\""))
        for cost in ["{\"amount\":5,\"currency\":\"USD\"}", "{\"amount\":-1}", "{\"amount\":1e30}", "\"12\""] {
            let body = "{\"status\":\"resolved\",\"resolution\":\"r\",\"cost\":\(cost)}"
            #expect(try await manager.api(.patch, "/faults/\(fault.id)", body).status == 400, "\(cost)")
        }
    }

    @Test("The reporter rates when confirming; nobody else does it for them, and neighbours do not see it")
    func rating() async throws {
        let company = try await TestCompany.fresh()
        let (manager, fault) = try await assigned(company)
        try #require(
            try await manager.api(.patch, "/faults/\(fault.id)", "{\"status\":\"resolved\",\"resolution\":\"r\"}").status == 200)
        #expect(try await manager.api(.post, "/faults/\(fault.id)/confirm", "{\"rating\":5}").status == 403)
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/confirm", "{\"rating\":6}").status == 400)
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/confirm", "{\"ratingNote\":\"gut\"}").status == 400)
        #expect(try await fault.reporter.get("/faults/\(fault.number)").text.contains("name=\"rating\""))
        let done = try await fault.reporter.post(
            "/faults/\(fault.number)/confirm", [("rating", "4"), ("rating_note", "Schnell und sauber")])
        #expect(done.status == 303)
        let json = try await manager.api(.get, "/faults/\(fault.id)").json
        #expect(json?["rating"] as? Int == 4)
        #expect(json?["ratingNote"] as? String == "Schnell und sauber")
        #expect(try await manager.get("/faults/\(fault.number)").text.contains("4 Sterne von 5: Schnell und sauber"))
        #expect(try await manager.get("/faults.csv").text.contains(",4,Schnell und sauber\r\n"))
    }

    private func assigned(_ company: TestCompany) async throws -> (TestMember, TestFault) {
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        try #require(
            try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        return (manager, fault)
    }
}
