import Database
import Foundation
import HTTPTypes
import Testing

@testable import portico

@Suite("Audit log and activity")
struct AuditLogTests {
    private func items(_ answer: TestAnswer) -> [[String: Any]] { answer.json?["items"] as? [[String: Any]] ?? [] }

    @Test("The log is narrowed down by who, action, what, record, days and words")
    func filters() async throws {
        let company = try await TestCompany.fresh()
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager", name: "Maria Kern"))
        let (fault, other) = (try await TestFault.reported(in: company), try await TestFault.reported(in: company))
        let body = "{\"assigneeId\":\"\(manager.id)\",\"version\":1}"
        #expect(try await manager.api(.patch, "/faults/\(fault.id)", body).status == 200)
        let day = CalendarDate(Date(), in: company.tenant.timeZone)
        let expected: [(String, Int)] = [
            ("", 3), ("actor=maria", 1), ("actor=\(manager.id)", 1), ("actor=nobody", 0), ("actor=system", 0),
            ("action=fault.reported", 2), ("entity=fault", 3), ("entity=unit", 0), ("record=\(fault.id)", 2),
            ("record=\(other.id)", 1), ("record=x", 0), ("from=\(day)&to=\(day)", 3), ("to=2020-01-01", 0),
            ("from=2199-01-01", 0), ("q=heizung%20\(fault.number)", 1), ("q=zzzz", 0), ("q=100%25_", 0),
            ("entity=fault&action=fault.assigned&actor=kern&q=assigned", 1)
        ]
        for (query, count) in expected {
            let answer = try await admin.api(.get, "/admin/audit?\(query)")
            #expect(answer.json?["total"] as? Int == count && items(answer).count == count, "\(query)")
            #expect(try await admin.get("/admin/audit?\(query)").status == 200)
        }
        #expect(try await admin.api(.get, "/audit").json?["total"] as? Int == 3)
        #expect(try await manager.api(.get, "/audit").status == 403)
    }

    @Test("T71 T72 Nonsense in the filters is no filter or a 400, never a 500")
    func nonsense() async throws {
        let admin = try await TestCompany.fresh().member("admin")
        for value in ["9999999-13-40", "-1", "%00", "1e308", "%F0%9F%94%A7", "%CC%81%CC%81", "'%20or%201=1", "2026-02-30"] {
            for name in ["actor", "action", "entity", "record", "from", "to", "q", "cursor", "limit"] {
                let status = try await admin.api(.get, "/admin/audit?\(name)=\(value)").status
                #expect([200, 400].contains(status), "\(name)=\(value)")
            }
        }
    }

