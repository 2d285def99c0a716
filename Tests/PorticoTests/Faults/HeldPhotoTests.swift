import Database
import Foundation
import HTTPTypes
import Jobs
import Testing
import Web

@testable import Faults
@testable import portico

@Suite("Photos of a form that comes back")
struct HeldPhotoTests {
    private static func phone() throws -> Data {
        try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
    }

    private func held(_ answer: TestAnswer) -> [String] {
        answer.text.matches(of: /name="held_photos" value="([^"]+)" checked/).map { String($0.1) }
    }

    @Test("A visitor's photo survives a refusal, goes along with the next try, and is then nowhere else")
    func visitor() async throws {
        let house = try await VisitorHouse.fresh()
        let visitor = house.visitor
        let path = "/r/\(house.code)"
        let back = try await visitor.post(path, house.form(["title": ""]), photo: try Self.phone())
        let ids = held(back)
        #expect(back.status == 422 && ids.count == 1 && back.text.contains("p.jpg"))
        // A second refusal keeps it; another photo comes beside it.
        let again = try await visitor.post(path, house.form(["title": "", "held_photos": ids[0]]), photo: try Self.phone())
        #expect(held(again).count == 2)
        let done = try await visitor.post(path, house.form(["held_photos": ids[0]]), photo: try Self.phone())
        #expect(done.status == 303, "\(done.text.prefix(400))")
        let token = try #require(done.location?.split(separator: "/").last)
        let status = try await visitor.api(.get, "/public/status/\(token)").json
        #expect((status?["photos"] as? [Any])?.count == 2)
        let photo = try #require((status?["photos"] as? [[String: Any]])?.first?["url"] as? String)
        #expect(try await visitor.get(photo.replacing("/api/v1/public/status", with: "/s")).status == 200)
        // It was taken: a second report does not get it.
        _ = try await visitor.post(path, house.form(["title": "Zweiter", "held_photos": ids[0]]))
        #expect(try await house.count("select count(*) from app.fault_photo") == 2)
    }

    @Test("Nobody takes another browser's photos, whoever is no photo is not kept, and no more than ten go along")
    func limits() async throws {
        let house = try await VisitorHouse.fresh()
        let (one, two) = (house.visitor, house.visitor)
        let path = "/r/\(house.code)"
        let id = try #require(held(try await one.post(path, house.form(["title": ""]), photo: try Self.phone())).first)
        #expect(held(try await two.post(path, house.form(["title": "", "held_photos": id]))).isEmpty)
        _ = try await two.post(path, house.form(["held_photos": id]))
        #expect(try await house.count("select count(*) from app.fault_photo") == 0)
        #expect(held(try await one.post(path, house.form(["title": ""]), photo: Data("GIF89a<script>".utf8))).isEmpty)
        let trapped = house.form(["title": "", "website": "https://spam.example"])
        #expect(held(try await one.post(path, trapped, photo: try Self.phone())).isEmpty)
        let foreign = try await VisitorHouse.fresh()
        let there = try await foreign.visitor.post("/r/\(foreign.code)", foreign.form(["title": "", "held_photos": id]))
        #expect(there.status == 422 && held(there).isEmpty)
        #expect(try await one.post(path, house.form(["held_photos": "x"])).status == 422)
    }

    @Test("What is never sent is gone after an hour, with its files, by schedule")
    func purged() async throws {
        let house = try await VisitorHouse.fresh()
        _ = try await house.visitor.post("/r/\(house.code)", house.form(["title": ""]), photo: try Self.phone())
        let keys = try await house.company.walled.read(
            Query.values("select object_key from app.held_photo where tenant_id = \(house.company.tenant.id)", String.self))
        let key = try #require(keys.first)
        #expect(try await house.company.app.parts.store.size(key) != nil)
        #expect(Schedule.all.names.contains("faults.forget-held-photos"))
        try await house.company.walled.write { tx in
            try await tx.execute(
                "update app.held_photo set held_at = now() - interval '61 minutes' where tenant_id = \(tx.facts.tenant)")
            _ = try tx.enqueue(ForgetHeldPhotos(due: Date()))
        }
        try await house.company.drainJobs()
        #expect(try await house.count("select count(*) from app.held_photo") == 0)
        #expect(try await house.company.app.parts.store.size(key) == nil)
    }

    @Test("A resident who is told of the known outage reports anyway with the photo of the first try")
    func outage() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let house = try await IncidentHouse.fresh(company)
        _ = try await house.declare(manager)
        let form = [("title", "Kalt"), ("description", "Seit heute"), ("category", "heating")]
        let asked = try await upload(house.anna, form, try Self.phone())
        let ids = held(asked)
        #expect(asked.status == 409 && ids.count == 1)
        // Not somebody else's.
        let other = try await house.bert.post(
            "/faults", form + [("known_outage", "1"), ("held_photos", ids[0])])
        #expect(other.status == 303)
        let sent = try await house.anna.post("/faults", form + [("known_outage", "1"), ("held_photos", ids[0])])
        let number = try #require(sent.location?.split(separator: "/").last)
        let fault = try await house.anna.api(.get, "/faults/\(number)").json
        #expect((fault?["photos"] as? [Any])?.count == 1)
        let count = try await company.walled.read(
            Query.value("select count(*) from app.fault_photo where tenant_id = \(company.tenant.id)", Int.self))
        #expect(count == 1)
    }

    private func upload(_ member: TestMember, _ fields: [(String, String)], _ photo: Data) async throws -> TestAnswer {
        let all = fields + [("csrf_token", try await member.csrf()), ("form_key", UUID().uuidString)]
        let (body, type) = TestMember.multipart(all, photos: [photo])
        var headers: HTTPFields = [.cookie: "portico=\(member.cookie)", .contentType: type]
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "same-origin" }
        return try await TestAnswer.of(member.company.app, member.company.host, .post, "/faults", headers, body)
    }
}
