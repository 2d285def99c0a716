import ArgumentParser
import Database
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Web

/// A thousand open pages, and how long each of them takes to hear of a change.
struct LiveBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live", abstract: "Open sockets: from a commit until all are told; memory of each.")
    private static let topic = LiveTopic("fault")
    private static let perMember = 20

    @OptionGroup var options: BenchOptions
    @Option(help: "Open sockets.")
    var sockets = 1_000

    func validate() throws {
        guard (1...10_000).contains(sockets) else { throw ValidationError("--sockets must be from 1 to 10000") }
    }

    func run() async throws {
        OpenFiles.allowAll()
        try await options.report("live") { report in
            let house = try await BenchHouse.open()
            let sessions = try await house.sessions((sockets + Self.perMember - 1) / Self.perMember)
            let server = try await BenchServer.portico(house)
            let before = ProcessFigures.kibibytes(server.pid, "VmRSS") ?? 0
            report.say("opening \(sockets) sockets")
            let audience = try await Audience.open(sockets, at: server.wire, sessions)
            let after = ProcessFigures.kibibytes(server.pid, "VmRSS") ?? 0
            report.say("changes for \(options.seconds) s")
            let listener = try Listener(house.app.database.settings, channels: ["live"], logger: house.app.logger)
            let bell = Task { await Self.ears(listener) }
            var waits: [Double] = []
            var changes = 0
            let end = ContinuousClock.now + .seconds(options.seconds)
            while ContinuousClock.now < end {
                audience.began()
                try await house.walled.write { tx in tx.signal(Self.topic) }
                audience.committed()
                waits += await audience.told(within: .seconds(5))
                changes += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            listener.stop()
            let notified = await bell.value
            await audience.close()
            await server.stop()
            let sorted = waits.sorted()
            let p99 = sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
            report.add(
                "commit until the browser is told, p99", p99 * 1000, "ms", atMost: 100,
                beside: .init(name: "the same, half within, ms", value: (sorted.isEmpty ? 0 : sorted[sorted.count / 2]) * 1000))
            report.add("longest", (sorted.last ?? 0) * 1000, "ms")
            report.add(
                "changes", Double(changes), "changes",
                beside: .init(name: "rings of the bell heard beside", value: Double(notified)))
            report.add("news lost", Double(changes * sockets - waits.count), "news", atMost: 0)
            report.add("memory of a socket", (after - before) / Double(sockets), "KiB", atMost: 40)
            await house.close()
        }
    }

    private static func ears(_ listener: Listener) async -> Int {
        var count = 0
        for await event in listener.events { if case .notification = event { count += 1 } }
        return count
    }
}

extension BenchHouse {
    /// Browser sessions, good for a day, of people of the bench company who were made for it.
    fileprivate func sessions(_ count: Int) async throws -> [SessionToken] {
        let tokens = (0..<count).map { _ in SessionToken() }
        let (now, later) = (Date(), Date().addingTimeInterval(86_400))
        try await walled.write { tx in
            tx.atCommit(
                """
                insert into app.member(tenant_id, id, email, name, roles)
                select \(tx.facts.tenant), m.id, m.email, m.email, '{technician}'
                  from unnest(\(tokens.map { _ in UUID.v7() }), \(tokens.indices.map { "page-\($0)@bench.test" })) as m(id, email)
                on conflict do nothing
                """)
            for (index, token) in tokens.enumerated() {
                tx.atCommit(
                    """
                    insert into app.session(tenant_id, token_hash, id, member_id, kind, family, seen_at, idle_until, expires_at)
                    select tenant_id, \(token.hash), \(UUID.v7()), id, 'browser', \(UUID.v7()), \(now), \(later), \(later)
                      from app.member where tenant_id = \(tx.facts.tenant) and email = \("page-\(index)@bench.test")
                    """)
            }
        }
        return tokens
    }
}

/// The browsers: sockets that wait for the word "changed".
private final class Audience: Sendable {
    private struct Round {
        var committedAt: ContinuousClock.Instant?
        var heard: [ContinuousClock.Instant] = []
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channels = Mutex<[any Channel]>([])
    private let round = Mutex(Round())
    private let ready = Atomic<Int>(0)

    /// - Throws: `ToolFailed` unless every one is served within 30 seconds.
    static func open(_ count: Int, at wire: Wire, _ sessions: [SessionToken]) async throws -> Audience {
        let audience = Audience()
        for index in 0..<count {
            let token = sessions[index % sessions.count].text
            let channel = try await ClientBootstrap(group: audience.group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Listening(wire, token, audience))
                    }
                }
                .connect(host: "127.0.0.1", port: Int(wire.port)).get()
            audience.channels.withLock { $0.append(channel) }
        }
        for _ in 0..<3_000 where audience.ready.load(ordering: .relaxed) < count {
            try await Task.sleep(for: .milliseconds(10))
        }
        guard audience.ready.load(ordering: .relaxed) == count else {
            throw ToolFailed(description: "only \(audience.ready.load(ordering: .relaxed)) of \(count) sockets are served")
        }
        return audience
    }

    func subscribed() { ready.add(1, ordering: .relaxed) }

    func heardChange() {
        let now = ContinuousClock.now
        round.withLock { $0.heard.append(now) }
    }

    func began() { round.withLock { $0 = Round() } }

    func committed() {
        let now = ContinuousClock.now
        round.withLock { $0.committedAt = now }
    }

    /// Seconds from the commit until each heard; some may be told before the commit's answer is here.
    func told(within limit: Duration) async -> [Double] {
        let count = channels.withLock { $0.count }
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, round.withLock({ $0.heard.count }) < count {
            try? await Task.sleep(for: .milliseconds(1))
        }
        return round.withLock { round in
            guard let committed = round.committedAt else { return [] }
            return round.heard.map { max(0, committed.duration(to: $0).inSeconds) }
        }
    }

    func close() async {
        for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
        try? await group.shutdownGracefully()
    }
}

/// A WebSocket client of as few words as a bench needs.
private final class Listening: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let wire: Wire
    private let token: String
    private let audience: Audience
    private var isSubscribed = false

    init(_ wire: Wire, _ token: String, _ audience: Audience) {
        (self.wire, self.token, self.audience) = (wire, token, audience)
    }

    func channelActive(context: ChannelHandlerContext) {
        send(
            """
            GET /ws HTTP/1.1\r\nHost: \(wire.host)\r\nOrigin: http://\(wire.host)\r\nCookie: portico=\(token)\r\n\
            Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n
            """, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: unwrapInboundIn(data))
        if text.contains("\"welcome\"") { send(Self.frame(#"{"type":"subscribe","topics":["fault"]}"#), context) }
        if text.contains("\"subscribed\"") { audience.subscribed() }
        if text.contains("\"changed\"") { audience.heardChange() }
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        send(Array(text.utf8), context)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// A text of less than 126 bytes, masked with zeros.
    private static func frame(_ text: String) -> [UInt8] {
        [0x81, 0x80 | UInt8(truncatingIfNeeded: text.utf8.count), 0, 0, 0, 0] + Array(text.utf8)
    }
}
