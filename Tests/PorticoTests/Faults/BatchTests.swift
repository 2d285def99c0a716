import Database
import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Flow 7: acts on many faults")
struct BatchTests {
    @Test("T05 999 own faults and one of another company: all refused, none changed")
    func foreign() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let home = try await company.home()
        let first = try await TestFault.report(by: manager, unit: home.unit)
        try await company.asWorker { tx in
            try await tx.execute(
                """
                insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id,
                                      reporter_id, reported_at, due_at, state_at)
                select f.tenant_id, gen_random_uuid(), 'X-' || n, 't', 'd', 'other', 'normal', 'reported', f.building_id, f.unit_id,
                       f.reporter_id, now(), now() + interval '3 days', now()
                  from app.fault f, generate_series(1, 998) as n where f.tenant_id = \(tx.facts.tenant)
                """)
        }
        let own = try await company.walled.read { tx in
            try await tx.values("select id from app.fault where tenant_id = \(tx.facts.tenant)", UUID.self)
        }
        #expect(own.count == 999)
        let other = try await TestFault.reported(in: try await TestCompany.fresh())
        func assign(_ ids: [String]) async throws -> TestAnswer {
            let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
            return try await manager.api(
                .post, "/faults/batch", "{\"act\":\"assign\",\"assigneeId\":\"\(technician.id)\",\"faultIds\":[\(list)]}")
        }
        let all = own.map { $0.uuidString.lowercased() }
        #expect(try await assign(all + [other.id]).status == 404)
        #expect(try await manager.api(.get, "/faults?state=assigned").json?["total"] as? Int == 0)
        #expect(try await other.reporter.api(.get, "/faults/\(other.id)").json?["status"] as? String == "reported")
        let done = try await assign(all)
        #expect(done.status == 201 && done.json?["done"] as? Int == 999, "\(done.text.prefix(300))")
        #expect(try await manager.api(.get, "/faults/\(first)").json?["version"] as? Int == 2)
    }

    @Test("Each fault is changed wholly or not at all, with its result; within ten minutes it is undone where nobody went on")
    func undo() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let faults = [
            try await TestFault.reported(in: company), try await TestFault.reported(in: company),
            try await TestFault.reported(in: company)
        ]
        try #require(
            try await manager.api(.patch, "/faults/\(faults[2].id)", "{\"status\":\"cancelled\",\"reason\":\"r\"}").status == 200)
        let form = faults.map { ("fault_ids", $0.id) } + [("act", "assign"), ("assignee_id", "\(technician.id)")]
        let sent = try await manager.post("/faults/batch", form)
        #expect(sent.status == 303)
        let path = try #require(sent.location)
        let result = try await manager.api(.get, path).json
        #expect(result?["done"] as? Int == 2)
        #expect(result?["notPossible"] as? Int == 1)
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(technician).filter { $0 == "fault.assigned" }.count == 2)
        #expect(try await manager.api(.get, "/faults/\(faults[0].id)").text.contains("\"kind\":\"assigned\""))
        try #require(
            try await technician.api(.patch, "/faults/\(faults[1].id)", "{\"status\":\"in_progress\"}").status == 200)
        let stranger = try await company.member("manager")
        #expect(try await stranger.post("\(path)/undo").status == 404)
        #expect(try await manager.post("\(path)/undo").status == 303)
        let undone = try await manager.api(.get, "/faults/\(faults[0].id)").json
        #expect(undone?["status"] as? String == "reported" && undone?["assigneeId"] == nil)
        #expect(try await manager.api(.get, "/faults/\(faults[1].id)").json?["status"] as? String == "in_progress")
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(technician).filter { $0 == "fault.unassigned" }.count == 1)
        #expect(try await manager.api(.post, "\(path)/undo", "{}").code == "undo_over")
    }

    @Test("The whole filter is confirmed with count and sample, and refused when the count has moved by more than 5 %")
    func wholeFilter() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        for _ in 0..<3 { _ = try await TestFault.report(by: manager, unit: home.unit) }
        let page = try await manager.get("/faults/batch?category=other&all=1").text
        #expect(page.contains("name=\"count\" value=\"3\"") && page.contains("action=\"/faults/batch?category=other\""))
        _ = try await TestFault.report(by: manager, unit: home.unit)
        let form = [("all", "1"), ("count", "3"), ("act", "priority"), ("priority", "urgent")]
        let moved = try await manager.post("/faults/batch?category=other", form)
        #expect(moved.status == 409 && moved.text.contains("name=\"count\" value=\"4\""))
        #expect(try await !manager.get("/faults.csv").text.contains(",urgent,"))
        let done = try await manager.post("/faults/batch?category=other", [("all", "1"), ("count", "4")] + form.suffix(2))
        #expect(done.status == 303)
        #expect(try await manager.get("/faults.csv").text.components(separatedBy: ",urgent,").count == 5)
        #expect(try await manager.post("\(try #require(done.location))/undo").status == 303)
        #expect(try await !manager.get("/faults.csv").text.contains(",urgent,"))
    }

    @Test(
        "More than 200 faults of a filter are changed by a job that shows its progress, goes on after a kill, and is taken back")
    func job() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let home = try await company.home()
        _ = try await TestFault.report(by: manager, unit: home.unit)
        try await company.asWorker { tx in
            try await tx.execute(
                """
                insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id,
                                      reporter_id, reported_at, due_at, state_at)
                select f.tenant_id, gen_random_uuid(), 'X-' || n, 't', 'd', 'other', 'normal', 'reported', f.building_id, f.unit_id,
                       f.reporter_id, now(), now() + interval '3 days', now()
                  from app.fault f, generate_series(1, 449) as n where f.tenant_id = \(tx.facts.tenant)
                """)
        }
        #expect(try await manager.get("/faults/batch?category=other&all=1").text.contains("im Hintergrund"))
        let form = [("all", "1"), ("count", "450"), ("act", "assign"), ("assignee_id", "\(technician.id)")]
        let sent = try await manager.post("/faults/batch?category=other", form)
        let path = try #require(sent.location, "\(sent.text.prefix(300))")
        let running = try #require(try await manager.api(.get, path).json)
        #expect(running["state"] as? String == "running" && running["pending"] as? Int == 450)
        #expect(try await manager.get(path).text.contains("http-equiv=\"refresh\""))
        #expect(try await manager.api(.post, "\(path)/undo", "{}").status == 409)
        // A worker that dies after its first portion leaves the rest to the next one, and nothing half done.
        let batch = try #require((running["batchId"] as? String).flatMap { UUID(uuidString: $0) })
        let facts = TxFacts(tenant: company.tenant.id, actor: manager.id, requestID: "test", address: nil, now: Date())
        try await company.app.workerDatabase.tenant(facts).write { tx in
            let draft = try await tx.one(
                "select act, assignee_id, priority, comment, internal from app.fault_batch where tenant_id = \(company.tenant.id)",
                BatchDraft.self)
            let faults = try await Faults.of(manager.id, tx, company.tenant)
            #expect(try await Batches(faults: faults).work(batch, draft) == 200)
        }
        #expect(try await manager.api(.get, path).json?["pending"] as? Int == 250)
        try await company.drainJobs()
        let done = try #require(try await manager.api(.get, path).json)
        #expect(done["state"] as? String == "done" && done["done"] as? Int == 450 && done["pending"] as? Int == 0)
        let (twice, told) = try await company.walled.read(
            Query.value(
                """
                select count(*) from (select fault_id from app.fault_entry
                  where tenant_id = \(company.tenant.id) and kind = 'assigned' group by fault_id having count(*) > 1) t
                """, Int.self),
            Query.value(
                "select count(*) from app.event where tenant_id = \(company.tenant.id) and name = 'FaultAssigned'", Int.self))
        #expect(twice == 0 && told == 450)
        #expect(try await manager.post("\(path)/undo").status == 303)
        try await company.drainJobs()
        #expect(try await manager.api(.get, "/faults?state=reported").json?["total"] as? Int == 450)
        #expect(try await manager.api(.get, path).json?["undone"] as? Int == 450)
    }

    @Test("A job of somebody who may no longer manage changes nothing more")
    func dismissed() async throws {
        let company = try await TestCompany.fresh()
        let (manager, other) = (try await company.member("manager"), try await company.member("manager"))
        try await FaultStock.fresh(company).addMany(300)
        let sent = try await manager.post(
            "/faults/batch?state=closed", [("all", "1"), ("count", "294"), ("act", "comment"), ("comment", "Hallo")])
        let path = try #require(sent.location, "\(sent.text.prefix(300))")
        try await company.asWorker { tx in
            try await tx.execute(
                "update app.member set roles = array['resident'] where tenant_id = \(tx.facts.tenant) and id = \(manager.id)")
        }
        try await company.drainJobs()
        let summary = try #require(try await other.api(.get, path).json)
        #expect(summary["notPossible"] as? Int == 294 && summary["state"] as? String == "done")
    }

    @Test("A comment on many is taken back from all of them; nothing ticked, no text and residents are refused")
    func comments() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        let ticked = [("fault_ids", fault.id), ("act", "comment")]
        #expect(try await manager.post("/faults/batch", ticked + [("comment", "")]).status == 422)
        let sent = try await manager.post("/faults/batch", ticked + [("comment", "Der Monteur kommt Dienstag")])
        #expect(try await fault.reporter.get("/faults/\(fault.number)").text.contains("Dienstag"))
        #expect(try await manager.post("\(try #require(sent.location))/undo").status == 303)
        #expect(try await !fault.reporter.get("/faults/\(fault.number)").text.contains("Dienstag"))
        #expect(try await manager.post("/faults/batch", [("act", "comment"), ("comment", "x")]).status == 422)
        #expect(try await manager.get("/faults/batch").text.contains("Nichts ist ausgewählt"))
        #expect(try await fault.reporter.api(.post, "/faults/batch", "{}").status == 403)
        #expect(try await !fault.reporter.get("/faults").text.contains("fault_ids"))
    }
}
