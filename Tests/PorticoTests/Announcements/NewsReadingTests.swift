import Database
import Foundation
import HTTPTypes
import Testing

@testable import portico

@Suite("News: reading, confirming, commenting")
struct NewsReadingTests {
    @Test("The dashboard shows news to those they are for until they have read them, and confirmed them where that is asked")
    func unread() async throws {
        let house = try await NewsHouse.fresh()
        let (plain, important) = (
            try await house.published("Market"), try await house.published("Water", "\(house.atHome),\"important\":true")
        )
        func shown(_ member: TestMember) async throws -> [Bool] {
            let home = try await member.api(.get, "/dashboard").text
            return [plain, important].map { home.contains("/announcements/\($0)") }
        }
        #expect(try await shown(house.anna) == [true, true])
        #expect(try await shown(house.ben) == [true, false])
        #expect(try await shown(house.manager) == [false, false], "who wrote them knows them")
        for id in [plain, important] { _ = try await house.anna.get("/announcements/\(id)") }
        #expect(try await shown(house.anna) == [false, true])
        _ = try await house.anna.post("/announcements/\(important)/acknowledgement")
        #expect(try await shown(house.anna) == [false, false])
        #expect(try await shown(house.ben) == [true, false])
    }

    @Test("Opening it is reading it; what is important waits until somebody says so, once")
    func receipts() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.published("Water", "\(house.atHome),\"important\":true")
        let readers = { (show: String) in
            try await house.manager.api(.get, "/announcements/\(id)/readers?show=\(show)").items.compactMap {
                $0["name"] as? String
            }
        }
        #expect(try await readers("unread") == ["Anna Kern", "Otto Berg"])
        #expect(try await house.anna.get("/announcements/\(id)").text.contains("/acknowledgement"))
        #expect(try await readers("read") == ["Anna Kern"])
        #expect(try await readers("acknowledged") == [])
        for _ in 0..<2 {
            #expect(try await house.anna.post("/announcements/\(id)/acknowledgement").status == 303)
        }
        #expect(try await readers("acknowledged") == ["Anna Kern"])
        #expect(try await house.anna.get("/announcements/\(id)").text.contains("/acknowledgement") == false)
        #expect(try await house.manager.api(.post, "/announcements/\(id)/acknowledgement", "{}").code == "not_asked")
        let csv = try await house.manager.api(.get, "/announcements/\(id)/readers.csv").text
        #expect(csv.contains("Anna Kern") && csv.contains("Otto Berg"))
        #expect(try await house.manager.get("/announcements/\(id)/readers").text.contains("Otto Berg"))
        let plain = try await house.published("Plain")
        #expect(try await house.anna.api(.post, "/announcements/\(plain)/acknowledgement", "{}").code == "not_asked")
        // Whose account was closed has confirmed it all the same; who has not read it is asked for no more.
        for member in [house.anna, house.otto] {
            try await house.company.run(
                "update app.member set disabled_at = now() where tenant_id = \(house.tenant) and id = \(member.id)")
        }
        #expect(try await readers("acknowledged") == ["Anna Kern"])
        #expect(try await readers("all") == ["Anna Kern"])
    }

    @Test("Comments are for the audience, where they are on; their author and who writes news remove them, and a mark stays")
    func comments() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.published("Party", "\(house.atHome),\"comments\":true")
        let say = { (member: TestMember, text: String) in
            try await member.api(.post, "/announcements/\(id)/comments", "{\"body\":\"\(text)\"}")
        }
        let first = try await say(house.anna, "**Nice**")
        #expect(first.status == 201, "\(first.text)")
        let comment = try #require(first.json?["commentId"] as? String)
        #expect(try await say(house.otto, "I come").status == 201)
        #expect(try await say(house.ben, "Me too").status == 404)
        #expect(try await say(house.anna, "").status == 400)
        #expect(try await house.otto.get("/announcements/\(id)").text.contains("<strong>Nice</strong>"))
        #expect(try await house.otto.api(.delete, "/announcements/\(id)/comments/\(comment)").status == 403)
        #expect(try await house.anna.api(.delete, "/announcements/\(id)/comments/\(comment)").status == 204)
        let all = try await house.otto.api(.get, "/announcements/\(id)/comments").items
        #expect(all.compactMap { $0["body"] as? String } == ["", "I come"])
        #expect(all.first?["removedAt"] as? String != nil)
        let second = try #require(all.last?["commentId"] as? String)
        #expect(try await house.manager.post("/announcements/\(id)/comments/\(second)/removal").status == 303)
        let silent = try await house.published("Silent")
        #expect(try await house.anna.api(.post, "/announcements/\(silent)/comments", "{\"body\":\"Hi\"}").code == "comments_off")
        let page = try await house.anna.post("/announcements/\(silent)/comments", [("body", "my words")])
        #expect(page.status == 409)
    }

    @Test("Files go with it: to its audience as downloads, pictures with a thumbnail, programs not at all")
    func files() async throws {
        let house = try await NewsHouse.fresh()
        let pdf = Data(try NewsHouse.paper("Agenda", "1. Roof")).base64EncodedString()
        let png = Data(PNG.encode(Array(repeating: 120, count: 64 * 48 * 3), width: 64, height: 48)).base64EncodedString()
        let id = try await house.published("Agenda", "\(house.atHome),\"files\":[\"\(pdf)\",\"\(png)\"]")
        let files = try #require(try await house.anna.api(.get, "/announcements/\(id)").json?["files"] as? [[String: Any]])
        #expect(files.compactMap { $0["filename"] as? String } == ["file.pdf", "file.jpg"])
        let paper = try #require(files.first?["id"] as? String)
        let answer = try await house.anna.api(.get, "/announcement-files/\(paper)")
        #expect(answer.status == 200 && answer.bytes.starts(with: Array("%PDF-".utf8)))
        #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        #expect(answer.headers[.contentType] == "application/octet-stream")
        #expect(try await house.ben.api(.get, "/announcement-files/\(paper)").status == 404)
        let picture = try #require(files.last?["id"] as? String)
        #expect(try await house.anna.api(.get, "/announcement-files/\(picture)/thumbnail").bytes.prefix(3) == [0xFF, 0xD8, 0xFF])
        #expect(try await house.anna.get("/announcement-files/\(picture)").headers[.contentType] == "image/jpeg")
        let script = Data("\u{7F}ELF\u{1}\u{1}".utf8).base64EncodedString()
        let refused = try await house.manager.api(
            .post, "/announcements", "{\"title\":\"x\",\"body\":\"y\",\"files\":[\"\(script)\"]}")
        #expect(refused.status == 415, "\(refused.text)")
    }
}
