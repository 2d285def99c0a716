import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Faults
@testable import portico

@Suite("Reporting without an account, through the code on a sheet")
struct VisitorReportTests {
    @Test("A report by form, without JavaScript, leads to the private link and starts everything that a member's report starts")
    func report() async throws {
        let house = try await VisitorHouse.fresh()
        let visitor = house.visitor
        let page = try await visitor.get("/r/\(house.code)")
        #expect(page.status == 200 && page.text.contains("Haus ") && page.text.contains("Lindenstraße 1"))
        #expect(page.headers[try #require(HTTPField.Name("X-Robots-Tag"))] == "noindex, nofollow")
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        let answer = try await visitor.post(
            "/r/\(house.code)", house.form(["name": "Nora Blum", "phone": "+49 30 123"]), photo: phone)
        try #require(answer.status == 303, "\(answer.text)")
        let link = try #require(answer.location)
        #expect(link.wholeMatch(of: #/\/s\/[A-Za-z0-9_-]{22}/#) != nil)
        let number = try await house.number()
        #expect(number.hasPrefix("F-20") && number.hasSuffix("-0001"))
        let status = try await visitor.get(link).text
        #expect(status.contains("Aufzug steht") && status.contains("Haben Sie") == false && status.contains("/photos/"))
        let fault = try #require(try await house.manager.api(.get, "/faults/\(number)").json)
        #expect(fault["source"] as? String == "qr" && fault["reporter"] == nil)
        #expect((fault["photos"] as? [Any])?.count == 1 && (fault["history"] as? [Any])?.count == 1)
        try await house.company.drainJobs()
        #expect(try await house.manager.get("/notifications").text.contains("Aufzug steht"))
        #expect(try await house.manager.api(.get, "/faults/\(number)").json?["aiState"] as? String != "queued")
    }

    @Test("The manager sees that it came by QR, from which house, and whom to ask; a technician sees no contact")
    func marks() async throws {
        let house = try await VisitorHouse.fresh()
        _ = try await house.report(["name": "Nora Blum", "email": "nora@example.test", "phone": "030 4567"])
        let number = try await house.number()
        let page = try await house.manager.get("/faults/\(number)").text
        #expect(page.contains("Per QR gemeldet, Haus ") && page.contains("Nora Blum · nora@example.test · 030 4567"))
        #expect(page.contains("Jemand ohne Konto"))
        #expect(try await house.manager.get("/faults").text.contains("Per QR gemeldet"))
        let caretaker = try await house.company.member("caretaker")
        let other = try await caretaker.get("/faults/\(number)").text
        #expect(other.contains("Per QR gemeldet, Haus ") && !other.contains("Nora Blum") && !other.contains("4567"))
        let lines = try await house.company.walled.read(
            Query.values(
                """
                select concat_ws(' ', via, actor_id, after->>'source') from app.audit_line
                 where tenant_id = \(house.company.tenant.id) and action = 'fault.reported'
                """, String.self))
        #expect(lines == ["visitor qr"])
    }

