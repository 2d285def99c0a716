import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Faults
@testable import Notifications
@testable import portico

@Suite("The private link of a visitor's report")
struct VisitorStatusTests {
    @Test("The link shows the state and public words, never internal notes, names or numbers of other faults")
    func secrets() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report(["name": "Nora Blum", "email": "nora@example.test"])
        let number = try await house.number()
        let technician = try await house.company.member("technician", name: "Jan Weber")
        for (path, body) in [
            ("assign", #"{"assigneeId": "\#(technician.id.text)"}"#),
            ("comments", #"{"comment": "Wir kommen morgen, @Jan Weber bringt das Teil"}"#),
            ("comments", #"{"comment": "Die Nora nervt", "internal": true}"#)
        ] {
            let answer = try await house.manager.api(.post, "/faults/\(number)/\(path)", body)
            #expect((200..<300).contains(answer.status), "\(answer.text)")
        }
        let page = try await house.visitor.get("/s/\(token)", [.acceptLanguage: "de"])
        #expect(page.text.contains("Zugewiesen") && page.text.contains("Wir kommen morgen"))
        for secret in ["Jan", "Weber", "Maria", "Kern", "nervt", "nora@example.test", "Test caretaker"] {
            #expect(!page.text.contains(secret), "\(secret)")
        }
        #expect(page.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
        #expect(page.headers[try #require(HTTPField.Name("X-Robots-Tag"))] == "noindex, nofollow")
        #expect(page.headers[.cacheControl] == "private, no-store")
        let json = try await house.visitor.api(.get, "/public/status/\(token)")
        #expect(json.json?["status"] as? String == "assigned" && !json.text.contains("Weber") && !json.text.contains("nervt"))
        #expect((json.json?["history"] as? [[String: Any]])?.map { $0["by"] as? String } == ["you", "company", "company"])
    }

    @Test("The visitor withdraws while it is reported, and no longer once somebody has it")
    func withdraw() async throws {
        let house = try await VisitorHouse.fresh()
        let (first, second) = (try await house.report(), try await house.report(["title": "Zweiter"]))
        let visitor = house.visitor
        let empty = try await visitor.post("/s/\(first)/cancel", from: "/s/\(first)", ["reason": ""])
        #expect(empty.status == 422)
        #expect(try await visitor.post("/s/\(first)/cancel", from: "/s/\(first)", ["reason": "Hat sich erledigt"]).status == 303)
        #expect(try await visitor.get("/s/\(first)").text.contains("Hat sich erledigt"))
        let technician = try await house.company.member("technician")
        let number = try #require(try await visitor.api(.get, "/public/status/\(second)").json?["number"] as? String)
        _ = try await house.manager.api(.post, "/faults/\(number)/assign", #"{"assigneeId": "\#(technician.id.text)"}"#)
        let late = try await visitor.api(.post, "/public/status/\(second)/cancel", ["reason": "doch nicht"])
        #expect(late.status == 400 && late.code == "invalid_transition")
        #expect(try await visitor.post("/s/\(second)/cancel", from: "/s/\(second)", ["reason": "x"]).status == 400)
    }

    @Test("What was resolved the visitor confirms or opens again; both are audited as the visitor's")
    func answer() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report()
        let number = try await house.number()
        let technician = try await house.company.member("technician")
        func resolve() async throws {
            _ = try await house.manager.api(.post, "/faults/\(number)/assign", #"{"assigneeId": "\#(technician.id.text)"}"#)
            let done = try await technician.api(.post, "/faults/\(number)/resolve", #"{"resolution": "Sicherung getauscht"}"#)
            #expect(done.status == 200, "\(done.text)")
        }
        try await resolve()
        #expect(try await house.visitor.get("/s/\(token)").text.contains("Sicherung getauscht"))
        let reopened = try await house.visitor.api(.post, "/public/status/\(token)/reopen", ["reason": "Steht wieder"])
        #expect(reopened.json?["status"] as? String == "reopened", "\(reopened.text)")
        try await resolve()
        let visitor = house.visitor
        #expect(try await visitor.post("/s/\(token)/confirm", from: "/s/\(token)", [:]).location == "/s/\(token)")
        #expect(try await house.manager.api(.get, "/faults/\(number)").json?["status"] as? String == "closed")
        let lines = try await house.company.walled.read(
            Query.values(
                """
                select action from app.audit_line where tenant_id = \(house.company.tenant.id) and via = 'visitor' and actor_id is null
                 order by id
                """, String.self))
        #expect(lines == ["fault.reported", "fault.reopened", "fault.confirmed"])
        try await house.company.drainJobs()
        #expect(try await technician.get("/notifications").text.contains(number))
    }

    @Test("The visitor adds words and a photo; managers hear of it and read them")
    func comment() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report()
        let number = try await house.number()
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        let visitor = house.visitor
        let said = try await visitor.post(
            "/s/\(token)/comments", from: "/s/\(token)", ["comment": "Jetzt riecht es <i>auch</i> @Maria Kern", "internal": "1"],
            photo: phone)
        #expect(said.status == 303, "\(said.text)")
        let fault = try #require(try await house.manager.api(.get, "/faults/\(number)").json)
        #expect((fault["photos"] as? [Any])?.count == 1)
        let comments = fault["comments"] as? [[String: Any]]
        #expect(comments?.count == 1 && comments?.first?["internal"] as? Bool == false && comments?.first?["author"] == nil)
        #expect(try await house.count("select count(*) from app.fault_mention") == 0)
        let photo = try #require((fault["photos"] as? [[String: Any]])?.first?["id"] as? String)
        for path in ["/s/\(token)/photos/\(photo)", "/s/\(token)/photos/\(photo)/thumbnail"] {
            let file = try await visitor.get(path)
            #expect(file.status == 200 && file.headers[.contentType] == "image/jpeg")
        }
        let other = try await house.report()
        #expect(try await visitor.get("/s/\(other)/photos/\(photo)").status == 404)
        try await house.company.drainJobs()
        #expect(try await house.manager.get("/notifications").text.contains("Aufzug steht"))
    }

    @Test("A mail address gets the link at once and news later, once each, in the visitor's language; one click stops them")
    func letters() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report(["email": "nora@example.test"], [.acceptLanguage: "en"])
        let number = try await house.number()
        try await house.company.drainJobs()
        try await house.company.drainJobs()
        func letters() async throws -> [String] {
            try await house.company.walled.read(
                Query.values(
                    """
                    select concat_ws(' ', kind, address, language) from app.delivery
                     where tenant_id = \(house.company.tenant.id) and member_id is null order by id
                    """, String.self))
        }
        #expect(try await letters() == ["visitor.received nora@example.test en"])
        let technician = try await house.company.member("technician")
        _ = try await house.manager.api(.post, "/faults/\(number)/assign", #"{"assigneeId": "\#(technician.id.text)"}"#)
        _ = try await house.manager.api(.post, "/faults/\(number)/comments", #"{"comment": "Morgen"}"#)
        _ = try await house.manager.api(.post, "/faults/\(number)/comments", #"{"comment": "intern", "internal": true}"#)
        try await house.company.drainJobs()
        #expect(try await letters().count == 3)
        let stop = "/unsubscribe/reports/\(token)"
        #expect(try await house.visitor.get(stop).status == 200)
        let clicked = try await house.company.anonymous(
            .post, stop, [.contentType: "application/x-www-form-urlencoded"], body: "List-Unsubscribe=One-Click")
        #expect(clicked.status == 200)
        _ = try await technician.api(.post, "/faults/\(number)/resolve", #"{"resolution": "Getauscht"}"#)
        try await house.company.drainJobs()
        #expect(try await letters().count == 3)
    }

    @Test("T01 T08 a link of another company, of nobody or of no shape is the same 404, by page and by program")
    func foreign() async throws {
        let (house, other) = (try await VisitorHouse.fresh(), try await VisitorHouse.fresh())
        let token = try await other.report()
        let nobody = String(repeating: "A", count: 22)
        for suffix in ["", "/photos/\(UUID.v7().text)"] {
            let random = try await house.visitor.get("/s/\(nobody)\(suffix)")
            for text in [token, "x", "%00", "..%2f", String(repeating: "é", count: 11)] {
                let answer = try await house.visitor.get("/s/\(text)\(suffix)")
                #expect(answer.status == 404 && answer.withoutRequestID == random.withoutRequestID, "\(text)")
            }
            let program = try await house.visitor.api(.get, "/public/status/\(nobody)\(suffix)")
            #expect(
                try await house.visitor.api(.get, "/public/status/\(token)\(suffix)").withoutRequestID == program.withoutRequestID
            )
        }
        for act in ["cancel", "confirm", "reopen", "comments"] {
            let answer = try await house.visitor.api(.post, "/public/status/\(token)/\(act)", ["reason": "x", "comment": "x"])
            #expect(answer.status == 404, "\(act)")
        }
        #expect(try await house.visitor.api(.post, "/public/reports/\(other.code)", ["title": "x"]).status == 404)
        #expect(try await other.visitor.api(.get, "/public/status/\(token)").json?["status"] as? String == "reported")
    }
}
