import Database
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import ServiceLifecycle
import Testing

@testable import Live
@testable import Web
@testable import portico

@Suite("Flow 13: typing", .serialized)
struct TypingTests {
    @Test(
        "Who watches the conversation at another process hears of it within a second, the speaker and strangers do not; it ends by itself"
    )
    func twoProcesses() async throws {
        let pair = try await TypingPair.fresh()
        let before = try await pair.rows()
        let (anna, manager) = (try await pair.socket(pair.house.anna, at: 0), try await pair.socket(pair.house.manager, at: 1))
        let (tab, ben) = (try await pair.socket(pair.house.anna, at: 1), try await pair.socket(pair.house.ben, at: 1))
        for socket in [anna, manager, tab] { try await socket.watch(pair.id) }
        try await ben.say("{\"type\":\"subscribe\",\"topics\":[\"conversation:\(pair.id)\"]}")
        try await ben.hears { $0["type"] as? String == "refused" && $0["code"] as? String == "not_found" }
        try await anna.typing("typing_start", pair.id)
        try await manager.hears {
            $0["type"] as? String == "typing_indicator" && $0["userId"] as? String == pair.house.anna.id.text
                && $0["conversationId"] as? String == pair.id && $0["name"] as? String == "Anna Kern"
        }
        // Half a second later it is not passed on again: at most one in a second and person.
        try await anna.typing("typing_start", pair.id)
        await anna.passes(.seconds(4))
        try await manager.hears {
            $0["type"] as? String == "typing_stopped" && $0["userId"] as? String == pair.house.anna.id.text
        }
        #expect(try await manager.heard("typing_indicator") == 1)
        for socket in [anna, tab, ben] { #expect(try await socket.heard("typing_indicator") == 0) }
        #expect(try await pair.rows() == before, "it is kept nowhere")
        await pair.end()
    }

    @Test("It ends with a message that was sent, also where another process took it, and with the socket")
    func ends() async throws {
        let pair = try await TypingPair.fresh()
        let (anna, manager) = (try await pair.socket(pair.house.anna, at: 0), try await pair.socket(pair.house.manager, at: 1))
        try await manager.watch(pair.id)
        try await anna.typing("typing_start", pair.id)
        try await manager.hears { $0["type"] as? String == "typing_indicator" }
        // Sent to the other process than the one that holds the socket.
        let other = TestMember(
            company: pair.other, id: pair.house.anna.id, cookie: pair.house.anna.cookie, bearer: pair.house.anna.bearer)
        #expect(try await other.say("Done", in: pair.id).status == 201)
        try await manager.hears { $0["type"] as? String == "typing_stopped" }
        try await Task.sleep(for: .milliseconds(1_100))
        try await anna.typing("typing_start", pair.id)
        try await eventually("the second is heard") { try await manager.heard("typing_indicator") == 2 }
        await anna.close()
        try await eventually("the end is heard") { try await manager.heard("typing_stopped") == 2 }
        await pair.end()
    }

    @Test(
        "Who has muted the conversation, who blocks or is blocked hears none; who hides that they are here says none; who stops has stopped"
    )
    func deaf() async throws {
        let pair = try await TypingPair.fresh(withBen: true)
        let (anna, manager, ben) = (
            try await pair.socket(pair.house.anna, at: 0), try await pair.socket(pair.house.manager, at: 1),
            try await pair.socket(pair.house.ben, at: 1)
        )
        for socket in [manager, ben] { try await socket.watch(pair.id) }
        #expect(try await pair.house.ben.api(.patch, "/conversations/\(pair.id)", "{\"mutedHours\":1}").status == 200)
        try await anna.typing("typing_start", pair.id)
        try await manager.hears { $0["type"] as? String == "typing_indicator" }
        try await anna.typing("typing_stop", pair.id)
        try await manager.hears { $0["type"] as? String == "typing_stopped" }
        #expect(try await ben.heard("typing_indicator") == 0)
        #expect(try await pair.house.anna.post("/messages/settings", [("hides_presence", "1")]).status == 303)
        try await Task.sleep(for: .milliseconds(1_100))
        try await anna.typing("typing_start", pair.id)
        // What comes after it is answered after it.
        try await anna.watch(pair.id)
        #expect(try await manager.heard("typing_indicator") == 1)
        await pair.end()
    }

    @Test("A conversation of others or of another company is an error and the socket stays; so is a frame without one")
    func errors() async throws {
        let (pair, other) = (try await TypingPair.fresh(), try await MessagingHouse.fresh())
        let socket = try await TypingSocket.open(other.company.app, other.anna)
        let manager = try await pair.socket(pair.house.manager, at: 0)
        try await manager.watch(pair.id)
        try await socket.typing("typing_start", pair.id)
        try await socket.hears { $0["type"] as? String == "error" && $0["code"] as? String == "not_found" }
        try await socket.say("{\"type\":\"typing_start\"}")
        try await socket.hears { $0["type"] as? String == "error" && $0["code"] as? String == "bad_frame" }
        try await socket.say("{\"type\":\"subscribe\",\"topics\":[\"notices\"]}")
        try await socket.hears { $0["type"] as? String == "subscribed" }
        #expect(try await manager.heard("typing_indicator") == 0)
        await pair.end()
    }

    @Test("A socket that closes while a topic is being found for it leaves nothing behind")
    func leaves() async throws {
        let house = try await MessagingHouse.fresh()
        let socket = try await TypingSocket.open(house.company.app, house.anna)
        let hub = house.company.app.parts.hub
        let rights = house.company.app.database.tag(.member(house.anna.id), of: house.tenant)
        let live = try #require(hub.watchers(of: rights).first)
        let found = UUID()
        hub.watch(found, live)
        #expect(hub.watchers(of: found).count == 1)
        await socket.close()
        #expect(hub.watchers(of: found).isEmpty && hub.watchers(of: rights).isEmpty)
        hub.watch(found, live)
        #expect(hub.watchers(of: found).isEmpty, "also what is found later")
    }

    @Test("What travels between processes says nothing to whoever listens, and is less than NOTIFY can carry")
    func sealed() async throws {
        let house = try await TestHouse.shared.value.house
        let word = LiveWord(begin: "b", end: "e", begun: "on", ended: "off", field: "conversationId") { _, _ in .nobody }
        let speaker = LiveSpeaker(member: .init(tenant: 7, id: UUID()), word: "b", about: UUID())
        let deaf = (0..<100).map { _ in UUID() }
        let utterance = LiveUtterance(word, speaker, UUID(), called: String(repeating: "ü", count: 120), without: deaf)
        let payload = try utterance.sealed(house)
        #expect(payload.utf8.count < 8_000)
        #expect(!payload.contains(speaker.about.text))
        let opened = try #require(LiveUtterance.opened(payload, house))
        #expect(opened.source == speaker)
        #expect(!opened.isFor(speaker.member))
        #expect(!opened.isFor(.init(tenant: 7, id: try #require(deaf.last))))
        #expect(opened.isFor(.init(tenant: 7, id: UUID())))
        #expect(LiveUtterance.opened("rubbish", house) == nil)
        #expect(LiveUtterance.opened(String(payload.dropLast(8)) + "AAAAAAA=", house) == nil)
    }
}

/// One company at two processes, each with its own hub and its own ear at Postgres.
private struct TypingPair {
    let house: MessagingHouse
    /// The same company as the second process has it.
    let other: TestCompany
    let id: String
    let services: [Task<Void, any Error>]

