import Database
import Foundation
import Testing

@testable import portico

@Suite("Flow 12: conversations")
struct ConversationTests {
    @Test("A resident writes to the manager, who reads it, answers, and both see the same in the same order")
    func talk() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk(nil, subject: "Heating", "It is **cold**")
        #expect(try await house.manager.unread(id) == 1)
        #expect(try await house.anna.unread(id) == 0)
        let page = try await house.manager.get("/messages/\(id)")
        #expect(page.status == 200)
        #expect(page.text.contains("It is <strong>cold</strong>"))
        #expect(page.text.contains("data-live=\"conversation:\(id)\""))
        #expect(try await house.manager.unread(id) == 0, "whoever opens a conversation has read it")
        #expect(try await house.manager.say("On my way", in: id).seq == 2)
        for person in [house.anna, house.manager] {
            #expect(try await person.texts(id) == ["It is **cold**", "On my way"])
        }
        #expect(try await house.anna.get("/messages").text.contains("Heating"))
        #expect(try await house.anna.texts(id, "after=1") == ["On my way"])
        #expect(try await house.anna.texts(id, "before=2") == ["It is **cold**"])
    }

    @Test("The same by forms: written at once on the page of a new message, refused with everything typed, sent by a reload")
    func forms() async throws {
        let house = try await MessagingHouse.fresh()
        let page = try await house.anna.get("/messages/new")
        #expect(page.text.contains("Maria Sommer"))
        let refused = try await house.anna.post("/messages", [("participant_ids", house.manager.id.text), ("subject", "Keller")])
        #expect(refused.status == 422)
        #expect(refused.text.contains("value=\"Keller\""))
        #expect(refused.text.contains("value=\"\(house.manager.id.text)\" checked"))
        let started = try await house.anna.post(
            "/messages", [("participant_ids", house.manager.id.text), ("subject", "Keller"), ("content", "Licht defekt")])
        let path = try #require(started.location)
        #expect(started.status == 303)
        #expect(try await house.anna.get(path).text.contains("Licht defekt"))
        let empty = try await house.anna.post(path, [("content", " ")])
        #expect(empty.status == 422)
        #expect(try await house.anna.post(path, [("content", "Immer noch")]).location == path)
        #expect(try await house.manager.get(path).text.contains("Immer noch"))
        let long = String(repeating: "x", count: 10_001)
        let tooLong = try await house.anna.post(path, [("content", long)])
        #expect(tooLong.status == 422)
        #expect(tooLong.text.contains(long))
        #expect(try await house.anna.say(long, in: path.replacing("/messages/", with: "")).status == 400)
    }

    @Test(
        "Two that write to each other about nothing in particular go on where they were; with a subject it is another conversation"
    )
    func pair() async throws {
        let house = try await MessagingHouse.fresh()
        let first = try await house.talk()
        let again = try await house.manager.converse([house.anna], "Hello").json?["conversationId"] as? String
        #expect(again == first)
        #expect(try await house.talk(subject: "Roof") != first)
        #expect(try await house.talk([house.manager, house.ben]) != first)
    }

    @Test("A double click and a retry say it once; another conversation is another matter")
    func once() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let first = try await house.anna.say("Hello", in: id, key: "k1")
        let again = try await house.anna.say("Hello", in: id, key: "k1")
        #expect(first.status == 201)
        #expect(again.messageID == first.messageID)
        let key = UUID().uuidString
        for _ in 0..<2 { #expect(try await house.anna.post("/messages/\(id)", [("content", "By form")], key: key).status == 303) }
        async let one = house.anna.say("At once", in: id, key: "k2")
        async let two = house.anna.say("At once", in: id, key: "k2")
        let both = try await [one, two]
        #expect(both.map(\.status) == [201, 201])
        #expect(both.first?.messageID == both.last?.messageID)
        #expect(try await house.manager.texts(id) == ["Hello", "By form", "At once"])
        let other = try await house.talk(subject: "Else")
        #expect(try await house.anna.say("Hello", in: other, key: "k1").code == "idempotency_mismatch")
    }

    @Test("A key stands for what was said first, also when that was changed or taken back; other words are refused, and not lost")
    func otherWords() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let first = try await house.anna.say("Hello", in: id, key: "k1").messageID
        let path = "/conversations/\(id)/messages/\(first)"
        #expect(try await house.anna.api(.patch, path, "{\"content\":\"Hello all\"}").status == 200)
        #expect(try await house.anna.say("Hello", in: id, key: "k1").messageID == first)
        for words in ["Hello all", "Good bye"] {
            let refused = try await house.anna.say(words, in: id, key: "k1")
            #expect(refused.status == 422 && refused.code == "idempotency_mismatch", "\(refused.text)")
        }
        #expect(try await house.anna.api(.delete, path).status == 204)
        #expect(try await house.anna.say("Hello", in: id, key: "k1").messageID == first)
        let key = UUID().uuidString
        #expect(try await house.anna.post("/messages/\(id)", [("content", "By form")], key: key).status == 303)
        let page = try await house.anna.post("/messages/\(id)", [("content", "By Back")], key: key)
        #expect(page.status == 422)
        #expect(page.text.contains("By Back</textarea>"))
        #expect(page.text.contains("schon eine andere Nachricht gesendet"))
        let fresh = try #require(page.text.firstMatch(of: /name="form_key" value="([^"]+)"/).map { String($0.1) })
        #expect(try await house.anna.post("/messages/\(id)", [("content", "By Back")], key: fresh).status == 303)
        #expect(try await house.manager.texts(id) == ["", "By form", "By Back"])
    }

    @Test("A hundred messages at once have the numbers 1 to 100, without a gap and without a double, in the order of their times")
    func order() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk([house.manager, house.ben])
        // Past the limit of one person in a minute: several write.
        let people = [house.anna, house.ben, house.manager]
        let numbers = try await withThrowingTaskGroup(of: Int?.self) { group in
            for index in 0..<100 { group.addTask { try await people[index % 3].say("m\(index)", in: id).seq } }
            return try await group.reduce(into: [Int]()) { all, seq in if let seq { all.append(seq) } }
        }
        #expect(numbers.sorted() == Array(1...100))
        let uuid = UUID(uuidString: id)
        let disordered = try await house.company.count(
            """
            app.message a join app.message b on b.tenant_id = a.tenant_id and b.conversation_id = a.conversation_id and b.seq = a.seq + 1
             where a.tenant_id = \(house.tenant) and a.conversation_id = \(uuid) and b.sent_at < a.sent_at
            """)
        #expect(disordered == 0)
        #expect(try await house.anna.texts(id).count == 100)
    }

    @Test("A transaction that dies loses nothing that was acknowledged, and leaves no gap")
    func killed() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        #expect(try await house.anna.say("kept", in: id).seq == 1)
        let database = try await TestDatabase.shared.database(size: 2)
        let (uuid, tenant, author) = (UUID(uuidString: id), house.tenant, house.anna.id)
        // The server dies between taking the number and COMMIT.
        struct Dead: Error {}
        await #expect(throws: Dead.self) {
            try await database.tenant(TxFacts(tenant: tenant, requestID: "test", now: Date())).write { tx in
                try await tx.execute(
                    "update app.conversation set last_seq = 2 where tenant_id = \(tenant) and id = \(uuid)")
                try await tx.execute(
                    """
                    insert into app.message(tenant_id, id, conversation_id, seq, author_id, body, client_key, sent_at)
                    values (\(tenant), \(UUID.v7()), \(uuid), 2, \(author), 'lost', 'lost', now())
                    """)
                throw Dead()
            }
        }
        #expect(try await house.anna.say("next", in: id).seq == 2)
        #expect(try await house.manager.texts(id) == ["kept", "next"])
    }

    @Test("More than sixty messages in a minute are refused, with the page as it was typed")
    func flood() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        // A minute that ends meanwhile begins another count; so many fit in no two of them.
        var statuses: [Int] = []
        for index in 0..<122 where !statuses.contains(429) {
            statuses.append(try await house.anna.say("m\(index)", in: id).status)
        }
        #expect(statuses.contains(429))
        let page = try await house.anna.post("/messages/\(id)", [("content", "One more")])
        #expect(page.status == 429 || page.status == 303)
        if page.status == 429 { #expect(page.text.contains("One more</textarea>")) }
    }

    @Test("Pictures come along as with a fault: re-encoded, for those who take part; what is no picture is refused by name")
    func pictures() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        func upload(_ data: Data) async throws -> TestAnswer {
            let (body, type) = TestMember.multipart([("client_id", "p")], photos: [data])
            let renamed = body.replacing(Array("name=\"photos\"".utf8), with: Array("name=\"attachments\"".utf8))
            return try await TestAnswer.of(
                house.company.app, house.company.host, .post, "/api/v1/conversations/\(id)/messages",
                [.authorization: "Bearer \(house.anna.bearer)", .contentType: type], renamed)
        }
        #expect(try await upload(Data("<svg onload=x>".utf8)).status == 415)
        let answer = try await upload(phone)
        try #require(answer.status == 201, "\(answer.text)")
        let files = answer.json?["attachments"] as? [[String: Any]] ?? []
        let file = try #require(files.first?["id"] as? String)
        let again = try await upload(phone)
        #expect(again.messageID == answer.messageID, "without words, and sent twice, it is one message")
        let other = Data(PNG.encode(Array(repeating: 120, count: 64 * 48 * 3), width: 64, height: 48))
        #expect(try await upload(other).code == "idempotency_mismatch")
        for path in ["/message-files/\(file)", "/message-files/\(file)/thumbnail"] {
            #expect(try await house.manager.api(.get, path).bytes.prefix(3) == [0xFF, 0xD8, 0xFF])
            #expect(try await house.ben.api(.get, path).status == 404)
        }
        #expect(try await house.manager.get("/messages/\(id)").text.contains("/message-files/\(file)/thumbnail"))
    }
}
