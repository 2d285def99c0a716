import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Faults
@testable import portico

@Suite("Flow 6 and 7: reporting and resolving")
struct FaultFlowTests {
    @Test(
        "flow 7 (a) assign gives 200, the technician is told by inbox and mail and history has a row; (b) resolve informs the reporter once"
    )
    func journey() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let technician = try await company.member("technician", name: "Jan Weber")
        let fault = try await TestFault.reported(in: company)
        try await company.drainJobs()
        #expect(try await texts(manager) == ["fault.reported"])
        let assigned = try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\",\"version\":1}")
        #expect(assigned.status == 200)
        #expect(assigned.json?["status"] as? String == "assigned")
        #expect(assigned.json?["version"] as? Int == 2)
        try await company.drainJobs()
        #expect(try await texts(technician) == ["fault.assigned"])
        let mails = try await company.walled.read(
            Query.value(
                """
                select count(*) from app.delivery
                 where tenant_id = \(company.tenant.id) and member_id = \(technician.id) and kind = 'fault.assigned' and channel = 'mail'
                """, Int.self))
        #expect(mails == 1)
        #expect(try await technician.api(.patch, "/faults/\(fault.id)", "{\"status\":\"in_progress\"}").status == 200)
        let resolved = try await technician.api(
            .patch, "/faults/\(fault.id)", "{\"status\":\"resolved\",\"resolution\":\"Ventil getauscht\"}")
        #expect(resolved.status == 200)
        try await company.drainJobs()
        #expect(try await texts(fault.reporter).filter { $0 == "fault.resolved" }.count == 1)
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/confirm", "{}").json?["status"] as? String == "closed")
        let history = try await fault.reporter.api(.get, "/faults/\(fault.id)").json?["history"] as? [[String: Any]]
        #expect(history?.map { $0["kind"] as? String } == ["reported", "assigned", "started", "resolved", "confirmed"])
    }

    private func texts(_ member: TestMember) async throws -> [String?] {
        let items = try await member.api(.get, "/notifications").json?["items"] as? [[String: Any]]
        return items?.map { $0["kind"] as? String } ?? []
    }

    @Test("Every transition outside the table is 400 with what is allowed, inside it is done", arguments: FaultState.allCases)
    func transitions(state: FaultState) async throws {
        let company = try await TestCompany.fresh()
        let (manager, one, two) = (
            try await company.member("manager"), try await company.member("technician"), try await company.member("technician")
        )
        for target in FaultState.allCases where target != .reported {
            let fault = try await TestFault.reported(in: company)
            try await bring(fault.id, to: state, manager, one)
            let body = "{\"status\":\"\(target.rawValue)\",\"assigneeId\":\"\(two.id)\",\"reason\":\"r\",\"resolution\":\"r\"}"
            let answer = try await manager.api(.patch, "/faults/\(fault.id)", body)
            if state.next.contains(target) {
                #expect(answer.status == 200, "\(state) → \(target): \(answer.text)")
                #expect(answer.json?["status"] as? String == target.rawValue)
            } else {
                #expect(answer.status == 400, "\(state) → \(target)")
                #expect(answer.code == "invalid_transition")
                #expect(answer.json?["allowedTransitions"] as? [String] == state.next.map(\.rawValue))
            }
        }
    }

    private func bring(_ fault: String, to state: FaultState, _ manager: TestMember, _ technician: TestMember) async throws {
        let ways: [FaultState: [FaultState]] = [
            .reported: [], .assigned: [.assigned], .inProgress: [.assigned, .inProgress], .onHold: [.assigned, .onHold],
            .resolved: [.assigned, .resolved], .closed: [.assigned, .resolved, .closed],
            .reopened: [.assigned, .resolved, .reopened],
            .cancelled: [.cancelled]
        ]
        for step in ways[state] ?? [] {
            let body =
                "{\"status\":\"\(step.rawValue)\",\"assigneeId\":\"\(technician.id)\",\"reason\":\"r\",\"resolution\":\"r\"}"
            try #require(try await manager.api(.patch, "/faults/\(fault)", body).status == 200)
        }
    }

    @Test("flow 7 (c) two managers who assign at the same version: one 200, one 409")
    func race() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        async let first = manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\",\"version\":1}")
        async let second = manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(manager.id)\",\"version\":1}")
        #expect(try await [first.status, second.status].sorted() == [200, 409])
    }

    @Test("flow 7 (d) reopen and second resolve leave full history")
    func reopened() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        try await bring(fault.id, to: .resolved, manager, technician)
        #expect(try await fault.reporter.api(.post, "/faults/\(fault.id)/reopen", "{\"reason\":\"Tropft noch\"}").status == 200)
        for step in ["{\"status\":\"in_progress\"}", "{\"status\":\"resolved\",\"resolution\":\"Dichtung\"}"] {
            #expect(try await technician.api(.patch, "/faults/\(fault.id)", step).status == 200)
        }
        let history = try await manager.api(.get, "/faults/\(fault.id)").json?["history"] as? [[String: Any]] ?? []
        #expect(
            history.compactMap { $0["kind"] as? String } == [
                "reported", "assigned", "resolved", "reopened", "started", "resolved"
            ])
        #expect(history.compactMap { $0["note"] as? String } == ["", "", "r", "Tropft noch", "", "Dichtung"])
    }

    @Test("flow 6 (d) the manager gets exactly one notice after a worker restart in the middle")
    func restarted() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        let id = try #require(UUID(uuidString: fault.id))
        let job = TellAboutFault(fault: id, what: .reported, occasion: id, by: fault.reporter.id)
        // The first worker dies before it can say that it is done; the second does all of it again.
        for _ in 0..<2 { try await company.asWorker { tx in try await job.run(tx, company.tenant) } }
        #expect(try await texts(manager) == ["fault.reported"])
        let mails = try await company.walled.read(
            Query.value(
                "select count(*) from app.delivery where tenant_id = \(company.tenant.id) and member_id = \(manager.id)", Int.self
            ))
        #expect(mails == 1)
    }

    static let dangers = [
        "Gas im Keller", "es riecht nach GAS!", "Brand", "Feuer auf dem Balkon", "Überschwemmung im Bad", "Ueberschwemmung",
        "Kabelbrand",
        "Hochwasser", "Fire in the hall", "gas smell", "flood in the basement", "Smoke", "Gasaustritt"
    ]

    @Test("Words of danger force urgent at once, without a model and whatever the category says", arguments: dangers)
    func dangerous(_ title: String) async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let body = "{\"title\":\"\(title)\",\"description\":\"d\",\"category\":\"cleaning\",\"unitId\":\"\(home.unit)\"}"
        let fault = try await manager.api(.post, "/faults", body)
        #expect(fault.json?["priority"] as? String == "urgent", "\(fault.text)")
    }

    @Test("An urgent fault reaches managers by mail at once and in their quiet hours, a digest or none is for what can wait")
    func urgentNotice() async throws {
        let company = try await TestCompany.fresh()
        let (manager, silent) = (try await company.member("manager"), try await company.member("manager"))
        try await company.asWorker { tx in
            try await tx.execute(
                """
                insert into app.notice_preference(tenant_id, member_id, kind, channel, mode, changed_at)
                values (\(tx.facts.tenant), \(manager.id), 'fault.reported', 'mail', 'digest', now()),
                       (\(tx.facts.tenant), \(silent.id), 'fault.reported', 'mail', 'off', now())
                """)
        }
        let home = try await company.home()
        let caretaker = try await company.member("resident")
        try await company.moveIn(caretaker, home)
        for title in ["Gasgeruch", "Tropft"] {
            let body = "{\"title\":\"\(title)\",\"description\":\"d\",\"category\":\"structural\"}"
            try #require(try await caretaker.api(.post, "/faults", body).status == 201)
        }
        try await company.drainJobs()
        let sent = try await company.walled.read(
            Query.values(
                """
                select d.mode || ' ' || d.urgent from app.delivery d
                 where d.tenant_id = \(company.tenant.id) and d.member_id = \(manager.id) and d.kind = 'fault.reported' order by d.urgent
                """, String.self))
        #expect(sent == ["digest false", "now true"])
        let none = try await company.walled.read(
            Query.value(
                "select count(*) from app.delivery where tenant_id = \(company.tenant.id) and member_id = \(silent.id)", Int.self)
        )
        #expect(none == 0)
    }

    @Test("What is archived takes no reports, neither by the page nor by programs")
    func archived() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        try await company.asWorker { tx in
            try await tx.execute(
                "update app.unit set archived_at = now() where tenant_id = \(tx.facts.tenant) and id = \(home.unit)")
        }
        let body = { (place: String) in "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\(place)}" }
        #expect(try await manager.api(.post, "/faults", body("\"unitId\":\"\(home.unit)\"")).status == 404)
        #expect(try await manager.api(.post, "/faults", body("\"buildingId\":\"\(home.building)\"")).status == 201)
        try await company.asWorker { tx in
            try await tx.execute(
                "update app.building set archived_at = now() where tenant_id = \(tx.facts.tenant) and id = \(home.building)")
        }
        #expect(try await manager.api(.post, "/faults", body("\"buildingId\":\"\(home.building)\"")).status == 404)
    }

    @Test("Residents do not assign, technicians touch only their own work, and a stranger is no assignee")
    func rights() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician, other) = (
            try await company.member("manager"), try await company.member("technician"), try await company.member("caretaker")
        )
        let fault = try await TestFault.reported(in: company)
        #expect(
            try await fault.reporter.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 403)
        #expect(try await technician.api(.patch, "/faults/\(fault.id)", "{\"status\":\"in_progress\"}").status == 404)
        let invalid = try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(fault.reporter.id)\"}")
        #expect(invalid.status == 400)
        #expect(invalid.text.contains("assignee_invalid"))
        #expect(try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        #expect(try await other.api(.patch, "/faults/\(fault.id)", "{\"status\":\"in_progress\"}").status == 403)
    }

    @Test("Who reported a fault withdraws it until somebody acts on it; then it is too late, not forbidden")
    func withdrawing() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        _ = try await manager.api(.patch, "/faults/\(fault.id)", "{\"assigneeId\":\"\(technician.id)\"}")
        let late = try await fault.reporter.api(.patch, "/faults/\(fault.id)", "{\"status\":\"cancelled\",\"reason\":\"r\"}")
        #expect(late.status == 400)
        #expect(late.code == "invalid_transition")
        let stranger = try await technician.api(.patch, "/faults/\(fault.id)", "{\"status\":\"cancelled\",\"reason\":\"r\"}")
        #expect(stranger.status == 403)
    }

    @Test("A report without anything names every field that is missing, the place among them")
    func empty() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let answer = try await manager.api(.post, "/faults", "{}")
        let fields = (answer.json?["errors"] as? [[String: Any]])?.compactMap { $0["field"] as? String } ?? []
        #expect(answer.status == 400)
        #expect(Set(fields) == ["place", "title", "description", "category"])
    }

    @Test("Words of danger make a fault urgent at once; a gasket is no gas")
    func danger() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        func priority(_ title: String) async throws -> String? {
            let body = "{\"title\":\"\(title)\",\"description\":\"d\",\"category\":\"cleaning\",\"unitId\":\"\(home.unit)\"}"
            return try await manager.api(.post, "/faults", body).json?["priority"] as? String
        }
        #expect(try await priority("Gasgeruch im Keller") == "urgent")
        #expect(try await priority("gasket worn") == "low")
    }

    @Test("Numbers are counted per company and year without gaps, however many report at once")
    func numbers() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<15 {
                group.addTask {
                    let body = "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\"unitId\":\"\(home.unit)\"}"
                    return try await manager.api(.post, "/faults", body).json?["number"] as? String ?? ""
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        #expect(numbers.sorted() == (1...15).map { "F-\(year)-" + String(format: "%04d", $0) })
    }

    @Test("T55 the same idempotency key makes one fault and gives the same answer; another body is refused")
    func idempotency() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let body = "{\"title\":\"t\",\"description\":\"d\",\"category\":\"other\",\"unitId\":\"\(home.unit)\"}"
        let key: HTTPFields = [try #require(HTTPField.Name("Idempotency-Key")): UUID().uuidString]
        let first = try await manager.api(.post, "/faults", body, key)
        let second = try await manager.api(.post, "/faults", body, key)
        #expect((first.status, second.status) == (201, 201))
        #expect(first.json?["faultId"] as? String == second.json?["faultId"] as? String)
        #expect(
            try await manager.api(.post, "/faults", body.replacing("\"t\"", with: "\"u\""), key).code == "idempotency_mismatch")
        #expect(try await manager.api(.get, "/faults").json?["total"] as? Int == 1)
        let other = try await company.member("manager")
        #expect(try await other.api(.post, "/faults", body, key).status == 201)
    }

    @Test("A double click on the form makes one fault and leads to the same page")
    func doubleClick() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let form = [("title", "Licht"), ("description", "flackert"), ("category", "electrical")]
        async let one = fault.reporter.post("/faults", form, key: "the-same-key")
        async let two = fault.reporter.post("/faults", form, key: "the-same-key")
        let (first, second) = (try await one, try await two)
        #expect((first.status, second.status) == (303, 303))
        #expect(first.location == second.location)
    }

    @Test("A refused form comes back with everything that was typed and says what to do")
    func refusedForm() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let answer = try await fault.reporter.post(
            "/faults", [("title", ""), ("description", "Es <b>tropft</b> & läuft"), ("category", "nonsense")])
        #expect(answer.status == 422)
        #expect(answer.text.contains("Es &lt;b&gt;tropft&lt;/b&gt; &amp; läuft"))
        #expect(answer.text.contains("href=\"#f-title\""))
        #expect(answer.text.contains("<title>Fehler:"))
    }

    @Test("T57 changes to different fields merge; changes to the same field ask, with both texts")
    func merge() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let fault = try await TestFault.reported(in: company)
        let opened = [
            ("version", "1"), ("opened_title", "Heizung kalt"), ("opened_description", "Seit gestern."),
            ("opened_category", "heating"),
            ("opened_priority", "high")
        ]
        func save(_ title: String, _ description: String) async throws -> TestAnswer {
            try await manager.post(
                "/faults/\(fault.number)/edit",
                opened + [("title", title), ("description", description), ("category", "heating"), ("priority", "high")])
        }
        #expect(try await save("Heizung eiskalt", "Seit gestern.").status == 303)
        #expect(try await save("Heizung kalt", "Seit heute.").status == 303)
        let now = try await manager.api(.get, "/faults/\(fault.id)").json
        #expect(now?["title"] as? String == "Heizung eiskalt")
        #expect(now?["description"] as? String == "Seit heute.")
        let conflict = try await save("Heizung lauwarm", "Seit gestern.")
        #expect(conflict.status == 409)
        #expect(conflict.text.contains("Heizung lauwarm") && conflict.text.contains("Heizung eiskalt"))
    }

    @Test("Resolved and unanswered for fourteen days is closed by the house, and everyone sees that it was the house")
    func unanswered() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let fault = try await TestFault.reported(in: company)
        for body in ["{\"assigneeId\":\"\(technician.id)\"}", "{\"status\":\"resolved\",\"resolution\":\"ok\"}"] {
            try #require(try await manager.api(.patch, "/faults/\(fault.id)", body).status == 200)
        }
        try await close(company, after: 13)
        #expect(try await manager.api(.get, "/faults/\(fault.id)").json?["status"] as? String == "resolved")
        try await close(company, after: 15)
        let closed = try await manager.api(.get, "/faults/\(fault.id)").json
        #expect(closed?["status"] as? String == "closed")
        #expect((closed?["history"] as? [[String: Any]])?.last?["actor"] == nil)
    }

    private func close(_ company: TestCompany, after days: Double) async throws {
        let later = Date().addingTimeInterval(days * 86_400)
        let facts = TxFacts(tenant: company.tenant.id, actor: nil, requestID: "test", address: nil, now: later)
        try await company.app.workerDatabase.tenant(facts).write { tx in try await CloseUnanswered(due: later).run(tx) }
    }
}