    @Test("The form knows its place and the open faults of the common parts, by title alone; it speaks the visitor's language")
    func known() async throws {
        let house = try await VisitorHouse.fresh()
        _ = try await house.report(["name": "Nora Blum"])
        let number = try await house.number()
        let (english, german) = (
            try await house.visitor.get("/r/\(house.code)", [.acceptLanguage: "en"]).text,
            try await house.visitor.get("/r/\(house.code)", [.acceptLanguage: "fr, de;q=0.5"]).text
        )
        #expect(english.contains("Reported already") && german.contains("Schon gemeldet"))
        for page in [english, german] {
            #expect(
                page.contains("Aufzug steht") && !page.contains(number) && !page.contains("Nora") && !page.contains("Stockwerken")
            )
        }
        let json = try await house.visitor.api(.get, "/public/reports/\(house.code)").json
        #expect((json?["openFaults"] as? [[String: Any]])?.first?["title"] as? String == "Aufzug steht")
        #expect((json?["openFaults"] as? [[String: Any]])?.first?.keys.sorted() == ["reportedAt", "status", "title"])
    }

    @Test("What was typed comes back with what is wrong; programs get the fields; nothing is on record")
    func refused() async throws {
        let house = try await VisitorHouse.fresh()
        let answer = try await house.visitor.post(
            "/r/\(house.code)",
            house.form(["title": "", "email": "nobody", "phone": "call me", "description": "Es <b>tropft</b>"]))
        #expect(answer.status == 422)
        #expect(answer.text.contains("Es &lt;b&gt;tropft&lt;/b&gt;") && answer.text.contains("value=\"nobody\""))
        let json = try await house.visitor.api(
            .post, "/public/reports/\(house.code)", ["title": "x", "description": "y", "category": "none"])
        #expect(json.status == 400 && (json.json?["errors"] as? [[String: Any]])?.first?["field"] as? String == "category")
        #expect(try await house.count("select count(*) from app.fault") == 0)
        #expect(try await house.count("select count(*) from app.counter") == 0)
    }

    @Test("The same form sent twice, one after the other or at once, is one report; the same key with other words is refused")
    func once() async throws {
        let house = try await VisitorHouse.fresh()
        let visitor = house.visitor
        let (key, form) = (UUID().uuidString, house.form())
        let links = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 1...4 { group.addTask { try await visitor.post("/r/\(house.code)", form, key: key).location } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(links.count == 1 && links.first??.hasPrefix("/s/") == true)
        #expect(try await house.count("select count(*) from app.fault") == 1)
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("Idempotency-Key"))] = "my-very-key"
        let first = try await house.report([:], headers)
        #expect(try await house.report([:], headers) == first)
        let other = try await house.visitor.api(
            .post, "/public/reports/\(house.code)", ["title": "x", "description": "y", "category": "elevator"], headers)
        #expect(other.status == 422)
    }

    @Test("A code can be replaced and switched off; the old sheet is then the same 404 as no sheet at all")
    func codes() async throws {
        let house = try await VisitorHouse.fresh()
        let random = try await house.visitor.get("/r/0000-0000-0000")
        #expect(random.status == 404)
        #expect(try await house.visitor.get("/r/\(house.code.uppercased().replacing("-", with: ""))").status == 200)
        let made = try await house.manager.api(.post, "/faults/codes/\(house.codeID)/replacement", "{}")
        let fresh = try #require(made.json?["code"] as? String)
        let old = try await house.visitor.get("/r/\(house.code)")
        #expect(old.status == 404 && old.withoutRequestID == random.withoutRequestID)
        #expect(try await house.visitor.get("/r/\(fresh)").status == 200)
        let id = try #require(made.json?["id"] as? String)
        #expect(try await house.manager.api(.delete, "/faults/codes/\(id)").status == 204)
        #expect(try await house.visitor.get("/r/\(fresh)").status == 404)
        #expect(try await house.manager.api(.delete, "/faults/codes/\(id)").status == 404)
        let kept = try await house.company.walled.read(
            Query.values(
                "select encode(token_hash, 'escape') from app.report_code where tenant_id = \(house.company.tenant.id)",
                String.self))
        #expect(!kept.contains { $0.contains(fresh.replacing("-", with: "")) })
    }

    @Test("A company switches reports without an account off in its tenant.yaml; private links go on")
    func switchedOff() async throws {
        let company = try await VisitorHouse.fresh { $0.replacing("# visitorReports: false", with: "visitorReports: false") }
        #expect(try await company.visitor.get("/r/\(company.code)").status == 404)
        #expect(try await company.manager.get("/faults/codes").text.contains("visitorReports"))
    }

    @Test("One sheet for every building, one for an entrance; a place has one code at a time")
    func sheets() async throws {
        let house = try await VisitorHouse.fresh()
        _ = try await house.company.home()
        #expect(try await house.manager.api(.post, "/faults/codes", #"{"place": "all"}"#).json?["made"] as? Int == 1)
        let again = try await house.manager.api(.post, "/faults/codes", #"{"place": "building-\#(house.home.building.text)"}"#)
        #expect(again.status == 400)
        let entrance = try await house.manager.api(
            .post, "/buildings/\(house.home.building.text)/entrances", #"{"name": "Aufgang B"}"#)
        let id = try #require(entrance.json?["id"] as? String, "\(entrance.text)")
        let made = try await house.manager.api(.post, "/faults/codes", #"{"place": "entrance-\#(id)"}"#)
        #expect(made.json?["part"] as? String == "Aufgang B")
        let code = try #require(made.json?["code"] as? String)
        #expect(try await house.visitor.get("/r/\(code)").text.contains("value=\"Aufgang B\""))
        let page = try await house.manager.get("/faults/codes/sheets").text
        #expect(page.split(separator: "class=\"qr\"").count == 4)
        #expect(page.contains("Etwas kaputt?") && page.contains("Something broken?") && page.contains("/r/\(code)"))
        let csv = try await house.manager.get("/faults/codes.csv").text
        #expect(csv.hasPrefix("place,address,made,reports\r\n") && csv.contains("Aufgang B") && csv.contains("/r/\(code)"))
        let list = try await house.manager.api(.get, "/faults/codes").json
        #expect(list?["total"] as? Int == 3)
        for path in ["/faults/codes", "/faults/codes/sheets"] {
            #expect(try await house.company.member("caretaker").get(path).status == 403)
        }
    }
}
