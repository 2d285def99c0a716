import Database
import Foundation
import Testing

@testable import Faults
@testable import portico

@Suite("Outages of whole buildings")
struct IncidentTests {
    @Test(
        "A manager declares an outage from a fault, gathers what fits, tells everybody there once in their language, and ends all of it with one text"
    )
    func journey() async throws {
        let company = try await TestCompany.fresh()
        let (manager, technician) = (try await company.member("manager"), try await company.member("technician"))
        let house = try await IncidentHouse.fresh(company)
        let first = try await house.report(house.anna, "Heizung kalt")
        let second = try await house.report(house.bert, "Keine Wärme")
        let other = try await house.report(house.bert, "Wasserhahn tropft", category: "plumbing")
        let number = try #require(try await manager.api(.get, "/faults/\(first)").json?["number"] as? String)
        let form = try await manager.get("/incidents/new?fault=\(number)").text
        #expect(
            form.contains("value=\"\(first)\" checked") && form.contains("value=\"\(second)\" checked") && !form.contains(other))
        let declared = try await manager.post(
            "/incidents",
            [
                ("title", "Heizung ausgefallen"), ("category", "heating"), ("place", "building-\(house.building)"),
                ("expected_end", "2099-01-01T10:00"), ("fault_ids", first), ("fault_ids", second)
            ])
        #expect(declared.status == 422 && declared.text.contains("innerhalb eines Jahres"))
        let sent = try await manager.post(
            "/incidents",
            [
                ("title", "Heizung ausgefallen"), ("category", "heating"), ("place", "building-\(house.building)"),
                ("fault_ids", first), ("fault_ids", second)
            ])
        #expect(sent.status == 303, "\(sent.text.prefix(500))")
        let path = try #require(sent.location?.replacing("/notices", with: ""))
        #expect(try await manager.get("/faults/\(number)").text.contains(path))
        // Nobody is told before somebody has looked at the words.
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(house.anna).allSatisfy { !$0.hasPrefix("incident.") })
        let draft = try #require(try await manager.api(.get, "\(path)/notices").json)
        let drafts = try #require(draft["drafts"] as? [String: String])
        #expect(Set(drafts.keys) == ["de", "en"] && draft["people"] as? Int == 3)
        #expect(drafts["de"]?.contains("Heizung ausgefallen") == true && drafts["en"]?.contains("Heating") == true)
        let texts = [("text_de", "Wir arbeiten daran.\n\nBis heute Abend."), ("text_en", "We are working on it.")]
        let preview = try await manager.post("\(path)/notices", texts + [("preview", "1")])
        #expect(preview.status == 200 && preview.text.contains("<p>Bis heute Abend.</p>") && preview.text.contains("lang=\"en\""))
        #expect(try await manager.post("\(path)/notices", [texts[0]]).status == 422)
        #expect(try await manager.post("\(path)/notices", texts, key: "once-and-only").status == 303)
        #expect(try await manager.post("\(path)/notices", texts, key: "once-and-only").status == 303)
        try await company.drainJobs()
        try await company.drainJobs()
        for member in [house.anna, house.bert, house.owner] {
            #expect(try await TestNotices.kinds(member).filter { $0 == "incident.declared" }.count == 1)
        }
        #expect(try await TestNotices.kinds(technician).isEmpty)
        #expect(try await house.anna.get("/notifications").text.contains("Störung: Heizung ausgefallen"))
        #expect(try await house.bert.get(path).text.contains("We are working on it."))
        // Its end ends the chosen faults, with the same words.
        let end = try await manager.post("\(path)/resolution", [("resolution", "Pumpe getauscht"), ("fault_ids", first)])
        #expect(end.status == 303 && end.location == "\(path)/notices")
        let resolved = try #require(try await manager.api(.get, "/faults/\(first)").json)
        #expect(resolved["status"] as? String == "resolved" && resolved["resolution"] as? String == "Pumpe getauscht")
        #expect(try await manager.api(.get, "/faults/\(second)").json?["status"] as? String == "reported")
        #expect(try await manager.get("\(path)/notices").text.contains("Pumpe getauscht"))
        #expect(try await manager.post("\(path)/notices", texts).status == 303)
        try await company.drainJobs()
        #expect(try await TestNotices.kinds(house.anna).filter { $0 == "incident.resolved" }.count == 1)
        #expect(try await TestNotices.kinds(house.anna).filter { $0 == "fault.resolved" }.count == 1)
        #expect(try await manager.api(.post, "\(path)/resolution", "{\"resolution\":\"x\"}").code == "incident_over")
        #expect(try await manager.post("\(path)/reopening", [("reason", "Wieder kalt")]).status == 303)
        let now = try #require(try await manager.api(.get, path).json)
        #expect(now["status"] as? String == "open" && now["faultCount"] as? Int == 2)
        let kinds = (now["history"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }
        #expect(kinds == ["declared", "gathered", "told", "resolved", "told", "reopened"])
    }

    @Test(
        "While it is open a report shows it first; “me too” takes the place of a report, and a report that is sent anyway is gathered"
    )
    func known() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let house = try await IncidentHouse.fresh(company)
        let path = try await house.declare(manager)
        let page = try await house.anna.get("/faults/new").text
        #expect(
            page.contains("Heizung ausgefallen") && page.contains("\(path)/members") && page.contains("name=\"known_outage\""))
        let form = [("title", "Kalt"), ("description", "Seit heute"), ("category", "heating")]
        let asked = try await house.anna.post("/faults", form)
        #expect(asked.status == 409 && asked.text.contains("Heizung ausgefallen") && asked.text.contains("Seit heute"))
        #expect(try await manager.api(.get, "/faults").json?["total"] as? Int == 0)
        #expect(try await house.anna.post("\(path)/members").status == 303)
        #expect(try await house.anna.post("\(path)/members").status == 303)
        #expect(try await manager.api(.get, path).json?["joinedCount"] as? Int == 1)
        #expect(try await house.anna.get(path).text.contains("auch betrifft"))
        #expect(try await house.anna.post("/faults", form + [("known_outage", "1")]).status == 303)
        // Another kind of trouble is no part of it, and programs are never asked.
        _ = try await house.report(house.bert, "Licht", category: "electrical")
        _ = try await house.report(house.bert, "Auch kalt")
        let now = try #require(try await manager.api(.get, path).json)
        #expect(now["faultCount"] as? Int == 2)
        let gathered = (now["faults"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
        #expect(try await manager.post("\(path)/faults/release", gathered.map { ("fault_ids", $0) }).status == 303)
        #expect(try await manager.api(.get, path).json?["faultCount"] as? Int == 0)
        #expect(try await manager.get(path).text.contains("Passende offene Schäden"))
        #expect(try await manager.post("\(path)/faults", gathered.map { ("fault_ids", $0) }).status == 303)
        #expect(try await manager.api(.get, path).json?["faultCount"] as? Int == 2)
    }

    @Test("An outage of one entrance concerns those who live there, and nobody else")
    func entrance() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let house = try await IncidentHouse.fresh(company)
        let body = "{\"title\":\"Aufzug steht\",\"category\":\"elevator\",\"entranceId\":\"\(house.entrance)\"}"
        let declared = try await manager.api(.post, "/incidents", body)
        let path = "/incidents/\(try #require(declared.json?["number"] as? String, "\(declared.text)"))"
        #expect(try await manager.api(.get, "\(path)/notices").json?["people"] as? Int == 1)
        #expect(try await house.anna.api(.get, path).status == 200)
        #expect(try await house.bert.api(.get, path).status == 404)
        #expect(try await house.bert.api(.get, "/incidents").json?["total"] as? Int == 0)
        #expect(try await house.bert.api(.post, "\(path)/members", "{}").status == 404)
        _ = try await house.report(house.bert, "Aufzug", category: "elevator")
        _ = try await house.report(house.anna, "Aufzug", category: "elevator")
        #expect(try await manager.api(.get, path).json?["faultCount"] as? Int == 1)
        #expect(try await manager.get("/incidents.csv").text.contains("Aufzug steht"))
    }

    @Test("Only managers declare; foreign places and faults are refused; a stale change is 409; another company sees nothing")
    func rights() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let house = try await IncidentHouse.fresh(company)
        let path = try await house.declare(manager)
        let stranger = try await TestCompany.fresh().member("manager")
        for method in [("GET", path), ("GET", "\(path)/notices")] {
            #expect(try await stranger.api(.get, method.1).status == 404)
        }
        #expect(try await stranger.api(.post, "\(path)/resolution", "{\"resolution\":\"x\"}").status == 404)
        #expect(try await house.anna.api(.post, "/incidents", "{}").status == 403)
        #expect(try await house.anna.api(.get, "\(path)/notices").status == 403)
        #expect(try await house.anna.api(.get, path).json?["faults"] == nil)
        let foreign = try await TestFault.reported(in: company)
        #expect(try await manager.api(.post, "\(path)/faults", "{\"faultIds\":[\"\(foreign.id)\"]}").status == 400)
        let empty = try await manager.api(.post, "/incidents", "{}")
        let fields = (empty.json?["errors"] as? [[String: Any]])?.compactMap { $0["field"] as? String } ?? []
        #expect(empty.status == 400 && Set(fields) == ["title", "category", "place"])
        let elsewhere = "{\"title\":\"t\",\"category\":\"heating\",\"buildingId\":\"\(UUID())\"}"
        #expect(try await manager.api(.post, "/incidents", elsewhere).status == 400)
        #expect(try await manager.api(.patch, path, "{\"title\":\"Neu\",\"version\":1}").json?["version"] as? Int == 2)
        #expect(try await manager.api(.patch, path, "{\"title\":\"Alt\",\"version\":1}").status == 409)
        let stale = try await manager.post("\(path)/edit", [("title", "Alt"), ("version", "1")])
        #expect(stale.status == 409 && stale.text.contains("value=\"Alt\""))
        let backwards = "{\"since\":\"2026-11-20T10:00:00Z\",\"expectedEnd\":\"2026-11-19T10:00:00Z\"}"
        #expect(try await manager.api(.patch, path, backwards).status == 400)
        #expect(try await house.anna.get("/incidents").text.contains("Neu"))
    }
}

