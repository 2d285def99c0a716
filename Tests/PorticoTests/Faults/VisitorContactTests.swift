import Database
import Foundation
import Jobs
import Testing

@testable import Faults
@testable import portico

@Suite("What is kept of visitors, and for how long")
struct VisitorContactTests {
    private static let person = ["name": "Nora Blum", "email": "nora@example.test", "phone": "+49 30 123456"]

    private func known(_ house: VisitorHouse) async throws -> [String] {
        try await house.company.walled.read(
            Query.values(
                """
                select concat_ws(' ', name, email, phone) from app.fault_visitor
                 where tenant_id = \(house.company.tenant.id) and forgotten_at is null order by id
                """, String.self))
    }

    @Test("On request the contact is gone at once, with the letters that went there; the link still shows the state")
    func request() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report(Self.person)
        let other = try await house.report(Self.person.merging(["title": "Zweiter"]) { $1 })
        try await house.company.drainJobs()
        try await house.company.drainJobs()
        let mails: SQL = "select count(*) filter (where member_id is null) from app.delivery"
        #expect(try await house.count(mails) == 2)
        let visitor = house.visitor
        #expect(try await visitor.get("/s/\(token)", [.acceptLanguage: "de"]).text.contains("Meine Kontaktdaten löschen"))
        let gone = try await visitor.post("/s/\(token)/contact-deletion", from: "/s/\(token)", [:])
        #expect(gone.status == 303 && gone.location == "/s/\(token)")
        #expect(try await house.count(mails) == 1)
        #expect(try await known(house) == ["Nora Blum nora@example.test +49 30 123456"])
        let page = try await visitor.get("/s/\(token)", [.acceptLanguage: "de"]).text
        #expect(page.contains("Ihre Kontaktdaten sind gelöscht") && !page.contains("contact-deletion"))
        #expect(page.contains("Gemeldet"))
        let number = try #require(try await visitor.api(.get, "/public/status/\(token)").json?["number"] as? String)
        let fault = try await house.manager.get("/faults/\(number)").text
        #expect(fault.contains("Gelöscht") && !fault.contains("nora@example.test") && !fault.contains("Nora Blum"))
        // Nobody is written to any more, and asking twice changes nothing.
        let again = try await visitor.api(.post, "/public/status/\(token)/contact-deletion", [:])
        #expect(again.status == 200 && again.json?["contactKept"] as? Bool == false)
        _ = try await house.manager.api(.post, "/faults/\(number)/comments", #"{"comment": "Morgen"}"#)
        try await house.company.drainJobs()
        #expect(try await house.count(mails) == 1)
        let lines = try await house.company.walled.read(
            Query.values(
                """
                select via from app.audit_line where tenant_id = \(house.company.tenant.id) and action = 'fault.visitor_forgotten'
                """, String.self))
        #expect(lines == ["visitor"])
        #expect(try await visitor.api(.get, "/public/status/\(other)").json?["contactKept"] as? Bool == true)
    }

    @Test("By schedule the contact goes so many days after the fault is over as tenant.yaml says, counted in the audit trail")
    func schedule() async throws {
        let house = try await VisitorHouse.fresh {
            $0.replacing("# visitorContactDays: 90", with: "visitorContactDays: 20")
        }
        var tokens: [String] = []
        for title in ["alt", "jung", "offen", "namenlos"] {
            tokens.append(try await house.report((title == "namenlos" ? [:] : Self.person).merging(["title": title]) { $1 }))
        }
        _ = try await house.company.walled.write { tx in
            try await tx.execute(
                """
                update app.fault set state = case title when 'offen' then 'reported' else 'closed' end, resolution = 'r',
                       resolved_at = now(), closed_at = case title when 'jung' then now() - interval '19 days'
                                                                   when 'offen' then null else now() - interval '21 days' end
                 where tenant_id = \(tx.facts.tenant)
                """)
        }
        #expect(Schedule.all.names.contains("faults.forget-visitors"))
        try await house.company.walled.write { tx in _ = try tx.enqueue(ForgetVisitors(due: Date())) }
        try await house.company.drainJobs()
        #expect(try await house.count("select count(forgotten_at) from app.fault_visitor") == 1)
        let visitor = house.visitor
        let status = try await visitor.api(.get, "/public/status/\(tokens[0])").json
        #expect(status?["status"] as? String == "closed" && status?["contactKept"] as? Bool == false)
        #expect(try await visitor.api(.get, "/public/status/\(tokens[1])").json?["contactKept"] as? Bool == true)
        #expect(try await visitor.api(.get, "/public/status/\(tokens[2])").json?["contactKept"] as? Bool == true)
        let counts = try await house.company.walled.read(
            Query.values(
                """
                select after->>'count' from app.audit_line
                 where tenant_id = \(house.company.tenant.id) and action = 'fault.visitors_forgotten'
                """, String.self))
        #expect(counts == ["1"])
    }

    @Test("T08 a link of another company deletes nothing")
    func foreign() async throws {
        let (house, other) = (try await VisitorHouse.fresh(), try await VisitorHouse.fresh())
        let token = try await other.report(Self.person)
        #expect(try await house.visitor.api(.post, "/public/status/\(token)/contact-deletion", [:]).status == 404)
        #expect(try await known(other).count == 1)
    }

    @Test("The visitor rates the work once, when confirming, and no more than ten tries an hour are heard")
    func rating() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report()
        let number = try await house.number()
        let technician = try await house.company.member("technician")
        let visitor = house.visitor
        #expect(try await visitor.api(.post, "/public/status/\(token)/confirm", ["rating": "5"]).code == "invalid_transition")
        _ = try await house.manager.api(.post, "/faults/\(number)/assign", #"{"assigneeId": "\#(technician.id.text)"}"#)
        _ = try await technician.api(.post, "/faults/\(number)/resolve", #"{"resolution": "Getauscht"}"#)
        #expect(try await visitor.get("/s/\(token)", [.acceptLanguage: "de"]).text.contains("Wie war die Arbeit?"))
        let path = "/s/\(token)/confirm"
        let wrong = try await visitor.post(path, from: "/s/\(token)", ["rating": "6", "rating_note": "sehr gut"])
        #expect(wrong.status == 422 && wrong.text.contains("sehr gut"))
        #expect(try await visitor.post(path, from: "/s/\(token)", ["rating": "4", "rating_note": "sehr gut"]).status == 303)
        #expect(try await visitor.post(path, from: "/s/\(token)", ["rating": "1"]).status == 400)
        let fault = try await house.manager.api(.get, "/faults/\(number)").json
        #expect(fault?["rating"] as? Int == 4 && fault?["ratingNote"] as? String == "sehr gut")
        let status = try await visitor.api(.get, "/public/status/\(token)").json
        #expect(status?["rating"] as? Int == 4 && status?["status"] as? String == "closed")
        #expect((status?["allowedTransitions"] as? [String]) == ["reopened"])
        _ = try await house.company.walled.write { tx in
            try await tx.execute(
                "update app.fault set closed_at = now() - interval '15 days' where tenant_id = \(tx.facts.tenant)")
        }
        #expect(try await visitor.api(.post, "/public/status/\(token)/reopen", ["reason": "wieder"]).code == "invalid_transition")
        for _ in 1...10 { _ = try await visitor.api(.post, "/public/status/\(token)/reopen", ["reason": "wieder"]) }
        #expect(try await visitor.api(.post, "/public/status/\(token)/reopen", ["reason": "wieder"]).status == 429)
        #expect(try await visitor.post("/s/\(token)/reopen", from: "/s/\(token)", ["reason": "noch einmal"]).status == 429)
    }
}
