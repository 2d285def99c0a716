import Foundation
import Testing

@testable import Database
@testable import Live

@Suite("Signals of change")
struct SignalTests {
    /// A company, and a reader who has had its first look.
    private struct Scene {
        let app: Database
        let worker: Database
        let tenant: Int32
        var log = SignalLog()

        static func fresh() async throws -> Scene {
            var scene = Scene(
                app: try await TestDatabase.shared.database(),
                worker: try await TestDatabase.shared.database(role: "portico_worker"),
                tenant: try await TestDatabase.shared.freshTenant())
            _ = try await scene.log.next(scene.worker)
            return scene
        }

        var walled: Walled { app.tenant(TxFacts(tenant: tenant)) }

        func tag(_ topic: LiveTopic) -> UUID { app.tag(topic, of: tenant) }

        /// Which of the topics are told of at the next look.
        mutating func look(_ topics: LiveTopic...) async throws -> [LiveTopic] {
            let found = try await log.next(worker)
            return topics.filter { found.contains(tag($0)) }
        }
    }

    private static let one = LiveTopic("test:one")
    private static let two = LiveTopic("test:two")

    @Test("A change is told once, with its commit; one that is rolled back is never told")
    func committed() async throws {
        var scene = try await Scene.fresh()
        try await scene.walled.write { $0.signal(Self.one, Self.two, Self.one) }
        struct Refused: Error {}
        await #expect(throws: Refused.self) {
            try await scene.walled.write { tx in
                tx.signal(LiveTopic("test:never"))
                throw Refused()
            }
        }
        #expect(try await scene.look(Self.one, Self.two, LiveTopic("test:never")) == [Self.one, Self.two])
        #expect(try await scene.look(Self.one, Self.two) == [])
    }

    @Test("A transaction that began early and ends late is told of, though others were seen before it")
    func late() async throws {
        var scene = try await Scene.fresh()
        let (started, start) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Void>.makeStream()
        let walled = scene.walled
        let slow = Task {
            try await walled.write { tx in
                // The line is written early; it appears with the commit.
                let tag = tx.database.tag(Self.one, of: tx.facts.tenant)
                try await tx.execute("insert into jobs.signal(tenant_id, topics) values (\(tx.facts.tenant), \([tag]))")
                start.yield()
                for await _ in ended { break }
            }
        }
        for await _ in started { break }
        for _ in 0..<3 {
            try await scene.walled.write { $0.signal(Self.two) }
            #expect(try await scene.look(Self.one, Self.two) == [Self.two])
        }
        end.yield()
        try await slow.value
        #expect(try await scene.look(Self.one, Self.two) == [Self.one])
        #expect(try await scene.look(Self.one, Self.two) == [])
    }

    @Test("The bell rings after the commit, with nothing in it")
    func bell() async throws {
        let scene = try await Scene.fresh()
        let listener = try Listener(scene.app.settings, channels: ["live"], logger: TestDatabase.quiet)
        defer { listener.stop() }
        var events = listener.events.makeAsyncIterator()
        #expect(await events.next() == .listening)
        try await scene.walled.write { $0.signal(Self.one) }
        #expect(await events.next() == .notification(channel: "live", payload: ""))
    }

    @Test("A topic has another name in each company, and none that says what it is")
    func tags() async throws {
        let scene = try await Scene.fresh()
        #expect(scene.tag(Self.one) == scene.tag(Self.one))
        #expect(scene.tag(Self.one) != scene.tag(Self.two))
        #expect(scene.tag(Self.one) != scene.app.tag(Self.one, of: scene.tenant &+ 1))
    }

    @Test("Nobody who serves pages reads another's signals or its own")
    func wall() async throws {
        let scene = try await Scene.fresh()
        await #expect(throws: DatabaseError.self) {
            try await scene.walled.read(Query.value("select count(*) from jobs.signal", Int.self))
        }
    }
}

@Suite("What a socket takes")
struct LiveFrameTests {
    @Test(
        "Whatever is no request is none",
        arguments: [
            "", "null", "[]", "{}", #"{"type":"subscribe"}"#, #"{"type":"subscribe","topics":"fault"}"#,
            #"{"type":"subscribe","topics":[1]}"#,
            #"{"type":"subscribe","topics":["a\"b"]}"#, #"{"type":"subscribe","topics":["ä"]}"#, #"{"type":"other","topics":[]}"#,
            #"{"type":"subscribe","topics":["\#(String(repeating: "a", count: 101))"]}"#
        ])
    func refused(text: String) {
        #expect(LiveRequest(Array(text.utf8), LiveTopics()) == nil)
    }

    @Test("The time of a page may be any number, and need not be there")
    func since() throws {
        let text = #"{"type":"subscribe","topics":["fault"],"since":9223372036854775807}"#
        guard case .subscribe(["fault"], let since) = LiveRequest(Array(text.utf8), LiveTopics()) else {
            Issue.record("no request")
            return
        }
        #expect(since != nil)
        #expect(LiveRequest(Array(#"{"type":"subscribe","topics":["fault"],"since":"soon"}"#.utf8), LiveTopics()) != nil)
    }
}
