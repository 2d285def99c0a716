import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import portico

/// What the security guide asks for by number and what no area tests by itself.
@Suite("Between two companies, and between files and what they pretend to be")
struct BorderTests {
    @Test("T07 names, labels and addresses that one company uses are free in another")
    func names() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (first, second) = (try await a.member("manager"), try await b.member("manager"))
        let building = #"{"name": "Haus Rosengarten", "street": "Weg 1", "postalCode": "10115", "city": "Berlin"}"#
        for manager in [first, second] {
            #expect(try await manager.api(.post, "/buildings", building).status == 201)
            try await manager.importAll(
                """
                Gebäude;Straße;PLZ;Ort;Einheit;Name;E-Mail;Rolle;Anteil;Seit
                Haus Zwei;Weg 2;10115;Berlin;1.1;Nora Blum;nora@mail.test;Eigentümer;1/1;2024-01-01

                """)
        }
        for company in [a, b] {
            #expect(try await company.count("app.member", "email = 'nora@mail.test'") == 1)
            #expect(try await company.count("app.building") == 2)
        }
        // In the same company they are taken.
        #expect(try await first.api(.post, "/buildings", building).status != 201)
    }

    @Test("T08 how long a foreign id takes tells nothing: the slower half of 400 answers each overlaps that of absent ids")
    func timing() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let manager = try await a.member("manager")
        let foreign = try await TestFault.reported(in: b).id
        func one(_ id: String) async throws -> Double {
            let start = ContinuousClock.now
            let status = try await manager.api(.get, "/faults/\(id)").status
            let spent = start.duration(to: .now)
            #expect(status == 404)
            return Double(spent.components.attoseconds) / 1e12 + Double(spent.components.seconds) * 1e6
        }
        for _ in 1...50 { _ = try await (one(foreign), one(UUID().uuidString.lowercased())) }
        var samples: [(Double, isForeign: Bool)] = []
        for _ in 1...400 {
            samples.append((try await one(foreign), true))
            samples.append((try await one(UUID().uuidString.lowercased()), false))
        }
        // Mann–Whitney: the rank sum of one half, normally distributed under "no difference" (n = m = 400).
        let ranked = samples.sorted { $0.0 < $1.0 }
        let sum = ranked.enumerated().reduce(0.0) { $1.element.isForeign ? $0 + Double($1.offset + 1) : $0 }
        let (n, m) = (400.0, 400.0)
        let z = (sum - n * (n + m + 1) / 2) / (n * m * (n + m + 1) / 12).squareRoot()
        #expect(abs(z) < 4, "z = \(z)")
    }

    @Test("T09 a form that was opened in one company is refused by another, whatever cookies come along")
    func oldForm() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (here, there) = (try await a.member("manager"), try await b.member("manager"))
        let token = try await here.csrf()
        for cookie in [here.cookie, there.cookie] {
            var headers: HTTPFields = [.cookie: "portico=\(cookie)", .contentType: "application/x-www-form-urlencoded"]
            headers[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "same-origin"
            let answer = try await b.anonymous(.post, "/faults/codes", headers, body: "place=all&csrf_token=\(token)")
            #expect(cookie == here.cookie ? answer.location == "/login" : answer.status == 403)
        }
        #expect(try await b.count("app.report_code") == 0)
    }

    @Test(
        "T16 an import that names another company's ids, people or files touches nothing of theirs and makes nothing out of them")
    func foreignImport() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (manager, other) = (try await a.member("manager"), try await b.member("manager"))
        let home = try await b.home()
        let resident = try await b.member("resident", name: "Canary B")
        let before = try await b.digest()
        let id = try await manager.importCSV(
            """
            Gebäude;Straße;PLZ;Ort;Einheit;Name;E-Mail;Rolle;Anteil;Seit;id;tenant_id;building_id;member_id;file
            \(home.building.text);;;;1.1;;\(resident.id.text);Mieter;;2024-01-01;\(home.unit.text);\(b.tenant.id);\(home.building.text);\(resident.id.text);file:///etc/passwd

            """)
        let check = try await manager.api(.get, "/imports/\(id)")
        #expect((check.json?["errorRows"] as? Int ?? 0) > 0, "\(check.text)")
        #expect(!check.text.contains("Canary B") && !check.text.contains("root:"))
        #expect(try await manager.api(.post, "/imports/\(id)/run", "{}").status != 200)
        try await a.drainJobs()
        #expect(try await a.count("app.building") == 0)
        #expect(try await a.count("app.unit") == 0)
        #expect(before == (try await b.digest()))
        #expect(try await other.api(.get, "/imports/\(id)").status == 404)
        #expect(try await other.api(.post, "/imports/\(id)/run", "{}").status == 404)
    }

    @Test(
        "T42 archives are no photos and no tables: a zip bomb, a nested one and one with ../ are refused from their first bytes")
    func archives() async throws {
        let house = try await VisitorHouse.fresh()
        // Local header and end of central directory; the sizes lie: 4 GiB from 20 bytes, names that leave the folder.
        let bombs = ["../../etc/passwd", "a.jpg", "nested.zip"].map { name -> [UInt8] in
            let local: [UInt8] =
                [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0] + Array(repeating: 0, count: 8) + [20, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
            let head = local + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8) + Array(repeating: 0x55, count: 20)
            return head + [0x50, 0x4B, 5, 6] + Array(repeating: 0xFF, count: 18)
        }
        for bomb in bombs {
            let answer = try await house.visitor.post("/r/\(house.code)", house.form(), photo: Data(bomb))
            #expect([400, 415].contains(answer.status), "\(answer.status)")
            let (body, type) = TestMember.multipart([], photos: [Data(bomb)])
            let table = String(decoding: body, as: Unicode.ASCII.self).replacing("name=\"photos\"", with: "name=\"file\"")
            let headers: HTTPFields = [.authorization: "Bearer \(house.manager.bearer)", .contentType: type]
            let imported = try await house.company.anonymous(.post, "/api/v1/imports", headers, body: table)
            #expect((400..<500).contains(imported.status), "\(imported.status)")
        }
        #expect(try await house.company.count("app.fault") == 0)
    }

    @Test("T45 EICAR as a photo is refused; behind a sound photo it does not survive: only redrawn pixels are kept")
    func eicar() async throws {
        let house = try await VisitorHouse.fresh()
        // In two halves, so that this file itself does not alarm a scanner.
        let virus = #"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD"# + "-ANTIVIRUS-TEST-FILE!$H+H*"
        let bare = try await house.visitor.post("/r/\(house.code)", house.form(), photo: Data(virus.utf8))
        #expect(bare.status == 415)
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        let answer = try await house.visitor.post("/r/\(house.code)", house.form(), photo: phone + Data(virus.utf8))
        let link = try #require(answer.location, "\(answer.text)")
        let page = try await house.visitor.get(link).text
        let photo = try #require(page.firstMatch(of: /\/photos\/[0-9a-f-]{36}/)).output
        for path in ["\(link)\(photo)", "\(link)\(photo)/thumbnail"] {
            let file = try await house.visitor.get(path)
            #expect(file.status == 200 && Data(file.bytes).range(of: Data("EICAR".utf8)) == nil)
        }
    }
}
