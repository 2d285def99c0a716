import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Gives the connection to another protocol (RFC 9110, 7.8): the request came in by the route table like every other, the answer is 101,
/// and what follows on the wire is the taker's alone.
public struct ProtocolSwitch: Sendable {
    /// `Upgrade` and what belongs to it; `Connection` is added.
    let headers: HTTPFields
    /// Runs on the channel's event loop once 101 is on its way. Adds handlers at the front of the pipeline that let nothing through.
    let take: @Sendable (any Channel) throws -> Void

    public init(headers: HTTPFields, take: @escaping @Sendable (any Channel) throws -> Void) {
        self.headers = headers
        self.take = take
    }
}

extension Answer {
    /// The taker waits in the pipeline until the answer comes through it.
    static func switched(_ change: ProtocolSwitch, _ context: some Ground) -> Response {
        let channel = context.arrival.channel
        channel.eventLoop.execute {
            try? channel.pipeline.syncOperations.handler(type: SwitchHandler.self).taker = change.take
        }
        var headers = change.headers
        headers[.connection] = "Upgrade"
        return Response(status: .switchingProtocols, headers: headers)
    }
}

/// Stands between the HTTP codec and the server. It sends a 101 past the codec, takes the codec out, and from then on lets nothing pass:
/// for the server above, the connection is busy with an answer until it closes.
final class SwitchHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    var taker: (@Sendable (any Channel) throws -> Void)?
    private var isSwitched = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isSwitched {
            promise?.succeed()
        } else if let taker, case .head(let head) = unwrapOutboundIn(data) {
            self.taker = nil
            guard head.status == .switchingProtocols else { return context.write(data, promise: promise) }
            isSwitched = true
            promise?.succeed()
            change(context, head, taker)
        } else {
            context.write(data, promise: promise)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isSwitched { context.fireChannelRead(data) }
    }

    private func change(_ context: ChannelHandlerContext, _ head: HTTPResponse, _ taker: @Sendable (any Channel) throws -> Void) {
        do {
            let pipeline = context.pipeline.syncOperations
            let wire = try pipeline.context(handlerType: FirstByteWatch.self)
            var bytes = context.channel.allocator.buffer(capacity: 512)
            bytes.writeString("HTTP/1.1 101 Switching Protocols\r\n")
            for field in head.headerFields where field.name != .contentLength {
                bytes.writeString("\(field.name.canonicalName): \(field.value)\r\n")
            }
            bytes.writeString("\r\n")
            wire.writeAndFlush(NIOAny(bytes), promise: nil)
            for old in [
                try pipeline.context(handlerType: DeadlineHandler.self),
                try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self),
                try pipeline.context(handlerType: HTTPResponseEncoder.self),
                try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self), wire
            ] {
                pipeline.removeHandler(context: old, promise: nil)
            }
            try taker(context.channel)
        } catch {
            context.close(promise: nil)
        }
    }
}
