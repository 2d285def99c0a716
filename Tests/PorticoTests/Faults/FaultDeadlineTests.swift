import Database
import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Deferring and deadlines")
struct FaultDeadlineTests {
    @Test("What is deferred until a day opens by itself on that day, once, and whoever had it is told")
    func deferred() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician, fault) = try await assigned(company)
        let zone = company.tenant.timeZone
        let until = try #require(CalendarDate(Date(), in: zone).adding(days: 3))
        let held = try await manager.api(
            .patch, "/faults/\(fault.id)", "{\"status\":\"on_hold\",\"reason\":\"Teil bestellt\",\"holdUntil\":\"\(until)\"}")
        #expect(held.status == 200, "\(held.text)")
        #expect(held.json?["holdUntil"] as? String == "\(until)")
        let noon = until.noon(in: zone)
        for (day, status) in [(-1.0, "on_hold"), (0, "assigned"), (0, "assigned"), (1, "assigned")] {
            let due = noon.addingTimeInterval(day * 86_400)
            try await company.asWorker(at: due) { tx in try await ResumeHeld(due: due).run(tx, zone: zone) }
            #expect(try await manager.api(.get, "/faults/\(fault.id)").json?["status"] as? String == status)
        }
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(technician).filter { $0 == "fault.resumed" }.count == 1)
        let history = try await manager.api(.get, "/faults/\(fault.id)").json?["history"] as? [[String: Any]]
        #expect(history?.map { $0["kind"] as? String } == ["reported", "assigned", "held", "resumed"])
    }

    @Test("A day that has come, or beyond a year, is refused; without a day it waits until somebody goes on")
    func days() async throws {
        let company = try await TestCompany.fresh()
        let (manager, _, fault) = try await assigned(company)
        let today = CalendarDate(Date(), in: company.tenant.timeZone)
        for day in ["\(today)", "1999-01-01", "\(try #require(today.adding(days: 367)))", "2026-02-30", "tomorrow"] {
            let answer = try await manager.post("/faults/\(fault.number)/hold", [("reason", "r"), ("hold_until", day)])
            #expect(answer.status == 422, "\(day)")
        }
        #expect(try await manager.post("/faults/\(fault.number)/hold", [("reason", "r"), ("hold_until", "")]).status == 303)
        let later = Date().addingTimeInterval(400 * 86_400)
        try await company.asWorker(at: later) { tx in try await ResumeHeld(due: later).run(tx, zone: company.tenant.timeZone) }
        #expect(try await manager.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "on_hold")
    }

    @Test("When a deferred fault's technician has left, it goes back into the queue and managers are told")
    func leaver() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician, fault) = try await assigned(company)
        let until = try #require(CalendarDate(Date(), in: company.tenant.timeZone).adding(days: 1))
        let body = "{\"status\":\"on_hold\",\"reason\":\"r\",\"holdUntil\":\"\(until)\"}"
        try #require(try await manager.api(.patch, "/faults/\(fault.id)", body).status == 200)
        try await company.asWorker { tx in
            try await tx.execute(
                "update app.member set disabled_at = now() where tenant_id = \(tx.facts.tenant) and id = \(technician.id)")
        }
        let due = until.noon(in: company.tenant.timeZone)
        try await company.asWorker(at: due) { tx in try await ResumeHeld(due: due).run(tx, zone: company.tenant.timeZone) }
        try await company.drainJobs()
        #expect(try await manager.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "reported")
        #expect(try await TestNotices.kinds(manager).contains("fault.unstaffed"))
    }

    @Test("A deadline is warned of with a quarter of the time left, and managers are told when it has passed; each once")
    func deadlines() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician, fault) = try await assigned(company)
        let json = try await manager.api(.get, "/faults/\(fault.id)").json
        let due = try #require((json?["dueAt"] as? String).flatMap { try? Date($0, strategy: .iso8601) })
        // Heating is of high priority: 24 hours, so six are a quarter.
        for (hours, warnings, escalations) in [(-7.0, 0, 0), (-5, 1, 0), (-4, 1, 0), (1, 1, 1), (2, 1, 1)] {
            try await company.asWorker(at: due.addingTimeInterval(hours * 3600)) { tx in
                try await WatchDeadlines(due: due).run(tx)
            }
            try await company.drainJobs()
            #expect(try await TestNotices.kinds(technician).filter { $0 == "fault.due_soon" }.count == warnings, "\(hours)")
            #expect(try await TestNotices.kinds(manager).filter { $0 == "fault.overdue" }.count == escalations, "\(hours)")
        }
    }

    @Test("Two workers that look at the deadlines at once tell once")
    func race() async throws {
        let company = try await TestCompany.fresh()
        let (manager, _, _) = try await assigned(company)
        let late = Date().addingTimeInterval(90 * 86_400)
        async let one: Void = company.asWorker(at: late) { tx in try await WatchDeadlines(due: late).run(tx) }
        async let two: Void = company.asWorker(at: late) { tx in try await WatchDeadlines(due: late).run(tx) }
        _ = try await (one, two)
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(manager).filter { $0 == "fault.overdue" }.count == 1)
    }

    private func assigned(_ company: TestCompany) async throws -> (TestMember, TestMember, TestFault) {
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        try #require(
            try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        return (manager, technician, fault)
    }
}
