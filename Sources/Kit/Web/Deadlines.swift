import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// How long one connection may take for each part of an exchange. Hummingbird's idle timeout alone leaves a dripped body and a
/// client that never reads open (measured, SECURITY 1.5).
public struct Deadlines: Sendable {
    /// From the first byte of a request to the end of its header.
    public var header: TimeAmount = .seconds(10)
    /// From the end of the header to the end of the body; `bytesPerSecond` extends it for honest slow uploads.
    public var body: TimeAmount = .seconds(30)
    /// A body that arrives faster than this on average may take longer than `body`, up to ten times as long.
    public var bytesPerSecond = 16_384
    /// Without progress while writing an answer.
    public var write: TimeAmount = .seconds(30)
    /// Between two requests.
    public var idle: TimeAmount = .seconds(75)

    public init() {}
}

/// Sits right after the HTTP codec and watches the clock: one limit for what is read and one for what is written, because a client
/// may send its next requests while it does not read the answer to this one. Puts a `FirstByteWatch` in front of the decoder,
/// because only there a header that never ends can be seen.
///
/// A limit that moves on is only noted; the one timer of a connection looks at it when it fires. Setting and cancelling a timer for
/// each part of an exchange cost as much as rendering half a page.
final class DeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private enum Phase { case idle, header, body, answer, closed }

    private let deadlines: Deadlines
    private var phase = Phase.idle
    private var timer: Scheduled<Void>?
    private var timerFires = NIODeadline.distantFuture
    /// Until when the present phase may last.
    private var limit = NIODeadline.distantFuture
    /// Until when the socket has to take more of an answer.
    private var writeLimit = NIODeadline.distantFuture
    /// Parts of answers that the socket has not taken yet.
    private var unwritten = 0
    /// Requests whose answer has not been written to its end.
    private var unanswered = 0
    private var bodyBytes = 0
    private var bodyStarted = NIODeadline.now()
    private var answerStarted = false
    private var bodyDone = true

    init(_ deadlines: Deadlines) {
        self.deadlines = deadlines
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let watch = FirstByteWatch { [weak self] context in self?.bytesArrived(context) }
        try? context.pipeline.syncOperations.addHandler(watch, position: .first)
        arm(context, deadlines.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        phase = .closed
        timer?.cancel()
        timer = nil
    }

    private func bytesArrived(_ watch: ChannelHandlerContext) {
        guard phase == .idle else { return }
        phase = .header
        arm(watch, deadlines.header)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            phase = .body
            bodyDone = false
            answerStarted = false
            bodyBytes = 0
            bodyStarted = .now()
            unanswered &+= 1
            arm(context, deadlines.body)
        case .body(let bytes):
            bodyBytes &+= bytes.readableBytes
        case .end:
            bodyDone = true
            if phase == .body, unanswered > 0 {
                phase = .answer
                limit = .distantFuture
            } else if phase == .body {
                // The answer did not wait for the body.
                phase = .idle
                arm(context, deadlines.idle)
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var isEnd = false
        if case .end = unwrapOutboundIn(data) { isEnd = true } else { answerStarted = true }
        unwritten &+= 1
        if unwritten == 1 { armWriting(context) }
        let written = promise ?? context.eventLoop.makePromise()
        context.write(data, promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in self.wrote(context, isEnd: isEnd) }
    }

    private func wrote(_ context: ChannelHandlerContext, isEnd: Bool) {
        guard phase != .closed else { return }
        unwritten &-= 1
        if unwritten > 0 { armWriting(context) } else { writeLimit = .distantFuture }
        guard isEnd else { return }
        unanswered &-= 1
        if unanswered == 0, bodyDone {
            phase = .idle
            arm(context, deadlines.idle)
        }
    }

    /// Anew after each part that the socket has taken: it is progress that counts.
    private func armWriting(_ context: ChannelHandlerContext) {
        writeLimit = context.eventLoop.now + deadlines.write
        watch(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let parser = error as? HTTPParserError, parser == .headerOverflow {
            refuse(context, .init(code: 431, reasonPhrase: "Request Header Fields Too Large"))
        } else {
            context.fireErrorCaught(error)
        }
    }

    private func arm(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        limit = context.eventLoop.now + time
        watch(context)
    }

    /// Sees to it that the timer fires no later than the next limit.
    private func watch(_ context: ChannelHandlerContext) {
        let next = min(limit, writeLimit)
        guard phase != .closed, timer == nil || timerFires > next else { return }
        timer?.cancel()
        timerFires = next
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.fired(context) }
    }

    private func fired(_ context: ChannelHandlerContext) {
        timer = nil
        let now = context.eventLoop.now
        if writeLimit <= now {
            context.close(promise: nil)
        } else if limit <= now {
            expired(context)
        } else if min(limit, writeLimit) < .distantFuture {
            watch(context)
        }
    }

    private func expired(_ context: ChannelHandlerContext) {
        switch phase {
        case .closed: return
        case .body where mayGoOn: arm(context, .seconds(5))
        case .header, .body: refuse(context, .requestTimeout)
        case .idle, .answer: context.close(promise: nil)
        }
    }

    private var mayGoOn: Bool {
        let elapsed = NIODeadline.now() - bodyStarted
        let seconds = Int(elapsed.nanoseconds / 1_000_000_000)
        return elapsed < deadlines.body * 10 && bodyBytes / max(1, seconds) >= deadlines.bytesPerSecond
    }

    /// Answers on the wire, below the codec (which may be in any state), and closes.
    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status) {
        guard phase != .closed else { return }
        end()
        // No refusal in the middle of an answer, nor where another answer is due.
        guard !answerStarted, unwritten == 0, unanswered < 2 else { return context.close(promise: nil) }
        let line = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        guard let first = try? context.pipeline.syncOperations.context(handlerType: FirstByteWatch.self) else {
            return context.close(promise: nil)
        }
        first.writeAndFlush(NIOAny(context.channel.allocator.buffer(string: line))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}

/// Tells when bytes arrive, before the decoder makes anything of them.
final class FirstByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    private let arrived: (ChannelHandlerContext) -> Void

    init(_ arrived: @escaping (ChannelHandlerContext) -> Void) {
        self.arrived = arrived
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived(context)
        context.fireChannelRead(data)
    }
}