    static func fresh(withBen: Bool = false) async throws -> TypingPair {
        let house = try await MessagingHouse.fresh()
        let second = try await App.build(try TestHouse.settings(["PORTICO_POOL": "3"]), logger: TestHouse.logger)
        let other = try await TestCompany.fresh(in: second, slug: house.company.tenant.slug)
        let id = try await house.talk(withBen ? [house.manager, house.ben] : [house.manager])
        let services = [house.company.app, second].map { app in
            Task {
                try await LiveService(
                    hub: app.parts.hub, database: app.workerDatabase, house: app.house, logger: TestHouse.logger
                ).run()
            }
        }
        // Until both listen.
        try await Task.sleep(for: .milliseconds(300))
        return TypingPair(house: house, other: other, id: id, services: services)
    }

    func socket(_ member: TestMember, at process: Int) async throws -> TypingSocket {
        try await TypingSocket.open(process == 0 ? house.company.app : other.app, member)
    }

    /// Rows of what could keep it.
    func rows() async throws -> [Int] {
        var counts: [Int] = []
        for table: SQL in ["app.event", "app.job", "app.message", "app.audit_line", "app.notification"] {
            counts.append(try await house.company.count("\(table) where tenant_id = \(house.tenant)"))
        }
        return counts
    }

    func end() async {
        for service in services { service.cancel() }
    }
}

/// A socket without a wire: the handshake goes through the route table like every other, then its frames are written and read here.
private final class TypingSocket: Sendable {
    private let channel: NIOAsyncTestingChannel
    private let log = Tallied<String>()