/// A building with two homes, one of them behind an entrance, and an owner whose flat nobody else lives in.
struct IncidentHouse: Sendable {
    let building: UUID
    let entrance: UUID
    let anna: TestMember
    /// Reads English.
    let bert: TestMember
    let owner: TestMember

    static func fresh(_ company: TestCompany) async throws -> IncidentHouse {
        let (anna, bert, owner) = (
            try await company.member("resident", name: "Anna"), try await company.member("resident", name: "Bert"),
            try await company.member("owner")
        )
        let home = try await company.home()
        let (entrance, second, third) = (UUID.v7(), UUID.v7(), UUID.v7())
        try await company.moveIn(anna, home)
        try await company.moveIn(
            bert, TestHome(building: home.building, unit: second),
            after: { tx in
                _ = try await tx.execute(
                    """
                    insert into app.entrance(tenant_id, id, building_id, name)
                    values (\(tx.facts.tenant), \(entrance), \(home.building), 'Aufgang A')
                    """)
                _ = try await tx.execute(
                    """
                    insert into app.unit(tenant_id, id, building_id, label)
                    values (\(tx.facts.tenant), \(second), \(home.building), '2.1'), (\(tx.facts.tenant), \(third), \(home.building), '3.1')
                    """)
                _ = try await tx.execute(
                    "update app.unit set entrance_id = \(entrance) where tenant_id = \(tx.facts.tenant) and id = \(home.unit)")
                _ = try await tx.execute(
                    "update app.member set locale = 'en' where tenant_id = \(tx.facts.tenant) and id = \(bert.id)")
            })
        try await company.moveIn(owner, TestHome(building: home.building, unit: third), kind: "owner")
        return IncidentHouse(building: home.building, entrance: entrance, anna: anna, bert: bert, owner: owner)
    }

    func report(_ member: TestMember, _ title: String, category: String = "heating") async throws -> String {
        let answer = try await member.api(
            .post, "/faults", "{\"title\":\"\(title)\",\"description\":\"d\",\"category\":\"\(category)\"}")
        return try #require(answer.json?["faultId"] as? String, "\(answer.text)")
    }

    func declare(_ manager: TestMember) async throws -> String {
        let answer = try await manager.api(
            .post, "/incidents", "{\"title\":\"Heizung ausgefallen\",\"category\":\"heating\",\"buildingId\":\"\(building)\"}")
        return "/incidents/\(try #require(answer.json?["number"] as? String, "\(answer.text)"))"
    }
}

extension TestCompany {
    fileprivate func moveIn(_ member: TestMember, _ home: TestHome, after prepare: (Tx) async throws -> Void) async throws {
        try await walled.write { tx in try await prepare(tx) }
        try await moveIn(member, home)
    }
}
