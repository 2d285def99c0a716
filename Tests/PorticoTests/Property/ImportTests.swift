import Database
import Foundation
import HTTPTypes
import Jobs
import Testing

@testable import Property
@testable import portico

@Suite("Import of buildings, units, people and shares")
struct ImportTests {
    private static let head = "Gebäude;Straße;PLZ;Ort;Eingang;Einheit;Etage;Fläche;Name;E-Mail;Rolle;Anteil;Seit;Bis\r\n"
    private static let good =
        head + """
            Haus A;Weg 1;10115;Berlin;Links;1.1;1. OG;75,5;Nora Blum;nora@mail.test;Mieter;;01.03.2024;\r
            Haus A;;;;;1.1;;;Karl Ott;karl@mail.test;Eigentümer;1/3;2019-01-01;\r
            Haus A;;;;;1.1;;;"=HYPERLINK(""x"")";ida@mail.test;Eigentümer;2/3;2019-01-01;\r
            Haus A;;;;;1.2;EG;80;;;;;;\r
            Haus B;Weg 2;10115;Berlin;;;;;;;;;;\r

            """

    @Test("Dry run changes nothing; the import does what it said; the same file again finds everything as it is")
    func journey() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let id = try await manager.importCSV(Self.good)
        let before = try await company.digest()
        let dry = try await manager.api(.get, "/imports/\(id)")
        #expect(dry.json?["status"] as? String == "checked", "\(dry.text)")
        #expect(dry.json?["errorRows"] as? Int == 0, "\(dry.text)")
        #expect(before == (try await company.digest()))
        #expect(try await company.count("app.building") == 0)
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").json?["status"] as? String == "importing")
        try await company.drainJobs()
        let done = try await manager.api(.get, "/imports/\(id)")
        #expect(done.json?["status"] as? String == "done", "\(done.text)")
        #expect(done.counts == dry.counts)
        #expect(
            done.counts == [
                "buildings": [2, 0, 0], "entrances": [1, 0, 0], "units": [2, 0, 0], "people": [3, 0, 0], "occupancies": [3, 0, 0]
            ])
        #expect(try await company.count("app.import_row") == 0)
        let units = try await manager.api(.get, "/units").json?["items"] as? [[String: Any]]
        #expect(units?.first?["area"] as? Double == 75.5)
        #expect(units?.first?["entrance"] as? String == "Links")
        #expect(try await company.count("app.audit_line", "action = 'occupancy.began'") == 3)
        let again = try await manager.importCSV(Self.good)
        #expect(
            try await manager.api(.get, "/imports/\(again)").counts
                == [
                    "buildings": [0, 0, 2], "entrances": [0, 0, 1], "units": [0, 0, 2], "people": [0, 0, 3],
                    "occupancies": [0, 0, 3]
                ])
        let list = try await manager.get("/imports").text
        #expect(list.contains("Maria Kern") && list.contains("2 Gebäude, 2 Einheiten, 3 Personen"))
    }

    @Test("A later file changes what it has otherwise and leaves the rest")
    func update() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        try await manager.importAll(Self.good)
        try await manager.importAll(
            "building,street,unit,area,email,role,share,since\nHaus A,Weg 9,1.1,,karl@mail.test,owner,1/4,2019-01-01\nHaus A,,1.2,81,,,,\n"
        )
        let units = try await manager.api(.get, "/units").json?["items"] as? [[String: Any]]
        #expect(units?.map { $0["area"] as? Double } == [75.5, 81])
        let building = try await manager.api(.get, "/buildings").json?["items"] as? [[String: Any]]
        #expect(building?.first?["street"] as? String == "Weg 9" && building?.first?["city"] as? String == "Berlin")
        #expect(try await company.count("app.occupancy", "numerator = 1 and denominator = 4") == 1)
    }

    @Test("Every error names row, column, value and what to do; the file is not taken over unless its bad rows are left out")
    func errors() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let id = try await manager.importCSV(
            Self.head + """
                Haus A;Weg 1;10115;Berlin;;1.1;1;;Nora;nora@mail.test;Mieter;;2024-01-01;
                Haus A;Weg 7;10115;Berlin;;1.2;hoch;75,555;Tim;tim@@mail.test;Gast;4/3;31.02.2024;
                ;;;;;1.3;;;;;;;;
                Haus A;;;;;1.1;;;Nora;nora@mail.test;Mieter;;2024-01-01;
                Haus A;;;;;1.1;;;;new@mail.test;Mieter;;;
                Haus A;;;;;1.4;;;Uwe;uwe@mail.test;Eigentümer;1/2;2024-01-01;
                Haus A;;;;;1.4;;;Eva;eva@mail.test;Eigentümer;2/3;2025-01-01;
                Haus C;;;;;;;;;;;;;

                """)
        let answer = try await manager.api(.get, "/imports/\(id)")
        let errors = (answer.json?["errors"] as? [[String: Any]] ?? []).map {
            "\($0["row"] ?? "") \($0["column"] ?? "") \($0["code"] ?? "")"
        }
        #expect(
            Set(errors) == [
                "3 Etage floor_invalid", "3 Fläche area_invalid", "3 E-Mail email_invalid", "3 Rolle role_unknown",
                "3 Anteil share_invalid", "3 Seit date_invalid", "4 Gebäude required", "5 E-Mail repeated",
                "6 Name needed_for_new",
                "7 Anteil shares_exceed_whole", "8 Anteil shares_exceed_whole", "9 Straße needed_for_new", "9 PLZ needed_for_new",
                "9 Ort needed_for_new"
            ])
        #expect(answer.json?["errorRows"] as? Int == 7)
        let csv = try await manager.get("/imports/\(id)/errors.csv")
        #expect(csv.text.contains("3,Anteil,4/3,"))
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").code == "import_has_errors")
        #expect(try await manager.post("/imports/\(id)/run").text.contains("Auslassen der Zeilen mit Fehlern"))
        #expect(try await manager.post("/imports/\(id)/run", [("skip_errors", "true")]).status == 303)
        try await company.drainJobs()
        #expect(try await manager.api(.get, "/imports/\(id)").counts["people"] == [1, 0, 0])
        #expect(try await company.count("app.building") == 1)
    }

    @Test("A file that is no CSV is 400 or 422 with the row, and nothing is kept")
    func hostile() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let bad = try await manager.upload(csv: Data("a,b\nx,\"y".utf8))
        #expect(bad.status == 400)
        #expect(bad.code == "csv_open_quote")
        #expect(bad.text.contains("row 2"))
        #expect(try await manager.upload(csv: Data([0x61, 0x0A, 0xFF])).code == "csv_encoding")
        #expect(try await manager.upload(csv: Data("a\nx\0".utf8)).code == "csv_control_character")
        #expect(try await manager.upload(csv: Data()).status == 400)
        #expect(try await company.count("app.import") == 0)
    }

    @Test("A column chosen twice, or neither building nor mail address, is refused with the form as it was")
    func mapping() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let id = try #require(try await manager.upload(csv: Data("A,B\nx,y\n".utf8)).json?["id"] as? String)
        #expect(try await manager.api(.post, "/imports/\(id)/mapping", "{}").status == 400)
        #expect(
            try await manager.api(.post, "/imports/\(id)/mapping", "{\"building\":0,\"unit\":0}").text.contains("column_twice"))
        #expect(try await manager.api(.post, "/imports/\(id)/mapping", "{\"building\":7}").status == 400)
        let page = try await manager.post("/imports/\(id)/mapping", [("building", ""), ("unit", "1")])
        #expect(page.status == 422)
        #expect(page.text.contains("<option value=\"1\" selected>B</option>"))
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").status == 409)
    }

    @Test("Cancelled in the middle, nothing has happened; run again, everything has")
    func killed() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let id = try #require(UUID(uuidString: try await manager.importCSV(Self.good)))
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").status == 200)
        let before = try await company.digest()
        struct Killed: Error {}
        await #expect(throws: Killed.self) {
            try await company.walled.write { tx in
                let run = ImportRun(
                    id: id, tx: tx, today: CalendarDate(Date(), in: .gmt),
                    roles: ImportRoles(resident: "resident", owner: "owner"))
                try await run.run()
                throw Killed()
            }
        }
        #expect(try await company.digest() == before)
        #expect(try await company.count("app.unit") == 0)
        try await company.drainJobs()
        #expect(try await manager.api(.get, "/imports/\(id)").json?["status"] as? String == "done")
        #expect(try await company.count("app.unit") == 2)
    }

    @Test("Shares that others took between dry run and import stop the import as a whole, and it says why")
    func overtaken() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        try await manager.importAll(Self.head + "Haus A;Weg 1;10115;Berlin;;1.1;;;;;;;;\n")
        let id = try await manager.importCSV(
            Self.head + "Haus A;;;;;1.1;;;Uwe;uwe@mail.test;Eigentümer;1/2;2024-01-01;\nHaus A;;;;;1.9;;;;;;;;\n")
        let unit = try #require(
            (try await manager.api(.get, "/units").json?["items"] as? [[String: Any]])?.first?["id"] as? String)
        let owner = try await company.member("owner")
        let home = TestHome(building: UUID(), unit: try #require(UUID(uuidString: unit)))
        #expect(try await manager.own(home, owner, "2/3").status == 201)
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").status == 200)
        try await company.drainJobs()
        let failed = try await manager.api(.get, "/imports/\(id)")
        #expect(failed.json?["status"] as? String == "failed")
        #expect(failed.json?["problem"] as? String == "shares_exceed_whole")
        #expect(try await company.count("app.unit") == 1)
    }

    @Test("What nobody carried out within 30 days loses its rows, by schedule; the page says so and offers another upload")
    func expired() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let (old, young) = (try await manager.importCSV(Self.good), try await manager.importCSV(Self.good))
        let done = try await manager.importCSV(Self.good)
        _ = try await manager.api(.post, "/imports/\(done)/run", "{}")
        try await company.drainJobs()
        _ = try await company.walled.write { tx in
            try await tx.execute(
                """
                update app.import set added_at = now() - interval '31 days'
                 where tenant_id = \(tx.facts.tenant) and id = any(\([old, done].compactMap { UUID(uuidString: $0) }))
                """)
        }
        #expect(Schedule.all.names.contains("property.expire-imports"))
        try await company.walled.write { tx in _ = try tx.enqueue(ExpireImports(due: Date())) }
        try await company.drainJobs()
        let record = try await manager.api(.get, "/imports/\(old)").json
        #expect(record?["status"] as? String == "expired")
        #expect(try await company.count("app.import_row", "import_id::text = \(old)") == 0)
        #expect(try await company.count("app.import_row", "import_id::text = \(young)") == 5)
        #expect(try await manager.api(.get, "/imports/\(young)").json?["status"] as? String == "checked")
        #expect(try await manager.api(.get, "/imports/\(done)").json?["status"] as? String == "done")
        let page = try await manager.get("/imports/\(old)").text
        #expect(page.contains("nicht innerhalb von 30 Tagen ausgeführt") && page.contains("Datei erneut hochladen"))
        #expect(try await manager.get("/imports").text.contains("Abgelaufen"))
        for path in ["run", "mapping"] {
            #expect(try await manager.api(.post, "/imports/\(old)/\(path)", #"{"building": 0}"#).status == 409)
        }
        #expect(try await company.count("app.audit_line", "action = 'import.expired'") == 1)
    }

    @Test("Another company's import is 404")
    func foreign() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let id = try await b.member("manager").importCSV(Self.good)
        let manager = try await a.member("manager")
        #expect(try await manager.api(.get, "/imports/\(id)").status == 404)
        #expect(try await manager.get("/imports/\(id)/errors.csv").status == 404)
        #expect(try await manager.api(.post, "/imports/\(id)/mapping", "{\"building\":0}").status == 404)
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").status == 404)
    }
}

