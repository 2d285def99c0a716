import Database
import Foundation
import HTTPTypes
import Logging
import Synchronization
import Testing
import Web

@testable import Faults
@testable import portico

@Suite("Strangers before the public form")
struct VisitorHostileTests {
    @Test("More than ten reports an hour from one network, or forty through one code, wait with 429 and what was typed")
    func limits() async throws {
        let house = try await VisitorHouse.fresh()
        for _ in 1...10 { _ = try await house.report() }
        let answer = try await house.visitor.post("/r/\(house.code)", house.form(["description": "das elfte Mal"]))
        #expect(
            answer.status == 429 && answer.text.contains("das elfte Mal") && answer.text.contains("Bitte warten Sie eine Stunde"))
        #expect((1...3600).contains(Int(answer.headers[.retryAfter] ?? "") ?? 0))
        let json = try await house.visitor.api(
            .post, "/public/reports/\(house.code)", ["title": "x", "description": "y", "category": "elevator"])
        #expect(json.status == 429 && json.code == "rate_limited")
        #expect(try await house.count("select count(*) from app.fault") == 10)
        let busy = try await VisitorHouse.fresh()
        for _ in 1...40 { try await VisitorRoutes.perCode.spend(busy.codeID, busy.company.walled, now: Date()) }
        #expect(try await busy.visitor.post("/r/\(busy.code)", busy.form()).status == 429)
        #expect(VisitorRoutes.network("2001:db8:0:1::7") == VisitorRoutes.network("2001:db8:0:1:ffff::1"))
        #expect(VisitorRoutes.network("2001:db8:0:2::7") != VisitorRoutes.network("2001:db8:0:1::7"))
        #expect(VisitorRoutes.network("192.0.2.7") == "192.0.2.7" && VisitorRoutes.network(nil) == "unknown")
    }

    @Test("One mail address is written to at most five times a day, however many reports name it")
    func mailBomb() async throws {
        let house = try await VisitorHouse.fresh()
        for _ in 1...5 { _ = try await house.report(["email": "victim@example.test"]) }
        let sixth = try await house.visitor.api(
            .post, "/public/reports/\(house.code)",
            ["title": "x", "description": "y", "category": "elevator", "email": "Victim@example.test"])
        #expect(sixth.status == 429)
    }

    @Test(
        "Programs that fill in every field, answer within a second, or bring no stamp or another code's are told so, and nothing happens"
    )
    func bots() async throws {
        let (house, other) = (try await VisitorHouse.fresh(), try await VisitorHouse.fresh())
        let cases = [
            ["website": "https://spam.example"], ["opened": house.stamp(secondsAgo: 0)], ["opened": ""],
            ["opened": house.stamp(secondsAgo: 90_000)], ["opened": other.stamp()],
            ["opened": "99999999999999999999.x"], ["opened": house.stamp().dropLast().description]
        ]
        for more in cases {
            let answer = try await house.visitor.post("/r/\(house.code)", house.form(more))
            #expect(answer.status == 422, "\(more)")
            #expect(answer.text.contains("Aufzug steht"))
        }
        #expect(try await house.count("select count(*) from app.fault") == 0)
        // Too fast once is no trap: the form goes on with its own stamp.
        let early = house.stamp(secondsAgo: 1)
        let answer = try await house.visitor.post("/r/\(house.code)", house.form(["opened": early]))
        #expect(answer.text.contains("value=\"\(early)\""))
    }

    @Test("T26 T27 a form without our token, or from another site, is refused before anything is read")
    func forgery() async throws {
        let house = try await VisitorHouse.fresh()
        let token = try await house.report()
        for path in ["/r/\(house.code)", "/s/\(token)/cancel", "/s/\(token)/comments", "/s/\(token)/confirm"] {
            for site in ["cross-site", "same-site", "none", "same-origin"] {
                var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
                headers[try #require(HTTPField.Name("Sec-Fetch-Site"))] = site
                let answer = try await house.company.anonymous(.post, path, headers, body: "reason=x&comment=x&csrf_token=x")
                #expect(answer.status == 403, "\(path) \(site)")
            }
        }
        let plain = try await house.company.anonymous(
            .post, "/api/v1/public/reports/\(house.code)", [.contentType: "text/plain"], body: "{}")
        #expect(plain.status == 415)
        #expect(try await house.visitor.api(.get, "/public/status/\(token)").json?["status"] as? String == "reported")
    }

    @Test("T21 fields that only the house sets are not read: company, reporter, state, priority, unit, source, id")
    func extras() async throws {
        let house = try await VisitorHouse.fresh()
        let resident = try await house.company.member("resident")
        _ = try await house.report([
            "tenant_id": "1", "reporter_id": resident.id.text, "state": "closed", "priority": "urgent",
            "unit_id": house.home.unit.text,
            "category": "plumbing", "place": "unit-\(house.home.unit.text)", "source": "member", "id": UUID.v7().text,
            "assignee_id": resident.id.text
        ])
        let fault = try #require(try await house.manager.api(.get, "/faults/\(try await house.number())").json)
        #expect(fault["status"] as? String == "reported" && fault["unit"] == nil && fault["reporter"] == nil)
        #expect(fault["assignee"] == nil && fault["source"] as? String == "qr" && fault["priority"] as? String != "urgent")
    }

    @Test("T32 T33 T72 control characters are refused, and what stays is printed as text in every place")
    func words() async throws {
        let house = try await VisitorHouse.fresh()
        for bad in ["a\u{0}b", "a\r\nb\u{202E}", "a\u{1b}[31m"] {
            let answer = try await house.visitor.api(
                .post, "/public/reports/\(house.code)", ["title": bad, "description": "y", "category": "elevator"])
            #expect(answer.status == 400, "\(bad.debugDescription)")
        }
        let script = "\"><img src=x onerror=alert(1)></script>{{7*7}}"
        let token = try await house.report(["title": script, "description": script, "location_note": script, "name": script])
        let number = try await house.number()
        for page in [
            try await house.visitor.get("/s/\(token)").text, try await house.visitor.get("/r/\(house.code)").text,
            try await house.manager.get("/faults/\(number)").text, try await house.manager.get("/faults").text
        ] {
            #expect(!page.contains("<img src=x") && !page.contains("</script>{{"))
        }
    }

    @Test(
        "T41 T43 T44 what is no picture is refused by name, through the code and through the link; nothing stays behind",
        arguments: [
            "<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "GIF89a<script>", "%PDF-1.7", ""
        ])
    func pictures(_ bytes: String) async throws {
        let house = try await VisitorHouse.fresh()
        let answer = try await house.visitor.post("/r/\(house.code)", house.form(), photo: Data(bytes.utf8))
        #expect([400, 415, 422].contains(answer.status), "\(answer.status)")
        #expect(answer.text.contains("Aufzug steht"))
        #expect(try await house.count("select count(*) from app.fault") == 0)
        let token = try await house.report()
        let said = try await house.visitor.post(
            "/s/\(token)/comments", from: "/s/\(token)", ["comment": "siehe Foto"], photo: Data(bytes.utf8))
        #expect([400, 415, 422].contains(said.status))
        #expect(try await house.count("select count(*) from app.fault_comment") == 0)
    }

    @Test("The access log names a private link by its route, never by its token")
    func log() async throws {
        let lines = Lines()
        let app = try await App.build(try TestHouse.settings(), logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        let house = try await VisitorHouse.fresh(in: app)
        let token = try await house.report()
        for path in ["/s/\(token)", "/api/v1/public/status/\(token)", "/unsubscribe/reports/\(token)", "/s/\(token)/photos/x"] {
            _ = try await house.company.anonymous(.get, path)
        }
        #expect(lines.all.contains { $0.contains("token") && $0.contains("/s/") })
        #expect(!lines.all.contains { $0.contains(token) })
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.add("\(event.message) \(event.metadata ?? [:])") }
    }

    @Test("The role that visitors' reports enter through reads nothing, and the server says so at its start")
    func role() async throws {
        let app = try await TestHouse.shared.value
        try await app.visitorDatabase.verifyRole()
        try await app.visitorDatabase.verifyBlindness()
        await #expect(throws: DatabaseError.self) { try await app.database.verifyBlindness() }
        let house = try await VisitorHouse.fresh()
        _ = try await house.report()
        let facts = TxFacts(tenant: house.company.tenant.id, job: "visitor")
        let tables: [SQL] = [
            "app.fault", "app.fault_visitor", "app.report_code", "app.member", "app.audit_line", "jobs.queue", "app.counter"
        ]
        for table in tables {
            await #expect(throws: DatabaseError.self) {
                _ = try await app.visitorDatabase.tenant(facts).read(Query.value("select count(*) from \(table)", Int.self))
            }
        }
    }
}
