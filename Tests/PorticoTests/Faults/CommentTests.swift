import Database
import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 7: comments and internal notes")
struct CommentTests {
    @Test("An internal note reaches staff, and no resident by page, API, notice or CSV")
    func internalNote() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        try #require(
            try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        let secret = "Mietminderung vorbereiten"
        let answer = try await manager.api(
            .post, "/faults/\(fault.id)/comments", "{\"comment\":\"\(secret) **jetzt**\",\"internal\":true}")
        #expect(answer.status == 201, "\(answer.text)")
        try await company.drainJobs()
        #expect(try await technician.get("/faults/\(fault.number)").text.contains("\(secret) <strong>jetzt</strong>"))
        #expect(try await kinds(technician).contains("fault.noted"))
        let reporter = fault.reporter
        for text in [
            try await reporter.get("/faults/\(fault.number)").text, try await reporter.api(.get, "/faults/\(fault.id)").text,
            try await reporter.api(.get, "/notifications").text, try await reporter.get("/faults.csv").text
        ] {
            #expect(!text.contains(secret))
        }
        #expect(try await !kinds(reporter).contains("fault.noted"))
        #expect(try await reporter.get("/faults.csv").text.contains(",0\r\n"))
        #expect(try await reporter.api(.get, "/faults/\(fault.id)").json?["comments"] as? [String] == [])
    }

    @Test("A public comment reaches the other side once; the page prints it as harmless Markdown")
    func publicComment() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        let sent = try await fault.reporter.post(
            "/faults/\(fault.number)/comments", [("comment", "Es *tropft* <script>alert(1)</script> weiter")])
        #expect(sent.status == 303)
        #expect(sent.location == "/faults/\(fault.number)")
        try await company.drainJobs()
        try await company.drainJobs()
        #expect(try await kinds(manager).filter { $0 == "fault.commented" }.count == 1)
        #expect(try await !kinds(fault.reporter).contains("fault.commented"))
        let page = try await manager.get("/faults/\(fault.number)").text
        #expect(page.contains("<em>tropft</em>") && !page.contains("<script>alert"))
    }

    @Test("T20 residents find no field for internal notes, and are refused when they send it")
    func hiddenField() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        #expect(try await !fault.reporter.get("/faults/\(fault.number)").text.contains("name=\"internal\""))
        let body = "{\"comment\":\"x\",\"internal\":true}"
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/comments", body).status == 403)
        let neighbour = try await company.member("resident")
        #expect(try await neighbour.api(.post, "/faults/\(fault.id)/comments", "{\"comment\":\"x\"}").status == 404)
    }

    @Test("Whoever is named with @ is told and may see the fault; whoever may not read it cannot be named")
    func mentions() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let jan = try await company.member("technician", name: "Jan Weber")
        let other = try await company.member("technician", name: "Jan Weber-Koch")
        let fault = try await TestFault.reported(in: company)
        #expect(try await jan.api(.get, "/faults/\(fault.id)").status == 404)
        let body = "{\"comment\":\"@jan weber, war das schon einmal?\",\"internal\":true}"
        try #require(try await manager.api(.post, "/faults/\(fault.id)/comments", body).status == 201)
        try await company.drainJobs()
        #expect(try await kinds(jan) == ["fault.mentioned"])
        #expect(try await kinds(other) == [])
        #expect(try await jan.api(.get, "/faults/\(fault.id)").status == 200)
        let stranger = try await company.member("resident")
        let refused = try await manager.api(
            .post, "/faults/\(fault.id)/comments", "{\"comment\":\"x\",\"mentions\":[\"\(stranger.id)\"]}")
        #expect(refused.status == 400 && refused.text.contains("mention_invalid"))
        let hidden = "{\"comment\":\"x\",\"internal\":true,\"mentions\":[\"\(fault.reporter.id)\"]}"
        #expect(try await manager.api(.post, "/faults/\(fault.id)/comments", hidden).status == 400)
    }

    @Test("A refused comment comes back with everything that was typed")
    func refused() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        let long = String(repeating: "ä", count: 5001)
        let answer = try await manager.post("/faults/\(fault.number)/comments", [("comment", long), ("internal", "1")])
        #expect(answer.status == 422)
        #expect(answer.text.contains(long) && answer.text.contains("href=\"#f-comment\""))
        #expect(answer.text.contains("name=\"internal\" value=\"1\" checked"))
        #expect(try await manager.api(.post, "/faults/\(fault.id)/comments", "{}").status == 400)
    }

    @Test("A neighbour who sees a common part's fault does not learn who reported it or wrote about it")
    func neighbours() async throws {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        let (reporter, neighbour) = (
            try await company.member("resident", name: "Nora Blum"), try await company.member("resident", name: "Tom Berg")
        )
        try await company.moveIn(reporter, home)
        try await company.moveIn(neighbour, home)
        let id = try await TestFault.report(by: reporter, building: home.building)
        try #require(try await reporter.api(.post, "/faults/\(id)/comments", "{\"comment\":\"immer noch\"}").status == 201)
        let seen = try await neighbour.api(.get, "/faults/\(id)")
        #expect(seen.status == 200 && seen.text.contains("immer noch") && !seen.text.contains("Nora Blum"))
        #expect(try await !neighbour.get("/faults/\(id)").text.contains("Nora Blum"))
        #expect(try await neighbour.api(.post, "/faults/\(id)/comments", "{\"comment\":\"x\"}").status == 403)
    }

    private func kinds(_ member: TestMember) async throws -> [String] {
        try await TestNotices.kinds(member)
    }
}

extension CommentTests {
    @Test("Sixty comments an hour are enough for anybody; the sixty-first is 429, and on the page it keeps what was typed")
    func limit() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        for _ in 0..<60 {
            try await FaultRoutes.commenting.spend(fault.reporter.id.text, company.walled, now: Date())
        }
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/comments", "{\"comment\":\"a\"}").status == 429)
        let page = try await fault.reporter.post("/faults/\(fault.number)/comments", [("comment", "Noch etwas")])
        #expect(page.status == 429 && page.text.contains("Noch etwas"))
    }
}

enum TestNotices {
    /// Kinds of a member's notices, newest first.
    static func kinds(_ member: TestMember) async throws -> [String] {
        let items = try await member.api(.get, "/notifications?limit=100").json?["items"] as? [[String: Any]]
        return items?.compactMap { $0["kind"] as? String } ?? []
    }
}

extension TestCompany {
    /// As the worker would do it at that time.
    func asWorker(at time: Date = Date(), _ work: (Tx) async throws -> Void) async throws {
        let facts = TxFacts(tenant: tenant.id, actor: nil, requestID: "test", address: nil, now: time)
        try await app.workerDatabase.tenant(facts).write(work)
    }
}
