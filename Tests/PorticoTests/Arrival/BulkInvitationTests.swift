import Database
import Foundation
import Mail
import Testing
import Web

@testable import portico

@Suite("Inviting from a list: first a look, then everybody or only the good rows, never half of them")
struct BulkInvitationTests {
    private func list(_ home: (name: String, unit: String), _ good: [String]) -> String {
        var lines = ["E-Mail;Rolle;Gebäude;Einheit;Sprache"]
        lines += good.map { "\($0);Mieter;\(home.name);\(home.unit);de" }
        lines += [
            "kaputt;Mieter;;;", "x@y.test;Kaiser;;;", "z@y.test;resident;Nirgends;1;", "\(good[0]);resident;;;",
            "a@b.test;admin;;;"
        ]
        return lines.joined(separator: "\n")
    }

    private func home(_ company: TestCompany) async throws -> (name: String, unit: String) {
        let home = try await company.home("3.2")
        let name = try await company.walled.read(
            Query.value(
                "select name from app.building where tenant_id = \(company.tenant.id) and id = \(home.building)", String.self))
        return (name, "3.2")
    }

    private func invitations(_ company: TestCompany) async throws -> Int {
        try await company.count("app.invitation where tenant_id = \(company.tenant.id)")
    }

    @Test("the dry run says what is wrong in which row and sends nothing")
    func dryRun() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let good = (0..<3).map { _ in TestCompany.address() }
        let csv = list(try await home(company), good)
        let page = try await manager.post("/admin/invitations/bulk", [("csv", csv)])
        #expect(page.status == 200 && page.text.contains("3 Personen einladen"))
        for words in ["Dieses Gebäude gibt es nicht", "steht zweimal in der Liste"] {
            #expect(page.text.contains(words), "\(words)")
        }
        let body = String(decoding: try JSONSerialization.data(withJSONObject: ["csv": csv]), as: UTF8.self)
        let answer = try await manager.api(.post, "/invitations/bulk", body)
        #expect(answer.json?["good"] as? Int == 3 && answer.json?["bad"] as? Int == 5)
        let rows = answer.json?["rows"] as? [[String: Any]] ?? []
        let wrong = rows.filter { ($0["errors"] as? [Any])?.isEmpty == false }.compactMap { $0["row"] as? Int }
        #expect(wrong == [5, 6, 7, 8, 9])
        #expect(try await invitations(company) == 0)
    }

    @Test(
        "with errors all of it is refused unless the bad rows are left out; each good one gets one mail with the unit of the row")
    func run() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let good = (0..<3).map { _ in TestCompany.address() }
        let csv = list(try await home(company), good)
        let refused = try await manager.post("/admin/invitations/bulk", [("csv", csv), ("run", "true")])
        #expect(refused.status == 422 && refused.text.contains("Einige Zeilen haben Fehler"))
        #expect(try await invitations(company) == 0)
        let key = UUID().uuidString
        for _ in 0..<2 {
            let sent = try await manager.post(
                "/admin/invitations/bulk", [("csv", csv), ("run", "true"), ("skip_errors", "true")], key: key)
            #expect(sent.status == 303 && sent.location == "/admin/invitations")
        }
        #expect(try await invitations(company) == 3)
        for address in good {
            let mails = try await company.mails(to: address)
            #expect(mails.count == 1 && mails[0].headers?["Subject"] == "Ihr Zugang zu \(company.tenant.name)")
        }
        #expect(
            try await company.count("app.invitation where tenant_id = \(company.tenant.id) and unit_id is not null") == 3)
    }

    @Test("T37 a cell that a spreadsheet would run is an address like any other, harmless in the CSV that comes out again")
    func formulas() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let address = "=cmd|calc@\(UUID().uuidString.lowercased()).test"
        let list = "email,role,building\n\(address),resident,\nx@y.test,resident,\"=HYPERLINK(\"\"http://evil\"\")\"\n"
        let look = try await manager.post("/admin/invitations/bulk", [("csv", list)])
        #expect(look.status == 200 && look.text.contains("Dieses Gebäude gibt es nicht"))
        #expect(look.text.contains("name=\"csv\" value=\"email,role,building"), "the list is kept for the second step")
        let sent = try await manager.post(
            "/admin/invitations/bulk", [("csv", list), ("run", "true"), ("skip_errors", "true")])
        #expect(sent.status == 303)
        let csv = try await manager.get("/admin/invitations.csv").text
        #expect(csv.contains("\r\n'\(address),resident") && !csv.contains("\n=cmd"))
    }

    @Test(
        "a file with a mark and CRLF is read; T37 T41 hostile lists are refused without harm",
        arguments: [
            ("\u{FEFF}email,role\r\n=cmd|x@y.test,resident\r\n", 200), ("name,wohnung\nx,y\n", 422),
            ("email,role\n\"open,resident\n", 422),
            ("email,role\n" + String(repeating: "a@b.test,resident\n", count: 501), 422), ("", 422), ("email,role\n", 422)
        ])
    func hostile(csv: String, status: Int) async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let boundary = "b\(UUID().uuidString)"
        let csrf = try await manager.csrf()
        let body =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n\(csrf)\r\n"
            + "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"l.csv\"\r\nContent-Type: text/csv\r\n\r\n\(csv)\r\n"
            + "--\(boundary)--\r\n"
        var head = TestStranger.sameOrigin
        head[.cookie] = "portico=\(manager.cookie)"
        head[.contentType] = "multipart/form-data; boundary=\(boundary)"
        let answer = try await company.anonymous(.post, "/admin/invitations/bulk", head, body: body)
        #expect(answer.status == status)
        #expect(try await invitations(company) == 0)
    }
}