extension TestMember {
    func upload(csv: Data) async throws -> TestAnswer {
        try await api(.post, "/imports", "{\"file\":\"\(csv.base64EncodedString())\"}")
    }

    /// Uploads, takes the columns as guessed, and runs the check.
    func importCSV(_ text: String) async throws -> String {
        let answer = try await upload(csv: Data(text.utf8))
        try #require(answer.status == 201, "\(answer.text)")
        let id = try #require(answer.json?["importId"] as? String)
        let mapping = try JSONSerialization.data(withJSONObject: answer.json?["mapping"] ?? [:])
        let mapped = try await api(.post, "/imports/\(id)/mapping", String(decoding: mapping, as: UTF8.self))
        try #require(mapped.status == 200, "\(mapped.text)")
        try await company.drainJobs()
        return id
    }

    func importAll(_ text: String) async throws {
        let id = try await importCSV(text)
        try #require(try await api(.post, "/imports/\(id)/run", "{}").status == 200)
        try await company.drainJobs()
        try #require(try await api(.get, "/imports/\(id)").json?["status"] as? String == "done")
    }
}

extension TestCompany {
    func count(_ table: SQL, _ condition: SQL = "true") async throws -> Int {
        try await walled.read(.value("select count(*) from \(table) where tenant_id = \(tenant.id) and \(condition)", Int.self))
    }

    /// Of everything that an import could touch.
    func digest() async throws -> [String] {
        var digests: [String] = []
        for table: SQL in ["app.building", "app.entrance", "app.unit", "app.member", "app.occupancy", "app.audit_line"] {
            digests.append(
                try await walled.read(
                    .value(
                        "select count(*) || coalesce(md5(string_agg(t::text, '' order by t.id)), '') from \(table) t where t.tenant_id = \(tenant.id)",
                        String.self)))
        }
        return digests
    }
}

extension TestAnswer {
    /// New, changed and same of each kind.
    var counts: [String: [Int]] {
        let counts = json?["counts"] as? [String: [String: Int]] ?? [:]
        return counts.mapValues { count in ["new", "changed", "same"].map { count[$0] ?? -1 } }
    }
}
