import Database
import Foundation
import HTTPTypes
import Testing

@testable import Property
@testable import portico

@Suite("Buildings, units, entrances and common parts")
struct EstateTests {
    private static let building = "{\"name\":\"Haus A\",\"street\":\"Weg 1\",\"postalCode\":\"10115\",\"city\":\"Berlin\"}"

    @Test(
        "A manager enters a building with an entrance, a unit and a common part, by form and by program; each leaves an audit line"
    )
    func enter() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let page = try await manager.post(
            "/buildings", [("name", "Haus A"), ("street", "Weg 1"), ("postal_code", "10115"), ("city", "Berlin")])
        #expect(page.status == 303)
        let path = try #require(page.location)
        #expect(path.hasPrefix("/buildings/"))
        let entrance = try await manager.api(.post, "\(path)/entrances", "{\"name\":\"A\"}")
        #expect(entrance.status == 201, "\(entrance.text)")
        let id = try #require(entrance.json?["id"] as? String)
        let unit = try await manager.api(
            .post, "\(path)/units", "{\"label\":\"1.1\",\"floor\":1,\"kind\":\"flat\",\"area\":75.5,\"entranceId\":\"\(id)\"}")
        #expect(unit.status == 201, "\(unit.text)")
        #expect(unit.json?["area"] as? Double == 75.5)
        #expect(try await manager.post("\(path)/common-parts", [("name", "Keller"), ("note", "")]).status == 303)
        let shown = try await manager.api(.get, path)
        #expect((shown.json?["units"] as? [[String: Any]])?.first?["entrance"] as? String == "A")
        #expect((shown.json?["commonParts"] as? [[String: Any]])?.first?["name"] as? String == "Keller")
        let actions = try await company.walled.read(
            .values("select action from app.audit_line where tenant_id = \(company.tenant.id) order by id", String.self))
        #expect(actions == ["building.added", "entrance.added", "unit.added", "common_part.added"])
    }

    @Test("A refused form is 422 with what was typed, 400 for programs; a name that is taken says so")
    func refused() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        #expect(try await manager.api(.post, "/buildings", Self.building).status == 201)
        let twice = try await manager.api(.post, "/buildings", Self.building)
        #expect(twice.status == 400)
        #expect(twice.text.contains("taken"))
        let page = try await manager.post(
            "/buildings", [("name", "Haus <B>"), ("street", ""), ("postal_code", "1"), ("city", "x")])
        #expect(page.status == 422)
        #expect(page.text.contains("value=\"Haus &lt;B>\"") || page.text.contains("value=\"Haus &lt;B&gt;\""))
    }

    @Test("Two who change different fields are merged; the same field is 409 with both values to choose from")
    func merge() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let id = try #require(try await manager.api(.post, "/buildings", Self.building).json?["id"] as? String)
        let opened = [
            ("opened_name", "Haus A"), ("opened_street", "Weg 1"), ("opened_postal_code", "10115"), ("opened_city", "Berlin"),
            ("version", "1")
        ]
        let base = [("name", "Haus A"), ("postal_code", "10115"), ("city", "Berlin")]
        #expect(try await manager.api(.patch, "/buildings/\(id)", "{\"street\":\"Weg 2\",\"version\":1}").status == 200)
        #expect(try await manager.api(.patch, "/buildings/\(id)", "{\"street\":\"Weg 3\",\"version\":1}").code == "stale_version")
        let clash = try await manager.post("/buildings/\(id)/edit", base + [("street", "Weg 4")] + opened)
        #expect(clash.status == 409)
        #expect(clash.text.contains("Weg 2") && clash.text.contains("Weg 4") && clash.text.contains("Maria Kern"))
        let other = try await manager.post(
            "/buildings/\(id)/edit",
            [("name", "Haus A"), ("postal_code", "10115"), ("city", "Potsdam"), ("street", "Weg 1")] + opened)
        #expect(other.status == 303)
        let now = try await manager.api(.get, "/buildings/\(id)")
        #expect(now.json?["street"] as? String == "Weg 2")
        #expect(now.json?["city"] as? String == "Potsdam")
    }

    @Test("What somebody lives in is not archived; what is archived leaves the lists and can be restored")
    func archive() async throws {
        let company = try await TestCompany.fresh()
        let (manager, resident) = (try await company.member("manager"), try await company.member("resident"))
        let home = try await company.home()
        try await company.moveIn(resident, home)
        #expect(try await manager.api(.post, "/units/\(home.unit)/archive", "{}").code == "lived_in")
        #expect(try await manager.api(.post, "/buildings/\(home.building)/archive", "{}").status == 409)
        let line = try #require(try await manager.api(.get, "/units/\(home.unit)").occupancies.first?["id"] as? String)
        #expect(try await manager.post("/occupancies/\(line)/end", [("until", "2024-06-30")]).status == 303)
        #expect(try await manager.api(.post, "/units/\(home.unit)/archive", "{}").status == 200)
        #expect(try await manager.api(.get, "/units").json?["total"] as? Int == 0)
        #expect(try await manager.api(.get, "/units?state=archived").json?["total"] as? Int == 1)
        #expect(try await manager.api(.post, "/units/\(home.unit)/restoration", "{}").status == 200)
        #expect(try await manager.get("/units.csv").text.contains("1.1"))
    }

    @Test("Moving in and out leaves a history per unit and per person; the last day cannot be before the first")
    func moves() async throws {
        let company = try await TestCompany.fresh()
        let (manager, resident) = (try await company.member("manager"), try await company.member("resident", name: "Nora Blum"))
        let home = try await company.home()
        let email = "resident-\(resident.id.text)@example.test"
        let path = "/units/\(home.unit)/residents"
        #expect(try await manager.post(path, [("person", "nobody@example.test"), ("since", "2024-01-01")]).status == 422)
        #expect(try await manager.post(path, [("person", email), ("since", "2024-01-01")]).status == 303)
        #expect(try await manager.post(path, [("person", email), ("since", "2024-02-01")]).status == 422)
        let id = try #require(try await manager.api(.get, "/units/\(home.unit)").occupancies.first?["id"] as? String)
        #expect(try await manager.post("/occupancies/\(id)/end", [("until", "2023-12-31")]).status == 422)
        #expect(try await manager.post("/occupancies/\(id)/end", [("until", "2024-12-31"), ("version", "7")]).status == 409)
        #expect(try await manager.post("/occupancies/\(id)/end", [("until", "2024-12-31"), ("version", "1")]).status == 303)
        #expect(try await manager.get("/units/\(home.unit)").text.contains("Früher"))
        #expect(try await manager.api(.get, "/people/\(resident.id)").occupancies.first?["until"] as? String == "2024-12-31")
        let people = try await manager.api(.get, "/people?q=BLUM")
        #expect(people.json?["total"] as? Int == 1)
        #expect(try await manager.get("/people.csv?role=resident").text.contains("Nora Blum"))
        #expect(try await manager.post("/occupancies/\(id)/withdrawal").status == 303)
        #expect(try await manager.api(.get, "/units/\(home.unit)").occupancies.isEmpty)
    }

    @Test("T01 Another company's buildings, units, people and imports are 404, to read and to change")
    func foreign() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (manager, other) = (try await a.member("manager"), try await b.member("manager"))
        let (home, mine) = (try await b.home(), try await a.home())
        let owner = try await b.member("owner")
        let line = try #require(try await other.own(home, owner, "1/2").json?["id"] as? String)
        for path in ["/buildings/\(home.building)", "/units/\(home.unit)", "/people/\(owner.id)"] {
            #expect(try await manager.api(.get, path).status == 404, "\(path)")
        }
        for path in ["/buildings/\(home.building)/edit", "/units/\(home.unit)/owners/new", "/occupancies/\(line)/end"] {
            #expect(try await manager.get(path).status == 404, "\(path)")
        }
        #expect(try await manager.api(.patch, "/units/\(home.unit)", "{\"label\":\"x\"}").status == 404)
        #expect(try await manager.api(.post, "/buildings/\(home.building)/units", "{\"label\":\"x\"}").status == 404)
        #expect(try await manager.api(.post, "/buildings/\(home.building)/archive", "{}").status == 404)
        #expect(try await manager.own(home, try await a.member("owner"), "1/2").status == 404)
        #expect(try await manager.own(mine, owner, "1/2").status == 400)
        #expect(try await manager.api(.post, "/occupancies/\(line)/end", "{\"until\":\"2025-01-01\"}").status == 404)
        let entrance = try #require(
            try await other.api(.post, "/buildings/\(home.building)/entrances", "{\"name\":\"A\"}").json?["id"] as? String)
        #expect(try await manager.api(.patch, "/units/\(mine.unit)", "{\"entranceId\":\"\(entrance)\"}").status == 400)
    }

    @Test("Residents and technicians may not change property, and owners see it without the list of people")
    func roles() async throws {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        for role in ["resident", "owner", "technician"] {
            let member = try await company.member(role)
            #expect(try await member.api(.post, "/buildings", Self.building).status == 403)
            #expect(try await member.api(.post, "/units/\(home.unit)/archive", "{}").status == 403)
            #expect(try await member.api(.get, "/people").status == 403)
            #expect(try await member.api(.get, "/imports").status == 403)
        }
        #expect(try await company.member("owner").get("/units/\(home.unit)").status == 200)
    }
}
