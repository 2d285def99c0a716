import Database
import Foundation
import Identity
import Testing

@testable import Live
@testable import Messaging
@testable import portico

@Suite("Flow 12: what becomes of a message")
struct MessageLifeTests {
    @Test("Authors change what they said for fifteen minutes; every wording is kept, and others see that it was edited")
    func edit() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let message = try await house.anna.say("Tusday", in: id).messageID
        let path = "/conversations/\(id)/messages/\(message)"
        #expect(try await house.manager.api(.patch, path, "{\"content\":\"x\"}").status == 403)
        #expect(try await house.anna.api(.patch, path, "{\"content\":\"\"}").status == 400)
        let changed = try await house.anna.api(.patch, path, "{\"content\":\"Tuesday\"}")
        #expect(changed.json?["content"] as? String == "Tuesday")
        #expect(try await house.manager.texts(id) == ["Tuesday"])
        #expect(try await house.manager.get("/messages/\(id)").text.contains("bearbeitet"))
        #expect(try await house.anna.get("/messages/\(id)/items/\(message)").text.contains("Tusday"))
        try await house.age(message, minutes: 16)
        #expect(try await house.anna.api(.patch, path, "{\"content\":\"Wednesday\"}").code == "too_late")
        let page = try await house.anna.post("/messages/\(id)/items/\(message)", [("content", "Wednesday")])
        #expect(page.status == 409)
        #expect(try await house.manager.texts(id) == ["Tuesday"])
    }

    @Test("Taking it back within fifteen minutes leaves a mark, and takes the words and the search for them away")
    func delete() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let message = try await house.anna.say("Password hunter2", in: id).messageID
        try await house.anna.say("Sorry", in: id)
        #expect(try await house.anna.api(.delete, "/conversations/\(id)/messages/\(message)").status == 204)
        #expect(try await house.manager.texts(id) == ["", "Sorry"])
        #expect(try await house.manager.get("/messages/\(id)").text.contains("Diese Nachricht wurde zurückgenommen"))
        #expect(try await house.manager.api(.get, "/conversations/search?q=hunter2").items.isEmpty)
        #expect(try await house.anna.api(.delete, "/conversations/\(id)/messages/\(message)").code == "deleted")
        let late = try await house.anna.say("Late", in: id).messageID
        try await house.age(late, minutes: 15)
        #expect(try await house.anna.post("/messages/\(id)/items/\(late)/deletion").status == 409)
    }

    @Test("Search finds beginnings of words in one's own conversations, without accents, the newest first")
    func search() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, "Der Schlüssel liegt beim Hausmeister")
        try await house.manager.say("Welcher Schlüssel?", in: id)
        let other =
            try await house.ben.converse([house.manager], "Mein Schlüssel ist weg").json?["conversationId"] as? String ?? ""
        let found = { (member: TestMember, words: String) in
            try await member.api(.get, "/conversations/search?q=\(words)").items.compactMap { $0["content"] as? String }
        }
        #expect(try await found(house.anna, "schluess") == ["Welcher Schlüssel?", "Der Schlüssel liegt beim Hausmeister"])
        #expect(try await found(house.anna, "schluessel%20haus") == ["Der Schlüssel liegt beim Hausmeister"])
        #expect(try await found(house.manager, "weg") == ["Mein Schlüssel ist weg"])
        let page = try await house.manager.get("/messages?q=weg").text
        #expect(page.contains("/messages/\(other)?before="))
        #expect(
            try await house.manager.get("/messages?q=Kern").text.contains("/messages/\(id)\""), "a name finds its conversation")
        #expect(try await house.manager.get("/messages?q=zzz").text.contains("Keine passende Unterhaltung"))
    }

    @Test("Muted it does not call, archived it is away until somebody writes again; both only for oneself")
    func standing() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, "One")
        let count = { (member: TestMember) in
            try await member.get("/dashboard").text.contains("<span class=\"count\">1</span>")
        }
        #expect(try await count(house.manager))
        #expect(try await house.manager.api(.patch, "/conversations/\(id)", "{\"mutedHours\":8}").json?["mutedUntil"] != nil)
        #expect(try await !count(house.manager))
        #expect(try await house.manager.get("/messages").text.contains("Stumm"))
        #expect(try await house.manager.api(.patch, "/conversations/\(id)", "{\"mutedHours\":0,\"archived\":true}").status == 200)
        #expect(try await house.manager.api(.get, "/conversations").json?["total"] as? Int == 0)
        #expect(try await house.manager.api(.get, "/conversations?show=archived").json?["total"] as? Int == 1)
        #expect(try await house.anna.api(.get, "/conversations").json?["total"] as? Int == 1)
        try await house.anna.say("Two", in: id)
        #expect(try await house.manager.api(.get, "/conversations").json?["total"] as? Int == 1)
        #expect(try await house.manager.api(.post, "/conversations/\(id)/read", "{\"seq\":1}").status == 204)
        #expect(try await house.manager.unread(id) == 1)
        #expect(try await house.manager.api(.post, "/conversations/\(id)/read", "{}").status == 204)
        #expect(try await house.manager.unread(id) == 0)
        let set = try await house.manager.post("/messages/\(id)/settings", [("muted_hours", "168"), ("hides_preview", "1")])
        #expect(set.location == "/messages/\(id)/people")
        #expect(try await house.manager.api(.get, "/conversations/\(id)").text.contains("\"hidesPreview\":true"))
        let csv = try await house.manager.api(.get, "/conversations.csv")
        #expect(csv.text.split(separator: "\r\n").count == 2)
    }

    @Test("What was taken back or put away does not call; open lists hear of what was changed or taken back")
    func calling() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let message = try await house.anna.say("Oops", in: id).messageID
        let path = "/conversations/\(id)/messages/\(message)"
        #expect(try await house.manager.isCalled())
        let (app, tenant) = (house.company.app, house.tenant)
        let lists = [house.anna, house.manager].map { app.database.tag(.conversations($0.id), of: tenant) }
        var log = SignalLog()
        // The second look takes what was told before and had to wait for a transaction of another test.
        for _ in 0..<2 { _ = try await log.next(app.workerDatabase) }
        #expect(try await house.anna.api(.patch, path, "{\"content\":\"Sorry\"}").status == 200)
        #expect(try await log.next(app.workerDatabase).isSuperset(of: lists))
        #expect(try await house.anna.api(.delete, path).status == 204)
        #expect(try await log.next(app.workerDatabase).isSuperset(of: lists))
        #expect(try await !house.manager.isCalled())
        try await house.anna.say("Once more", in: id)
        #expect(try await house.manager.isCalled())
        #expect(try await house.manager.api(.patch, "/conversations/\(id)", "{\"archived\":true}").status == 200)
        #expect(try await !house.manager.isCalled())
    }

    @Test("What is unread after fifteen minutes is told once, in one notice for all of it, and never of what is muted")
    func digest() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk([house.manager, house.ben], subject: "Yard", "One")
        let other = try await house.ben.converse([house.manager], "Two").json?["conversationId"] as? String ?? ""
        #expect(try await house.ben.api(.patch, "/conversations/\(id)", "{\"mutedHours\":8}").status == 200)
        try await house.tellOfUnread(after: 10)
        #expect(try await house.notices(house.manager, "message.unread").isEmpty)
        for _ in 0..<2 { try await house.tellOfUnread(after: 16) }
        #expect(try await house.notices(house.manager, "message.unread") == ["/messages"])
        #expect(try await house.notices(house.ben, "message.unread").isEmpty)
        #expect(try await house.notices(house.anna, "message.unread").isEmpty)
        #expect(
            try await house.company.count(
                "app.delivery where tenant_id = \(house.tenant) and member_id = \(house.manager.id) and kind = 'message.unread' and channel = 'mail'"
            )
                == 1)
        #expect(try await house.manager.get("/notifications").text.contains("2 ungelesene Nachrichten, die letzte von Ben Roth"))
        _ = try await house.manager.get("/messages/\(other)")
        try await house.ben.say("Three", in: other)
        try await house.tellOfUnread(after: 32)
        #expect(try await house.notices(house.manager, "message.unread") == ["/messages", "/messages/\(other)"])
        // Read where it is: the notice of one with it, that of both with the last of them, and no mail comes any more.
        let waiting: SQL =
            "app.notification where tenant_id = \(house.tenant) and member_id = \(house.manager.id) and read_at is null"
        #expect(try await house.manager.api(.post, "/conversations/\(other)/read", "{\"seq\":1}").status == 204)
        #expect(try await house.company.count(waiting) == 2)
        _ = try await house.manager.get("/messages/\(other)")
        #expect(try await house.company.count(waiting) == 1)
        _ = try await house.manager.get("/messages/\(id)")
        #expect(try await house.company.count(waiting) == 0)
        try await house.ben.say("Four", in: other)
        try await house.tellOfUnread(after: 48)
        #expect(try await house.company.count(waiting) == 1)
        try await house.manager.say("Five", in: other)
        _ = try await house.manager.get("/messages/\(other)")
        #expect(try await house.company.count(waiting) == 0, "an answer is read, too")
    }

    @Test(
        "Abuse is reported to those who look after it; they see that message and what stands around it, and their look is on record"
    )
    func report() async throws {
        let house = try await MessagingHouse.fresh()
        let admin = try await house.company.member("admin")
        let id = try await house.talk([house.ben], "m0")
        for index in 1..<14 { try await house.ben.say("m\(index)", in: id) }
        let items = try await house.anna.api(.get, "/conversations/\(id)/messages?after=0&limit=100").items
        let message = try #require(items.first { $0["content"] as? String == "m7" }?["messageId"] as? String)
        #expect(
            try await house.ben.api(.post, "/conversations/\(id)/messages/\(message)/report", "{\"reason\":\"x\"}").status == 403)
        let refused = try await house.anna.post("/messages/\(id)/items/\(message)/report", [])
        #expect(refused.status == 422)
        let reported = try await house.anna.api(
            .post, "/conversations/\(id)/messages/\(message)/report", "{\"reason\":\"A threat\"}")
        let report = try #require(reported.json?["reportId"] as? String)
        _ = try await house.anna.api(.post, "/conversations/\(id)/messages/\(message)/report", "{\"reason\":\"Again\"}")
        #expect(try await admin.api(.get, "/admin/message-reports").json?["total"] as? Int == 1)
        #expect(try await house.manager.api(.get, "/admin/message-reports").status == 403)
        let seen = try await admin.get("/admin/message-reports/\(report)").text
        for text in [">m2<", ">m7<", ">m12<", "A threat"] { #expect(seen.contains(text)) }
        for text in [">m0<", ">m1<", ">m13<"] { #expect(!seen.contains(text)) }
        #expect(
            try await house.company.count(
                "app.audit_line where tenant_id = \(house.tenant) and action = 'message_report.seen' and actor_id = \(admin.id)")
                == 1)
        #expect(try await admin.get("/messages/\(id)").status == 404, "the rest stays closed")
        #expect(try await admin.post("/admin/message-reports/\(report)/closing", []).status == 422)
        #expect(try await admin.post("/admin/message-reports/\(report)/closing", [("outcome", "Warned")]).status == 303)
        #expect(try await admin.api(.post, "/admin/message-reports/\(report)/closing", "{\"outcome\":\"x\"}").status == 409)
        #expect(try await admin.api(.get, "/admin/message-reports?show=closed").json?["total"] as? Int == 1)
        #expect(
            try await MessagingHouse.fresh().company.member("admin").api(.get, "/admin/message-reports/\(report)").status == 404)
    }

    @Test("Who comes and who goes is told once; of whoever hides it, nothing")
    func comings() async throws {
        let house = try await MessagingHouse.fresh()
        let (manager, tenant, start) = (house.manager.id, house.tenant, Date())
        let note = { (after: TimeInterval) in
            try await house.company.walled.write { tx in
                try await tx.query(Presence.note([manager], tenant, at: start.addingTimeInterval(after)))
            }
        }
        let gone = { (after: TimeInterval) in
            try await house.company.walled.read(
                Presence.gone(tenant, since: start.addingTimeInterval(after - 25), now: start.addingTimeInterval(after)))
        }
        #expect(try await note(0) == [manager])
        #expect(try await note(20) == [])
        #expect(try await gone(60) == [])
        #expect(try await gone(70) == [manager])
        #expect(try await gone(95) == [])
        #expect(try await note(100) == [manager])
        #expect(try await house.manager.post("/messages/settings", [("hides_presence", "1")]).status == 303)
        #expect(try await note(200) == [])
        #expect(try await gone(250) == [])
    }

    @Test("Whoever was seen in the last 45 seconds is shown as online, unless they hide it")
    func presence() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let seen = { (ago: TimeInterval) in
            let at = Date().addingTimeInterval(-ago)
            try await house.company.run("delete from app.presence where tenant_id = \(house.tenant)")
            _ = try await house.company.walled.write { tx in
                try await tx.query(Presence.note([house.manager.id], house.tenant, at: at))
            }
        }
        let isOnline = {
            try await house.anna.api(.get, "/conversations/\(id)").text.contains("\"name\":\"Maria Sommer\",\"online\":true")
        }
        #expect(try await !isOnline())
        try await seen(40)
        #expect(try await isOnline())
        #expect(try await house.anna.get("/messages/\(id)").text.contains("Maria Sommer, online"))
        #expect(try await house.manager.post("/messages/settings", [("hides_presence", "1")]).status == 303)
        #expect(try await !isOnline())
        #expect(
            try await house.company.walled.read(Presence.here([house.manager.id, house.anna.id], house.tenant, now: Date()))
                == [house.manager.id])
        #expect(try await house.manager.post("/messages/settings", []).status == 303)
        try await seen(50)
        #expect(try await !isOnline())
    }

    @Test("What somebody wrote is in the file of their data; once they are forgotten it stays under another name")
    func personal() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, "Mine")
        let tables = PersonalRecords.all.flatMap(\.tables)
        let written = try #require(tables.first { $0.name == "messages-written" })
        let rows: [[String]] = try await house.company.walled.read(
            Query.many("select array_replace(cells, null, '') as cells from (\(written.rows(house.anna.id, house.tenant))) t") {
                try $0["cells"]
            })
        #expect(rows.map(\.last) == ["Mine"])
        for table in tables where table.name.contains("messag") || table.name == "conversations" || table.name == "people-blocked"
        {
            _ = try await house.company.walled.read(
                Query.execute("select count(*) from (\(table.rows(house.anna.id, house.tenant))) t"))
        }
        #expect(try await house.manager.texts(id) == ["Mine"])
    }
}
