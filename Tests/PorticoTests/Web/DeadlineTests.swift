import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Web

@Suite("Deadlines of a connection")
struct DeadlineTests {
    @Test("T76 a client that sends requests but reads no answer is closed at the write deadline")
    func unreadAnswers() throws {
        let (loop, channel) = try Self.channel(stalled: true)
        for _ in 0..<3 {
            try Self.ask(channel)
            Self.answer(channel)
            loop.advanceTime(by: .seconds(5))
        }
        // One more, read after the last answer was written.
        try Self.ask(channel)
        loop.advanceTime(by: .seconds(14))
        #expect(channel.isActive)
        loop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test("An answered connection is idle, also when the answer did not wait for the body")
    func idle() throws {
        for early in [false, true] {
            let (loop, channel) = try Self.channel(stalled: false)
            try channel.writeInbound(HTTPRequestPart.head(Self.head))
            if early { Self.answer(channel) }
            try channel.writeInbound(HTTPRequestPart.end(nil))
            if !early { Self.answer(channel) }
            loop.advanceTime(by: .seconds(74))
            #expect(channel.isActive)
            loop.advanceTime(by: .seconds(2))
            #expect(!channel.isActive)
        }
    }

    private static let head = HTTPRequest(method: .get, scheme: "http", authority: "a.test", path: "/")

    private static func channel(stalled: Bool) throws -> (EmbeddedEventLoop, EmbeddedChannel) {
        let loop = EmbeddedEventLoop()
        let handlers: [any ChannelHandler] = (stalled ? [Stalled()] : []) + [DeadlineHandler(Deadlines())]
        let channel = EmbeddedChannel(handlers: handlers, loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (loop, channel)
    }

    private static func ask(_ channel: EmbeddedChannel) throws {
        try channel.writeInbound(HTTPRequestPart.head(head))
        try channel.writeInbound(HTTPRequestPart.end(nil))
    }

    private static func answer(_ channel: EmbeddedChannel) {
        channel.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }
}

/// A socket that takes nothing.
private final class Stalled: ChannelOutboundHandler {
    typealias OutboundIn = Any

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        kept.append(promise)
    }

    private var kept: [EventLoopPromise<Void>?] = []

    func handlerRemoved(context: ChannelHandlerContext) {
        for promise in kept { promise?.fail(ChannelError.ioOnClosedChannel) }
    }
}
