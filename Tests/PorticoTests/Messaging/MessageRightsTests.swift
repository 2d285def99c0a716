import Database
import Foundation
import HTTPTypes
import Testing

@testable import portico

@Suite("Flow 12: who may write to whom, and read what")
struct MessageRightsTests {
    @Test("Residents write to managers, to technicians of their own faults, and to neighbours only where the company allows it")
    func recipients() async throws {
        let house = try await MessagingHouse.fresh(neighbours: false)
        let technician = try await house.company.member("technician", name: "Jan Weber")
        let names = { (member: TestMember) in
            try await member.api(.get, "/conversations/recipients").items.compactMap { $0["name"] as? String }
        }
        #expect(try await names(house.anna) == ["Maria Sommer"])
        for person in [technician, house.ben] {
            let answer = try await house.anna.converse([person])
            #expect(answer.status == 400)
            #expect(answer.text.contains("not_a_recipient"))
        }
        let fault = try await TestFault.report(by: house.anna, unit: house.home.unit)
        #expect(
            try await house.manager.api(.post, "/faults/\(fault)/assign", "{\"assigneeId\":\"\(technician.id.text)\"}").status
                == 200)
        #expect(try await names(house.anna) == ["Jan Weber", "Maria Sommer"])
        #expect(try await names(technician).contains("Ben Roth"), "staff write to everybody")
        let friendly = try await MessagingHouse.fresh(neighbours: true)
        #expect(try await names(friendly.anna) == ["Ben Roth", "Maria Sommer"])
        let elsewhere = try await friendly.company.member("resident", name: "Carl Lang")
        try await friendly.company.moveIn(elsewhere, try await friendly.company.home())
        #expect(try await names(elsewhere) == ["Maria Sommer"])
    }

    @Test("What has changed about the writer since their last request holds for the next message: sent once, or not at all")
    func changed() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, "One")
        let token = try await house.anna.csrf()
        func say(_ text: String) async throws -> TestAnswer {
            let form = "content=\(TestMember.encode(text))&csrf_token=\(TestMember.encode(token))&form_key=\(UUID().uuidString)"
            var head: HTTPFields = [.cookie: "portico=\(house.anna.cookie)", .contentType: "application/x-www-form-urlencoded"]
            head[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "same-origin"
            return try await TestAnswer.of(
                house.company.app, house.company.host, .post, "/messages/\(id)", head, Array(form.utf8))
        }
        #expect(try await house.anna.say("Two", in: id).status == 201)
        #expect(try await say("Three").status == 303)
        try await house.anna.change("name = 'Anna Neu'")
        #expect(try await house.anna.say("Four", in: id).status == 201)
        #expect(try await say("Five").status == 303)
        try await house.anna.change("name = 'Anna Alt'")
        #expect(try await say("Six").status == 303)
        // What cannot be read is said, whatever has changed meanwhile.
        try await house.anna.change("name = 'Anna Kern'")
        #expect(try await house.anna.api(.post, "/conversations/\(id)/messages", "{\"content\":").status == 400)
        try await house.anna.change("disabled_at = now()")
        #expect(try await house.anna.say("Seven", in: id).status == 401)
        let page = try await say("Eight")
        #expect(page.status == 303 && page.headers[.location]?.hasPrefix("/login") == true)
        let said = try await house.manager.api(.get, "/conversations/\(id)/messages").items.compactMap {
            $0["content"] as? String
        }
        #expect(said == ["One", "Two", "Three", "Four", "Five", "Six"])
    }

    @Test("(e) Whoever does not take part, of this company or another, gets the same 404 everywhere")
    func strangers() async throws {
        let (house, other) = (try await MessagingHouse.fresh(), try await MessagingHouse.fresh())
        let id = try await house.talk(nil, "Secret")
        let message = try #require(
            try await house.anna.api(.get, "/conversations/\(id)/messages").items.first?["messageId"] as? String)
        let gone = UUID().uuidString.lowercased()
        for stranger in [house.ben, try await house.company.member("admin"), other.anna, other.manager] {
            for path in [
                "/conversations/\(id)", "/conversations/\(id)/messages", "/conversations/\(id)/messages?after=0"
            ] {
                let answer = try await stranger.api(.get, path)
                #expect(answer.status == 404)
                let missing = try await stranger.api(.get, path.replacing(id, with: gone))
                #expect(answer.withoutRequestID == missing.withoutRequestID)
            }
            #expect(try await stranger.say("Hi", in: id).status == 404)
            #expect(try await stranger.api(.post, "/conversations/\(id)/read", "{}").status == 404)
            #expect(try await stranger.api(.patch, "/conversations/\(id)", "{\"archived\":true}").status == 404)
            #expect(
                try await stranger.api(.patch, "/conversations/\(id)/messages/\(message)", "{\"content\":\"x\"}").status == 404)
            #expect(try await stranger.api(.delete, "/conversations/\(id)/messages/\(message)").status == 404)
            #expect(
                try await stranger.api(.post, "/conversations/\(id)/members", "{\"memberIds\":[\"\(stranger.id.text)\"]}").status
                    >= 400)
            for path in ["", "/people", "/items/\(message)", "/items/\(message)/report"] {
                #expect(try await stranger.get("/messages/\(id)\(path)").status == 404)
            }
            #expect(try await stranger.api(.get, "/conversations/search?q=secret").items.isEmpty)
            #expect(try await stranger.api(.get, "/conversations").json?["total"] as? Int == 0)
        }
    }

    @Test("People are added and read from there on; removed or gone, they read nothing; back again, from there on once more")
    func members() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, subject: "Stairs", "Before")
        let add = { (person: TestMember) in
            try await house.manager.api(.post, "/conversations/\(id)/members", "{\"memberIds\":[\"\(person.id.text)\"]}")
        }
        #expect(try await add(house.ben).status == 200)
        #expect(try await house.ben.texts(id) == [])
        try await house.anna.say("After", in: id)
        #expect(try await house.ben.texts(id) == ["After"])
        #expect(try await house.ben.api(.delete, "/conversations/\(id)/members/\(house.manager.id.text)").status == 403)
        #expect(try await house.anna.api(.delete, "/conversations/\(id)/members/\(house.ben.id.text)").status == 204)
        #expect(try await house.ben.api(.get, "/conversations/\(id)").status == 404)
        #expect(try await house.ben.get("/messages/\(id)").status == 404)
        #expect(try await add(house.ben).status == 200)
        #expect(try await house.ben.texts(id) == [])
        #expect(try await house.ben.post("/messages/\(id)/departure").location == "/messages")
        #expect(try await house.ben.say("Still here?", in: id).status == 404)
        #expect(
            try await house.company.count("app.audit_line where tenant_id = \(house.tenant) and action like 'conversation.%'")
                == 5)
    }

    @Test("Whoever is blocked can neither begin nor go on alone with whoever blocked them; among others they are heard")
    func blocked() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk([house.ben], "Hello Ben")
        let group = try await house.talk([house.ben, house.manager], subject: "All")
        #expect(try await house.ben.api(.post, "/conversations/blocks/\(house.anna.id.text)", "{}").status == 204)
        let refused = try await house.anna.say("Please answer", in: id)
        #expect(refused.status == 403)
        #expect(refused.code == "recipient_blocked")
        let page = try await house.anna.post("/messages/\(id)", [("content", "Please answer")])
        #expect(page.status == 403)
        #expect(page.text.contains("Please answer</textarea>"))
        #expect(try await house.anna.converse([house.ben], subject: "Again").code == "recipient_blocked")
        let mine = try await house.talk([house.manager], subject: "Roof")
        let adding = try await house.anna.post("/messages/\(mine)/people", [("member_ids", house.ben.id.text)])
        #expect(adding.status == 403)
        #expect(adding.text.contains("value=\"\(house.ben.id.text)\" checked"), "who was chosen stays chosen")
        #expect(try await house.anna.say("To all", in: group).status == 201)
        #expect(try await house.ben.get("/messages/settings").text.contains("Anna Kern"))
        #expect(try await house.ben.api(.delete, "/conversations/blocks/\(house.anna.id.text)").status == 204)
        #expect(try await house.anna.say("Thank you", in: id).status == 201)
        #expect(try await house.ben.api(.post, "/conversations/blocks/\(UUID().uuidString)", "{}").status == 404)
    }

    @Test("Messages are for the member alone: an administrator who looks at their pages sees none of them")
    func preview() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, "Private")
        let admin = try await house.company.member("admin")
        let begun = try await admin.post("/people/\(house.anna.id.text)/preview", [("reason", "A question about the page")])
        #expect(begun.status == 303, "\(begun.text)")
        #expect(try await admin.get("/messages/\(id)").status == 403)
        #expect(try await admin.get("/messages").status == 403)
    }

    @Test("About a fault or a unit one writes only if one may see it")
    func about() async throws {
        let house = try await MessagingHouse.fresh()
        let fault = try await TestFault.report(by: house.anna, unit: house.home.unit)
        let id = try #require(try await house.anna.api(.get, "/faults/\(fault)").json?["faultId"] as? String)
        let link = try await house.manager.get("/faults/\(fault)").text
        #expect(link.contains("/messages/new?fault=\(id)"))
        let form = try await house.manager.get("/messages/new?fault=\(id)").text
        #expect(form.contains("value=\"\(house.anna.id.text)\" checked"), "its reporter is meant")
        let body = "{\"participantIds\":[\"\(house.manager.id.text)\"],\"faultId\":\"\(id)\",\"content\":\"When?\"}"
        let stranger = try await house.company.member("resident")
        #expect(try await stranger.api(.post, "/conversations", body).status == 404)
        let started = try await house.anna.api(.post, "/conversations", body)
        #expect(started.status == 201)
        let conversation = started.json?["conversationId"] as? String ?? ""
        #expect(try await house.manager.get("/messages/\(conversation)").text.contains("href=\"/faults/F-"))
        let unit = "{\"participantIds\":[\"\(house.manager.id.text)\"],\"unitId\":\"\(house.home.unit.text)\"}"
        #expect(try await house.anna.api(.post, "/conversations", unit).status == 201)
        #expect(try await stranger.api(.post, "/conversations", unit).status == 404)
    }
}
