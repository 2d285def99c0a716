import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 7: the board")
struct BoardTests {
    @Test("Every column counts all of its faults, shows the newest, and goes on from the last card")
    func columns() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        for _ in 0..<10 { _ = try await TestFault.report(by: manager, unit: home.unit) }
        let board = try await manager.api(.get, "/faults/board")
        let columns = try #require(board.json?["columns"] as? [[String: Any]])
        #expect(columns.map { $0["status"] as? String } == FaultState.allCases.map(\.rawValue))
        #expect(columns[0]["count"] as? Int == 10)
        #expect((columns[0]["items"] as? [Any])?.count == FaultDesk.cardsPerColumn)
        let cursor = try #require(columns[0]["nextCursor"] as? String)
        let rest =
            try await manager.api(.get, "/faults/board?column=reported&cursor=\(cursor)").json?["columns"] as? [[String: Any]]
        #expect((rest?[0]["items"] as? [Any])?.count == 2)
        let page = try await manager.get("/faults/board").text
        #expect(page.contains("/faults/board?cursor=\(cursor)&amp;column=reported"))
        #expect(page.components(separatedBy: "<article>").count == FaultDesk.cardsPerColumn + 1)
    }

    @Test("A card offers exactly where the fault may go, and moving follows the same rules as its page")
    func moves() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        let move = "/faults/\(fault.number)/move"
        #expect(try await manager.get("/faults/board").text.contains("<option value=\"assigned\">"))
        // Assigning needs a person, so the move leads to the form.
        let asked = try await manager.post(move, [("to", "assigned"), ("version", "1")])
        #expect(asked.status == 303 && asked.location == "/faults/\(fault.number)?act=assign")
        #expect(try await manager.post(move, [("to", "in_progress"), ("version", "1")]).status == 400)
        try #require(
            try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        let board = try await technician.get("/faults/board").text.components(separatedBy: "<article>").last ?? ""
        #expect(board.contains("<option value=\"in_progress\">") && !board.contains("<option value=\"cancelled\">"))
        #expect(try await technician.post(move, [("to", "cancelled"), ("version", "2")]).status == 403)
        #expect(try await technician.post(move, [("to", "in_progress"), ("version", "1")]).status == 409)
        let moved = try await technician.post(
            move, [("to", "in_progress"), ("version", "2"), ("back", "/faults/board?category=heating")])
        #expect(moved.status == 303 && moved.location == "/faults/board?category=heating")
        #expect(try await manager.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "in_progress")
        let outside = try await manager.post(move, [("to", "closed"), ("back", "//evil.example")])
        #expect(outside.status == 400)
    }

    @Test("The board is narrowed down like the list, takes one round trip, and is not for residents")
    func filter() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        #expect(try await manager.get("/faults/board?category=heating").text.contains(fault.number))
        #expect(try await !manager.get("/faults/board?category=plumbing").text.contains(fault.number))
        #expect(try await manager.get("/faults/board?state=open").text.components(separatedBy: "<section").count == 6)
        #expect(try await fault.reporter.get("/faults/board").status == 403)
        let foreign = try await TestCompany.fresh().member("manager")
        #expect(try await !foreign.get("/faults/board").text.contains("Heizung kalt"))
    }
}