    private init(_ channel: NIOAsyncTestingChannel) { self.channel = channel }

    static func open(_ app: App, _ member: TestMember) async throws -> TypingSocket {
        let channel = NIOAsyncTestingChannel()
        let taken = TakenSwitch()
        try await channel.testingEventLoop.executeInContext {
            let handler = SwitchHandler()
            taken.handler = handler
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        try await channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        var headers: HTTPFields = [.authorization: "Bearer \(member.bearer)", .upgrade: "websocket", .connection: "Upgrade"]
        for (name, value) in [("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let request = Hummingbird.Request(
            head: HTTPRequest(
                method: .get, scheme: "http", authority: member.company.host, path: "/api/v1/ws", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        let context = BaseContext(source: ApplicationRequestContextSource(channel: channel, logger: TestHouse.logger))
        let response = try await app.edge.respond(to: request, context: context)
        try #require(response.status == .switchingProtocols)
        try await channel.testingEventLoop.executeInContext {
            guard let handler = taken.handler, let taker = handler.taker else { throw NoSwitch() }
            channel.pipeline.syncOperations.removeHandler(handler, promise: nil)
            try taker(channel)
        }
        let socket = TypingSocket(channel)
        try await socket.hears { $0["type"] as? String == "welcome" }
        return socket
    }

    private struct NoSwitch: Error {}

    /// Crosses to the event loop and back.
    private final class TakenSwitch: @unchecked Sendable {
        var handler: SwitchHandler?
    }

    /// A masked text frame (RFC 6455, 5.2); a mask of zeros changes nothing.
    func say(_ text: String) async throws {
        let bytes = Array(text.utf8)
        var frame = ByteBuffer(bytes: [0x81])
        if bytes.count < 126 {
            frame.writeInteger(UInt8(0x80 | bytes.count))
        } else {
            frame.writeInteger(UInt8(0x80 | 126))
            frame.writeInteger(UInt16(bytes.count))
        }
        frame.writeBytes([0, 0, 0, 0] + bytes)
        try await channel.writeInbound(frame)
    }

    func typing(_ type: String, _ conversation: String) async throws {
        try await say("{\"type\":\"\(type)\",\"conversationId\":\"\(conversation)\"}")
    }

    func watch(_ conversation: String) async throws {
        let count = try await heard("subscribed")
        try await say("{\"type\":\"subscribe\",\"topics\":[\"conversation:\(conversation)\"]}")
        try await eventually("the conversation is watched") { try await heard("subscribed") == count + 1 }
    }

    func hears(
        _ fits: ([String: Any]) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("the frame is heard; so far \(log.all)", sourceLocation: sourceLocation) {
            try await listen()
            return log.all.contains { text in
                (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]).map(fits) ?? false
            }
        }
    }

    func heard(_ type: String) async throws -> Int {
        try await listen()
        return log.all.count(where: { $0.contains("\"type\":\"\(type)\"") })
    }

    /// Takes what was written: unmasked frames, which the encoder writes in one or two pieces.
    private func listen() async throws {
        var bytes: [UInt8] = []
        while let piece = try await channel.readOutbound(as: ByteBuffer.self) { bytes += Array(piece.readableBytesView) }
        var rest = bytes[...]
        while let first = rest.popFirst(), let size = rest.popFirst() {
            var length = Int(size)
            if length == 126, let high = rest.popFirst(), let low = rest.popFirst() { length = Int(high) << 8 | Int(low) }
            if first == 0x81 { log.add(String(decoding: rest.prefix(length), as: UTF8.self)) }
            rest = rest.dropFirst(length)
        }
    }

    /// Only for this socket's own clock.
    func passes(_ time: TimeAmount) async { await channel.testingEventLoop.advanceTime(by: time) }

    func close() async { try? await channel.close() }
}
