import Database
import Foundation
import Testing

@testable import portico

@Suite("The list of people")
struct PeopleListTests {
    private func names(_ member: TestMember, _ query: String) async throws -> Set<String> {
        Set(try await member.api(.get, "/people?\(query)").items.compactMap { $0["name"] as? String })
    }

    @Test("Filters by role, state, second factor, never signed in and words, alone and together, on page and API")
    func filters() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let guarded = try await company.member("technician", name: "Timo Fest")
        let gone = try await company.member("technician", name: "Gerd Weg")
        let fresh = try await company.member("resident", name: "Nora Neu")
        try await company.run("update app.member set factor_since = now(), signed_in_at = now() where id = \(guarded.id)")
        try await company.run("update app.member set disabled_at = now() where id = \(gone.id)")
        try await company.run("update app.member set signed_in_at = now() where id = \(manager.id)")
        for (query, wanted) in [
            ("", ["Maria Kern", "Timo Fest", "Nora Neu"]), ("role=technician", ["Timo Fest"]), ("state=disabled", ["Gerd Weg"]),
            ("state=all&role=technician", ["Timo Fest", "Gerd Weg"]), ("factor=yes", ["Timo Fest"]),
            ("factor=no", ["Maria Kern", "Nora Neu"]), ("seen=never", ["Nora Neu"]),
            ("seen=never&role=manager", []), ("q=neu", ["Nora Neu"]), ("state=anonymised", []),
            ("state=nonsense&q=kern", ["Maria Kern"])
        ] as [(String, Set<String>)] {
            #expect(try await names(manager, query) == wanted, "\(query)")
        }
        let page = try await manager.get("/people?factor=yes")
        #expect(page.text.contains("Timo Fest") && !page.text.contains("Nora Neu"))
        #expect(page.text.contains("Zweiter Faktor: Eingerichtet"), "the filter stands as a chip")
        #expect(try await manager.get("/people?seen=never&role=manager").text.contains("Niemand passt"))
        #expect(try await fresh.get("/people").status == 403)
    }

    @Test(
        "Pages follow each other without gap or repetition; T37 the CSV holds everybody, cells that run are quoted, and who took it is in the log"
    )
    func pages() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        for number in 0..<25 { _ = try await company.member("resident", name: "=1+\(number)") }
        var (seen, cursor): ([String], String?) = ([], nil)
        repeat {
            let answer = try await admin.api(.get, "/people?limit=10" + (cursor.map { "&cursor=\($0)" } ?? ""))
            seen += answer.items.compactMap { $0["id"] as? String }
            cursor = answer.json?["nextCursor"] as? String
            #expect(answer.json?["total"] as? Int == 26)
        } while cursor != nil
        #expect(seen.count == 26 && Set(seen).count == 26)
        let csv = try await admin.get("/people.csv?role=resident").text
        #expect(
            csv.split(separator: "\r\n").count == 26
                && csv.hasPrefix("name,email,roles,places,state,second_factor,last_signed_in_at"))
        #expect(csv.split(separator: "\r\n").dropFirst().allSatisfy { $0.hasPrefix("'=1+") })
        #expect(
            try await company.count("app.audit_line where action = 'people.exported' and tenant_id = \(company.tenant.id)") == 1)
    }

    @Test("Whoever signs in has signed in: the list and the person's page say when")
    func signingIn() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.person())
        #expect(try await names(admin, "seen=never").count == 2)
        _ = try await person.signIn()
        let found = try await admin.api(.get, "/people/\(person.member.id)")
        #expect(found.json?["lastSignedInAt"] is String && found.json?["secondFactor"] as? Bool == false)
        #expect(try await names(admin, "seen=never").count == 1)
    }
}
