import Database
import Foundation
import Testing

@testable import portico

@Suite("News: from the draft to the archive")
struct AnnouncementLifeTests {
    @Test("A draft says how many it will reach, goes out at its time and not before, and once")
    func schedule() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.draft("Chimney", house.atHome)
        #expect(try await house.manager.api(.get, "/announcements/\(id)/preview").json?["people"] as? Int == 2)
        let time = Date().addingTimeInterval(3 * 86_400)
        let answer = try await house.publish(id, at: time)
        #expect(answer.status == 200 && answer.json?["state"] as? String == "scheduled", "\(answer.text)")
        #expect(try await house.anna.api(.get, "/announcements/\(id)").status == 404)
        #expect(try await house.manager.news("?show=scheduled") == ["Chimney"])
        try await house.publishJob(id, at: time.addingTimeInterval(-60))
        #expect(try await house.anna.news() == [])
        for _ in 0..<2 { try await house.publishJob(id, at: time.addingTimeInterval(1)) }
        try await house.company.drainJobs()
        #expect(try await house.anna.news() == ["Chimney"])
        #expect(try await house.told(house.anna) == 1)
        #expect(
            try await house.company.count("app.event where tenant_id = \(house.tenant) and name = 'AnnouncementPublished'") == 1)
        // The manager's own page offers the preview no more.
        #expect(try await house.manager.get("/announcements/\(id)/preview").status == 404)
    }

    @Test("They appear when the database says that their time has come, also where the worker's clock is behind")
    func slowClock() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.draft("Chimney")
        let (uuid, time) = (UUID(uuidString: id), Date().addingTimeInterval(86_400))
        #expect(try await house.publish(id, at: time).status == 200)
        try await house.publishJob(id, at: Date().addingTimeInterval(-3600))
        #expect(try await house.anna.news() == [])
        try await house.company.run(
            """
            update app.announcement set publish_at = now() - interval '1 minute' where tenant_id = \(house.tenant) and id = \(uuid)
            """)
        try await house.publishJob(id, at: Date().addingTimeInterval(-3600))
        #expect(try await house.anna.news() == ["Chimney"])
    }

    @Test("What is scheduled can become a draft again, and its time then means nothing")
    func unschedule() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.draft("Maybe")
        let time = Date().addingTimeInterval(86_400)
        _ = try await house.publish(id, at: time)
        #expect(try await house.manager.api(.delete, "/announcements/\(id)/publication").status == 204)
        #expect(try await house.manager.api(.delete, "/announcements/\(id)/publication").code == "not_scheduled")
        try await house.publishJob(id, at: time.addingTimeInterval(1))
        #expect(try await house.anna.news() == [])
        #expect(try await house.manager.api(.delete, "/announcements/\(id)").status == 204)
        #expect(try await house.manager.api(.get, "/announcements/\(id)").status == 404)
    }

    @Test("Pinned ones stand first; what is over leaves the front and stays in the archive")
    func order() async throws {
        let house = try await NewsHouse.fresh()
        _ = try await house.published("Old but pinned", "\"pinned\":true")
        let second = try await house.published("Second")
        _ = try await house.published("Third")
        #expect(try await house.anna.news() == ["Old but pinned", "Third", "Second"])
        let first = try await house.anna.api(.get, "/announcements?limit=2")
        let cursor = try #require(first.json?["nextCursor"] as? String)
        #expect(try await house.anna.news("?limit=2&cursor=\(cursor)") == ["Second"])
        let secondID = UUID(uuidString: second)
        try await house.company.run(
            "update app.announcement set expires_on = '2025-01-01' where tenant_id = \(house.tenant) and id = \(secondID)")
        #expect(try await house.anna.news() == ["Old but pinned", "Third"])
        #expect(try await house.anna.news("?show=archive") == ["Second"])
        #expect(try await house.anna.api(.get, "/announcements/\(second)").status == 200)
        let late = try await house.draft("Late", "\"expiresOn\":\"2025-01-01\"")
        #expect(try await house.publish(late).text.contains("over_by_then"))
    }

    @Test("Withdrawn, it leaves its reason to its readers and its words to those who write")
    func withdrawal() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.published("Heating off", "\"audience\":\"company\",\"comments\":true")
        let comments = "/announcements/\(id)/comments"
        #expect(try await house.ben.api(.post, comments, "{\"body\":\"And on Friday?\"}").status == 201)
        #expect(try await house.anna.api(.get, comments).text.contains("And on Friday?"))
        #expect(try await house.manager.api(.post, "/announcements/\(id)/withdrawal", "{}").status == 400)
        let page = try await house.manager.post("/announcements/\(id)/withdrawal", [("reason", "")])
        #expect(page.status == 422)
        let answer = try await house.manager.api(.post, "/announcements/\(id)/withdrawal", "{\"reason\":\"New date soon\"}")
        #expect(answer.json?["state"] as? String == "withdrawn", "\(answer.text)")
        #expect(
            try await house.manager.api(.post, "/announcements/\(id)/withdrawal", "{\"reason\":\"x\"}").code == "not_published")
        #expect(try await house.anna.news() == [])
        #expect(try await house.anna.news("?show=archive") == ["Heating off"])
        let read = try await house.anna.get("/announcements/\(id)").text
        #expect(read.contains("New date soon") && !read.contains("Words of Heating off"))
        let answers = try await house.anna.api(.get, comments)
        #expect(answers.status == 200 && answers.json?["total"] as? Int == 0 && !answers.text.contains("Friday"))
        #expect(try await house.anna.api(.get, "/announcements/\(id)").announcement["commentCount"] as? Int == 0)
        #expect(try await house.manager.api(.get, comments).text.contains("And on Friday?"))
        #expect(try await house.anna.api(.get, "/search?q=heating").text.contains(id) == false)
        #expect(try await house.manager.get("/announcements/\(id)").text.contains("Words of Heating off"))
        #expect(
            try await house.company.count("app.event where tenant_id = \(house.tenant) and name = 'AnnouncementWithdrawn'") == 1)
    }

    @Test("Withdrawn or read, news are told to nobody any more: what waits for the end of quiet hours does not go out")
    func settled() async throws {
        let house = try await NewsHouse.fresh()
        let (read, wrong) = (try await house.published("Read"), try await house.published("Wrong"))
        let unread = { (member: TestMember) in
            try await house.company.count(
                "app.notification where tenant_id = \(house.tenant) and member_id = \(member.id) and read_at is null")
        }
        #expect(try await unread(house.anna) == 2)
        _ = try await house.anna.get("/announcements/\(read)")
        #expect(try await unread(house.anna) == 1)
        #expect(try await unread(house.ben) == 2)
        let withdrawn = try await house.manager.api(.post, "/announcements/\(wrong)/withdrawal", "{\"reason\":\"Wrong day\"}")
        #expect(withdrawn.status == 200)
        try await house.company.drainJobs()
        #expect(try await unread(house.anna) == 0)
        #expect(try await unread(house.ben) == 1)
        try await house.tellAgain(wrong)
        #expect(try await unread(house.anna) == 0)
    }

    @Test("What goes out is what was looked at, at a time that is not over yet")
    func looked() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.draft("Roof", house.atHome)
        let preview = try await house.manager.get("/announcements/\(id)/preview").text
        #expect(preview.contains("name=\"version\" value=\"1\""))
        let change = "{\"title\":\"Roof\",\"body\":\"Half a text\",\"audience\":\"company\",\"version\":1}"
        #expect(try await house.manager.api(.post, "/announcements/\(id)", change).status == 200)
        let stale = try await house.manager.post("/announcements/\(id)/publication", [("publish_at", ""), ("version", "1")])
        #expect(stale.status == 409 && stale.text.contains("Half a text") && stale.text.contains("name=\"version\" value=\"2\""))
        #expect(try await house.anna.news() == [])
        let over = try await house.publish(id, at: Date().addingTimeInterval(-3_600))
        #expect(over.status == 400 && over.text.contains("over_already"))
        let page = try await house.manager.post(
            "/announcements/\(id)/publication", [("publish_at", "2020-01-01T10:00"), ("version", "2")])
        #expect(page.status == 422 && page.text.contains("value=\"2020-01-01T10:00\""))
        #expect(try await house.publish(id, at: Date().addingTimeInterval(2 * 86_400)).status == 200)
        let today = CalendarDate(Date(), in: .gmt)
        let before = "{\"title\":\"Roof\",\"body\":\"x\",\"audience\":\"company\",\"expiresOn\":\"\(today)\"}"
        let edited = try await house.manager.api(.post, "/announcements/\(id)", before)
        #expect(edited.status == 400 && edited.text.contains("over_by_then"))
    }

    @Test("Published words can be changed, their audience not; somebody else's change in between is a conflict")
    func editing() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.published("Bins", house.atHome)
        let version = try #require(try await house.manager.api(.get, "/announcements/\(id)").announcement["version"] as? Int)
        let change = { (title: String, version: Int) in
            try await house.manager.api(
                .post, "/announcements/\(id)",
                "{\"title\":\"\(title)\",\"body\":\"New\",\"audience\":\"company\",\"version\":\(version)}")
        }
        let answer = try await change("Paper bins", version)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json?["audience"] as? String == "building")
        #expect(try await change("Again", version).code == "stale_version")
        #expect(try await house.ben.news() == [])
        let form = try await house.manager.post(
            "/announcements/\(id)", [("title", "Mine"), ("body", "kept words"), ("version", String(version))])
        #expect(form.status == 409 && form.text.contains("kept words"))
        #expect(form.text.contains("name=\"version\" value=\"\(version + 1)\""), "who was told may go on")
        let refused = try await house.manager.post(
            "/announcements/\(id)", [("title", ""), ("body", "kept words"), ("version", String(version))])
        #expect(refused.status == 422 && refused.text.contains("name=\"version\" value=\"\(version)\""), "who was not, may not")
        let empty = try await house.manager.post(
            "/announcements", [("title", ""), ("body", "kept words"), ("audience", "building")])
        #expect(empty.status == 422 && empty.text.contains("kept words"))
    }
}

extension TestAnswer {
    var announcement: [String: Any] { json?["announcement"] as? [String: Any] ?? [:] }
}
