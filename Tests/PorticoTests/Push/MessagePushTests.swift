import Database
import Foundation
import Testing

@testable import Messaging
@testable import portico

@Suite("Flow 12: whoever is away is reached on their devices")
struct MessagePushTests {
    private func with(
        _ body: (MessagingHouse, String, PushDevice, TestPeer) async throws -> Void
    ) async throws {
        let house = try await MessagingHouse.fresh()
        let device = PushDevice()
        try await TestPeer.serving({ _ in TestPeer.status(.created) }) { peer in
            #expect(try await house.manager.register(device, at: "\(peer.url)/manager").status == 201)
            let id = try await house.talk(nil, subject: "Heating")
            try await body(house, id, device, peer)
        }
    }

    private func later(_ house: MessagingHouse, _ peer: TestPeer, _ seconds: Double = 11) async throws {
        try await house.company.push(by: try house.company.channel(peer), at: Date().addingTimeInterval(seconds))
    }

    @Test("Offline: exactly one push per message, with who wrote and what, however often it is sent; and the author gets none")
    func offline() async throws {
        try await with { house, id, device, peer in
            try await house.anna.register(PushDevice(), at: "\(peer.url)/anna")
            for _ in 0..<2 { try await house.anna.say("It is **cold**", in: id, key: "once") }
            try await later(house, peer, 5)
            #expect(peer.heard.all.isEmpty, "ten seconds to read it by oneself")
            for _ in 0..<2 { try await later(house, peer) }
            let heard = try #require(peer.heard.all.only)
            let shown = try device.read(heard.body)
            #expect(heard.path == "/manager" && shown["title"] == "Anna Kern" && shown["body"] == "It is cold")
            #expect(shown["path"] == "/messages/\(id)" && shown["tag"] == "conversation:\(id)")
            try await house.anna.say("Still", in: id)
            try await later(house, peer)
            #expect(peer.heard.all.count == 2)
        }
    }

    @Test("Whoever is here, has read it, has muted the conversation or blocks who wrote is left in peace")
    func inPeace() async throws {
        try await with { house, id, _, peer in
            let tenant = house.tenant
            try await house.anna.say("Read", in: id)
            #expect(try await house.manager.get("/messages/\(id)").status == 200)
            try await later(house, peer)
            try await house.anna.say("Present", in: id)
            let soon = Date().addingTimeInterval(5)
            _ = try await house.company.walled.write { tx in
                try await tx.query(Presence.note([house.manager.id], tenant, at: soon))
            }
            try await later(house, peer)
            #expect(peer.heard.all.isEmpty)
            _ = try await house.company.walled.write { tx in
                try await tx.execute("delete from app.presence where tenant_id = \(tenant)")
            }
            _ = try await house.company.walled.write { tx in
                try await tx.execute(
                    """
                    update app.conversation_member set muted_until = now() + interval '1 hour'
                     where tenant_id = \(tenant) and member_id = \(house.manager.id)
                    """)
            }
            try await house.anna.say("Muted", in: id)
            try await later(house, peer)
            #expect(peer.heard.all.isEmpty)
            try await house.manager.register(PushDevice(), at: "\(peer.url)/manager-too")
            let group = try #require(
                try await house.anna.converse([house.manager, house.ben], subject: "Three").json?["conversationId"] as? String)
            _ = try await house.company.walled.write { tx in
                try await tx.execute(
                    """
                    insert into app.message_block(tenant_id, member_id, blocked_id, at)
                    values (\(tenant), \(house.manager.id), \(house.anna.id), now())
                    """)
            }
            try await house.anna.say("Blocked", in: group)
            try await later(house, peer)
            #expect(peer.heard.all.isEmpty)
        }
    }

    @Test("Whoever had a page open when it came, and has left without reading it, is reached then, once")
    func left() async throws {
        try await with { house, id, _, peer in
            try await house.anna.say("The plumber is here", in: id)
            _ = try await house.company.walled.write { tx in
                try await tx.query(Presence.note([house.manager.id], house.tenant, at: Date().addingTimeInterval(2)))
            }
            try await later(house, peer)
            #expect(peer.heard.all.isEmpty)
            try await later(house, peer, 70)
            #expect(peer.heard.all.count == 1)
            try await later(house, peer, 600)
            #expect(peer.heard.all.count == 1)
        }
    }

    @Test("Who hides what is written on a locked screen sees only who wrote")
    func hidden() async throws {
        try await with { house, id, device, peer in
            _ = try await house.company.walled.write { tx in
                try await tx.execute(
                    """
                    update app.conversation_member set hides_preview = true
                     where tenant_id = \(house.tenant) and member_id = \(house.manager.id)
                    """)
            }
            try await house.anna.say("Between us", in: id)
            try await later(house, peer)
            let shown = try device.read(try #require(peer.heard.all.only).body)
            #expect(shown["title"] == "Anna Kern" && shown["body"] == "Hat Ihnen geschrieben")
        }
    }

    @Test("What quiet hours held back and was read meanwhile does not ring in the morning")
    func morning() async throws {
        try await with { house, id, _, peer in
            let quiet = "{\"quietFrom\":\"00:00\",\"quietTo\":\"23:59\"}"
            #expect(try await house.manager.api(.post, "/account/notifications", quiet).status == 200)
            try await house.anna.say("Good night", in: id)
            try await later(house, peer)
            #expect(try await house.company.pushes(house.manager) == ["queued"])
            #expect(try await house.manager.get("/messages/\(id)").status == 200)
            let loud = "{\"quietFrom\":\"\",\"quietTo\":\"\"}"
            #expect(try await house.manager.api(.post, "/account/notifications", loud).status == 200)
            try await later(house, peer, 86_400)
            #expect(try await house.company.pushes(house.manager) == ["suppressed read"])
            #expect(peer.heard.all.isEmpty)
        }
    }

    @Test("What quiet hours held back is told in the morning as it stands then")
    func words() async throws {
        try await with { house, id, device, peer in
            func set(_ hours: String) async throws {
                #expect(try await house.manager.api(.post, "/account/notifications", hours).status == 200)
            }
            try await set("{\"quietFrom\":\"00:00\",\"quietTo\":\"23:59\"}")
            let message = try await house.anna.say("At seven", in: id).json?["messageId"] as? String ?? ""
            try await later(house, peer)
            let edit = try await house.anna.api(.patch, "/conversations/\(id)/messages/\(message)", "{\"content\":\"At eight\"}")
            #expect(edit.status == 200, "\(edit.text)")
            try await set("{\"quietFrom\":\"\",\"quietTo\":\"\"}")
            try await later(house, peer, 86_400)
            #expect(try device.read(try #require(peer.heard.all.only).body)["body"] == "At eight")
        }
    }

    @Test("Nobody has a device: no job waits for a message")
    func nobody() async throws {
        let house = try await MessagingHouse.fresh()
        let id = try await house.talk()
        try await house.anna.say("Hello", in: id)
        let jobs = try await house.company.walled.read(
            Query.value("select count(*) from jobs.queue where tenant_id = \(house.tenant) and kind = 'messaging.push'", Int.self)
        )
        #expect(jobs == 0)
    }
}
