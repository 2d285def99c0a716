import Database
import Foundation
import Testing

@testable import Faults

@Suite("Visitors before a house with an outage")
struct VisitorOutageTests {
    private func declare(_ house: VisitorHouse, _ category: String, entrance: UUID? = nil) async throws -> String {
        let place = entrance.map { #""entranceId": "\#($0.text)""# } ?? #""buildingId": "\#(house.home.building.text)""#
        let answer = try await house.manager.api(
            .post, "/incidents", #"{"title": "Aufzug ausgefallen", "category": "\#(category)", \#(place)}"#)
        return "/incidents/\(try #require(answer.json?["number"] as? String, "\(answer.text)"))"
    }

    private func count(_ path: String, _ house: VisitorHouse) async throws -> Int? {
        try await house.manager.api(.get, path).json?["faultCount"] as? Int
    }

    @Test("The outage stands above the form, and what is reported all the same is gathered into it, once")
    func gathered() async throws {
        let house = try await VisitorHouse.fresh()
        let before = try await house.report(["title": "Vorher"])
        let path = try await declare(house, "elevator")
        let form = try await house.visitor.get("/r/\(house.code)", [.acceptLanguage: "de"]).text
        #expect(form.contains("Aufzug ausgefallen") && form.contains("Störung"))
        let known = try await house.visitor.api(.get, "/public/reports/\(house.code)").json?["openOutages"] as? [[String: Any]]
        #expect(known?.map { $0["title"] as? String } == ["Aufzug ausgefallen"])
        let token = try await house.report()
        _ = try await house.report(["title": "Licht aus", "category": "electrical"])
        // What the visitor's role writes knows of no outage; the worker's part of it does.
        #expect(try await house.count("select count(*) from app.incident_fault") == 0)
        try await house.company.drainJobs()
        try await house.company.drainJobs()
        #expect(try await count(path, house) == 1)
        let faults = try await house.manager.api(.get, path).json?["faults"] as? [[String: Any]]
        #expect(faults?.map { $0["title"] as? String } == ["Aufzug steht"])
        let page = try await house.visitor.get("/s/\(token)", [.acceptLanguage: "de"]).text
        #expect(page.contains("Aufzug ausgefallen") && !page.contains("O-20"))
        let status = try await house.visitor.api(.get, "/public/status/\(token)").json
        #expect(status?["outage"] as? String == "Aufzug ausgefallen")
        #expect(try await house.visitor.api(.get, "/public/status/\(before)").json?["outage"] == nil)
    }

    @Test("An outage of one entrance gathers what comes through that entrance's code, not through the whole building's")
    func entrance() async throws {
        let house = try await VisitorHouse.fresh()
        let entrance = UUID.v7()
        _ = try await house.company.walled.write { tx in
            try await tx.execute(
                """
                insert into app.entrance(tenant_id, id, building_id, name)
                values (\(tx.facts.tenant), \(entrance), \(house.home.building), 'Aufgang A')
                """)
        }
        let made = try await house.manager.api(.post, "/faults/codes", #"{"place": "entrance-\#(entrance.text)"}"#)
        let code = try #require(made.json?["code"] as? String, "\(made.text)")
        let path = try await declare(house, "elevator", entrance: entrance)
        _ = try await house.report()
        let there = try await house.visitor.api(
            .post, "/public/reports/\(code)", ["title": "Auch hier", "description": "steht", "category": "elevator"])
        #expect(there.status == 201, "\(there.text)")
        try await house.company.drainJobs()
        #expect(try await count(path, house) == 1)
    }
}
