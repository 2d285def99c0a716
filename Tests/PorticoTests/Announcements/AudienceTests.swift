import Database
import Foundation
import Testing

@testable import portico

@Suite("News: for whom they are")
struct AudienceTests {
    @Test("News for a building, an entrance, a unit or a role reach those alone, of today")
    func audiences() async throws {
        let house = try await NewsHouse.fresh()
        _ = try await house.published("All")
        _ = try await house.published("Home", house.atHome)
        _ = try await house.published("Flat", "\"audience\":\"unit\",\"unitIds\":[\"\(house.elsewhere.unit.text)\"]")
        _ = try await house.published("Owners", "\"audience\":\"role\",\"roles\":[\"owner\"]")
        let entrance = UUID.v7()
        try await house.company.run(
            """
            insert into app.entrance(tenant_id, id, building_id, name) values (\(house.tenant), \(entrance), \(house.home.building), 'A')
            """)
        try await house.company.run(
            "update app.unit set entrance_id = \(entrance) where tenant_id = \(house.tenant) and id = \(house.home.unit)")
        _ = try await house.published("Door", "\"audience\":\"entrance\",\"entranceIds\":[\"\(entrance.text)\"]")
        #expect(try await house.anna.news() == ["Door", "Home", "All"])
        #expect(try await house.otto.news() == ["Door", "Owners", "Home", "All"])
        #expect(try await house.ben.news() == ["Flat", "All"])
        #expect(try await house.manager.news().count == 5, "who writes sees all of them")
        // Whoever moves out reads nothing more of the house.
        try await house.company.run(
            "update app.occupancy set until = '2024-01-01' where tenant_id = \(house.tenant) and member_id = \(house.anna.id)")
        #expect(try await house.anna.news() == ["All"])
    }

    @Test("Each of those it is for is told once, however often the job runs; the author and everybody else are not")
    func notices() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.published("Water", house.atHome)
        try await house.tellAgain(id)
        #expect(try await house.told(house.anna) == 1)
        #expect(try await house.told(house.otto) == 1)
        #expect(try await house.told(house.ben) == 0)
        #expect(try await house.told(house.manager) == 0)
        #expect(try await house.publish(id).code == "already_published")
        let inbox = try await house.anna.get("/notifications").text
        #expect(inbox.contains("Aushang: Water"))
        #expect(
            try await house.company.count("app.event where tenant_id = \(house.tenant) and name = 'AnnouncementPublished'") == 1)
    }

    @Test("What is not for somebody, of this company or another, is the same 404 as what is not there")
    func strangers() async throws {
        let (house, other) = (try await NewsHouse.fresh(), try await NewsHouse.fresh())
        let id = try await house.published("Secret", house.atHome)
        let gone = UUID().uuidString.lowercased()
        for stranger in [house.ben, other.anna, other.manager] {
            for path in ["/announcements/\(id)", "/announcements/\(id)/comments"] {
                let answer = try await stranger.api(.get, path)
                #expect(answer.status == 404)
                #expect(
                    answer.withoutRequestID == (try await stranger.api(.get, path.replacing(id, with: gone))).withoutRequestID)
            }
            #expect(try await stranger.get("/announcements/\(id)").status == 404)
            #expect(try await stranger.api(.post, "/announcements/\(id)/comments", "{\"body\":\"Hi\"}").status == 404)
            #expect(try await stranger.api(.post, "/announcements/\(id)/acknowledgement", "{}").status == 404)
            #expect(try await stranger.api(.get, "/search?q=secret").text.contains(id) == false)
        }
        #expect(try await house.anna.api(.get, "/search?q=secret").text.contains(id))
        for path in [
            "/announcements/\(id)/readers", "/announcements/\(id)/readers.csv", "/announcements/\(id)/preview",
            "/announcements.csv"
        ] {
            #expect(try await house.anna.api(.get, path).status == 403)
        }
        #expect(try await house.anna.api(.post, "/announcements", "{\"title\":\"x\",\"body\":\"y\"}").status == 403)
        let draft = try await house.draft("Not yet")
        #expect(try await house.anna.api(.get, "/announcements/\(draft)").status == 404)
        #expect(try await house.anna.news("?show=draft") == ["Secret"], "drafts are for those who write")
    }

    @Test("News to single units tell nobody which others they are for; who writes them sees all")
    func others() async throws {
        let house = try await NewsHouse.fresh()
        let units = [house.home.unit.text, house.elsewhere.unit.text]
        let id = try await house.published("Meters", "\"audience\":\"unit\",\"unitIds\":[\"\(units[0])\",\"\(units[1])\"]")
        let places = { (member: TestMember) in
            (try await member.api(.get, "/announcements/\(id)").announcement["places"] as? [String])?.count
        }
        #expect(try await places(house.anna) == 1)
        #expect(try await places(house.ben) == 1)
        #expect(try await places(house.manager) == 2)
    }
}
