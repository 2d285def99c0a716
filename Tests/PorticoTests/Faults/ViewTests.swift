import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 6: saved views")
struct ViewTests {
    @Test("A filter gets a name, stands above the list as a tab, and opens the list when it is the default")
    func saved() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let saved = try await manager.post(
            "/faults/views?state=open&category=plumbing&building=", [("name", "Offene Sanitär"), ("is_default", "1")])
        #expect(saved.status == 303 && saved.location == "/faults?category=plumbing&state=open")
        let page = try await manager.get("/faults?state=open&category=plumbing").text
        #expect(page.contains("<a href=\"/faults?category=plumbing&amp;state=open\" aria-current=\"page\">Offene Sanitär"))
        let bare = try await manager.get("/faults")
        #expect(bare.status == 303 && bare.location == "/faults?category=plumbing&state=open")
        #expect(try await manager.get("/faults?view=all").status == 200)
        #expect(try await manager.api(.get, "/faults").status == 200)
        let again = try await manager.post("/faults/views?state=overdue", [("name", "Überfällig"), ("is_default", "1")])
        #expect(again.status == 303)
        #expect(try await manager.get("/faults").location == "/faults?state=overdue")
    }

    @Test("A private view is its owner's alone; a shared one is for staff; nobody removes another's")
    func sharing() async throws {
        let company = try await TestCompany.fresh()
        let (manager, other, resident) = (
            try await company.member("manager"), try await company.member("manager"), try await company.member("resident")
        )
        try #require(try await manager.api(.post, "/faults/views?state=open", "{\"name\":\"Meine\"}").status == 201)
        let shared = try await manager.api(.post, "/faults/views?state=overdue", "{\"name\":\"Alle\",\"shared\":true}")
        let id = shared.json?["id"] as? String ?? ""
        func names(_ member: TestMember) async throws -> [String?] {
            (try await member.api(.get, "/faults/views").json?["items"] as? [[String: Any]] ?? []).map { $0["name"] as? String }
        }
        #expect(try await names(manager) == ["Alle", "Meine"])
        #expect(try await names(other) == ["Alle"])
        #expect(try await names(resident) == [])
        #expect(try await other.api(.delete, "/faults/views/\(id)").status == 404)
        let foreign = try await TestCompany.fresh().member("manager")
        #expect(try await foreign.api(.delete, "/faults/views/\(id)").status == 404)
        #expect(try await resident.api(.post, "/faults/views?state=open", "{\"name\":\"x\",\"shared\":true}").status == 403)
        #expect(try await resident.api(.post, "/faults/views?state=open", "{\"name\":\"x\"}").status == 201)
        #expect(try await manager.api(.delete, "/faults/views/\(id)").status == 204)
        #expect(try await names(other) == [])
    }

    @Test("A view without a name comes back with the list and what was typed")
    func refused() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let answer = try await manager.post("/faults/views?state=open", [("name", "")])
        #expect(answer.status == 422 && answer.text.contains("href=\"#f-name\""))
    }
}