    @Test("Pages follow each other without gap or repetition, and CSV holds them all; cells that run are quoted (T37)")
    func pagesAndCSV() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        try await company.walled.write { tx in
            _ = try await tx.execute(
                """
                insert into app.audit_line(tenant_id, id, action, entity, after, address)
                select \(company.tenant.id), gen_random_uuid(), 'fault.edited', 'fault', jsonb_build_object('title', 'n' || i), '=1+1'
                  from generate_series(1, 2345) i
                """)
        }
        var (seen, cursor, rounds): (Set<String>, String?, Int) = ([], nil, 0)
        repeat {
            let answer = try await admin.api(.get, "/admin/audit?limit=100" + (cursor.map { "&cursor=\($0)" } ?? ""))
            seen.formUnion(items(answer).compactMap { $0["id"] as? String })
            cursor = answer.json?["nextCursor"] as? String
            rounds += 1
        } while cursor != nil && rounds < 50
        #expect(seen.count == 2345 && rounds == 24)
        let csv = try await admin.get("/admin/audit.csv?entity=fault")
        #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
        #expect(csv.text.split(separator: "\r\n").count == 2346)
        #expect(csv.text.contains(",'=1+1,") && !csv.text.contains(",=1+1"))
        #expect(try await admin.api(.get, "/admin/audit?action=audit.exported").json?["total"] as? Int == 1)
    }

    @Test("T06 Another company's lines show in no list, count, search, export or activity; its fault is a 404")
    func walls() async throws {
        let (mine, theirs) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let admin = try await mine.member("admin")
        let fault = try await TestFault.reported(in: theirs)
        for query in ["", "?record=\(fault.id)", "?q=heizung", "?actor=\(fault.reporter.id)"] {
            #expect(try await admin.api(.get, "/admin/audit\(query)").json?["total"] as? Int == 0)
        }
        #expect(!(try await admin.get("/admin/audit.csv").text.contains(fault.number)))
        #expect(try await admin.api(.get, "/faults/\(fault.id)/activity").status == 404)
    }

    @Test("What a job does is Portico's own doing, on behalf of whoever caused it")
    func behalf() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        _ = try await company.member("caretaker", name: "Paul Ott")
        let home = try await company.home()
        let manager = try await company.member("manager", name: "Maria Kern")
        let body = "{\"title\":\"Flur\",\"description\":\"d\",\"category\":\"cleaning\",\"unitId\":\"\(home.unit)\"}"
        let id = try #require(try await manager.api(.post, "/faults", body).json?["faultId"] as? String)
        try await company.drainJobs()
        let lines = items(try await admin.api(.get, "/faults/\(id)/activity"))
        #expect(lines.map { $0["action"] as? String } == ["fault.assigned", "fault.reported"])
        #expect(lines.first?["actor"] as? String == nil)
        #expect(lines.first?["onBehalfOf"] as? String == "Maria Kern")
        #expect(lines.first?["via"] as? String == "faults.assign-by-rule")
        #expect(lines.last?["actor"] as? String == "Maria Kern")
        #expect(try await admin.get("/faults/\(id)/activity").text.contains("im Namen von Maria Kern"))
    }

    @Test("A fault's activity says from what to what, in the words of its reader's language; residents have no such tab")
    func faultActivity() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let technician = try await company.member("technician", name: "Jan Weber")
        let fault = try await TestFault.reported(in: company)
        let body = "{\"assigneeId\":\"\(technician.id)\",\"version\":1}"
        #expect(try await manager.api(.patch, "/faults/\(fault.id)", body).status == 200)
        let german = try await manager.get("/faults/\(fault.number)/activity").text
        #expect(german.contains("Zustand: <del") && german.contains("Gemeldet</del>") && german.contains("Zugewiesen</ins>"))
        #expect(german.contains("Jan Weber</ins>"))
        let english = try await company.member("manager", name: "Ann")
        try await company.walled.write { tx in
            _ = try await tx.execute(
                "update app.member set locale = 'en' where tenant_id = \(company.tenant.id) and id = \(english.id)")
        }
        let text = try await english.get("/faults/\(fault.number)/activity").text
        #expect(text.contains("State: <del") && text.contains("Reported</del>") && text.contains("Assigned</ins>"))
        #expect(try await english.get("/faults/\(fault.number)").text.contains("/activity"))
        #expect(try await fault.reporter.get("/faults/\(fault.number)/activity").status == 403)
        #expect(!(try await fault.reporter.get("/faults/\(fault.number)").text.contains("/activity")))
    }

    @Test("Buildings and units have their activity, and say when nothing is recorded")
    func propertyActivity() async throws {
        let company = try await TestCompany.fresh()
        let (manager, owner) = (try await company.member("manager"), try await company.member("owner"))
        let home = try await company.home()
        for path in ["/buildings/\(home.building.text)", "/units/\(home.unit.text)"] {
            #expect(try await manager.get(path).text.contains("\(path)/activity"))
            #expect(try await manager.get("\(path)/activity").text.contains("Noch nichts aufgezeichnet"))
            #expect(try await owner.get("\(path)/activity").status == 403)
        }
        try await company.walled.write { tx in
            _ = try await tx.execute(
                """
                insert into app.audit_line(tenant_id, id, action, entity, entity_id, before, after)
                values (\(company.tenant.id), \(UUID.v7()), 'building.updated', 'building', \(home.building),
                        '{"street": "Alt 1"}', '{"street": "Neu 2"}')
                """)
        }
        let page = try await manager.get("/buildings/\(home.building.text)/activity").text
        #expect(page.contains("Straße: <del") && page.contains("Alt 1</del>") && page.contains("Neu 2</ins>"))
        #expect(try await manager.api(.get, "/buildings/\(UUID())/activity").status == 404)
    }
}
