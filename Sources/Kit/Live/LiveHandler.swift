import Foundation
import NIOCore
import NIOWebSocket

/// The WebSocket end of a channel: frames in, news out, and the clock. Lives on the event loop.
///
/// Nothing is buffered without bound. News of change are a set of topics: while the client takes nothing they gather in it, at most once
/// each, and go out together when it does; a client that takes nothing for `LiveLimits.patience` is gone.
final class LiveHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Why a socket ends, as its close frame says.
    enum End {
        case goingAway, protocolError, notText, badText, tooLarge, tooManyFrames, signedOut

        var code: WebSocketErrorCode {
            switch self {
            case .goingAway: .goingAway
            case .protocolError: .protocolError
            case .notText: .unacceptableData
            case .badText: .dataInconsistentWithMessage
            case .tooLarge: .messageTooLarge
            case .tooManyFrames: .policyViolation
            case .signedOut: .unknown(4401)
            }
        }
    }

    private let hub: LiveHub
    private var socket: LiveSocket?
    private let makeSocket: (LiveHandler, any Channel) -> LiveSocket
    private var context: ChannelHandlerContext?

    private var watched: [String: UUID] = [:]
    private var names: [UUID: Set<String>] = [:]
    private var pending: Set<String> = []
    private var needsResync = false

    private var waiting: [LiveRequest] = []
    private var isAnswering = false
    private var isLooking = false
    private var looksAgain = false
    private var isEnding = false

    /// What is being said, and when it ends unless it is said again.
    private var speaking: [LiveSpeaker: Scheduled<Void>] = [:]

    /// Of a text that has begun.
    private var fragments: ByteBuffer?
    private var frames = 0
    private var framesSince = NIODeadline.now()
    private var heardAt = NIODeadline.now()
    private var stuckSince: NIODeadline?
    private var lookedAt = NIODeadline.now()
    private var clock: Scheduled<Void>?

    init(hub: LiveHub, makeSocket: @escaping (LiveHandler, any Channel) -> LiveSocket) {
        self.hub = hub
        self.makeSocket = makeSocket
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let socket = makeSocket(self, context.channel)
        guard hub.join(socket) else { return end(.tooManyFrames) }
        self.socket = socket
        hub.watch(socket.rightsTag, socket)
        // Sockets that opened together, after a restart, do not all ask together.
        let half = Int64(LiveLimits.ping) * 500
        startClock(context, .milliseconds(Int64.random(in: half...2 * half)))
        say(.welcome)
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        clock?.cancel()
        clock = nil
        for speaker in Array(speaking.keys) { fallSilent(speaker) }
        if let socket { hub.leave(socket) }
        socket = nil
        context = nil
        waiting = []
    }

    /// Says why, and closes; a client that does not take even that is closed all the same.
    func end(_ end: End) {
        guard let context, !isEnding else { return }
        isEnding = true
        var code = context.channel.allocator.buffer(capacity: 2)
        code.write(webSocketErrorCode: end.code)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: code)), promise: nil)
        // The client answers with its own close frame; not for ever.
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: end(.goingAway)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: end(.tooLarge)
        case is NIOWebSocketError: end(.protocolError)
        default: context.close(promise: nil)
        }
    }

    // MARK: Frames in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var frame = unwrapInboundIn(data)
        heardAt = .now()
        guard !isEnding || frame.opcode == .connectionClose else { return }
        guard isPaced else { return end(.tooManyFrames) }
        // A client masks what it sends (RFC 6455, 5.1), and no extension was agreed on.
        guard let key = frame.maskKey, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return end(.protocolError) }
        frame.data.webSocketUnmask(key)
        switch frame.opcode {
        case .text where fragments == nil, .continuation where fragments != nil: gather(frame.data, isLast: frame.fin)
        case .ping: if context.channel.isWritable { send(.pong, frame.data) }
        case .pong: break
        case .connectionClose: close(frame.data)
        case .binary: end(.notText)
        default: end(.protocolError)
        }
    }

    private func gather(_ data: ByteBuffer, isLast: Bool) {
        var whole = fragments ?? ByteBuffer()
        whole.writeImmutableBuffer(data)
        guard whole.readableBytes <= LiveLimits.frame else { return end(.tooLarge) }
        fragments = isLast ? nil : whole
        if isLast { read(whole) }
    }

    private var isPaced: Bool {
        let now = NIODeadline.now()
        if now - framesSince >= .seconds(1) { (framesSince, frames) = (now, 0) }
        frames += 1
        return frames <= LiveLimits.framesPerSecond
    }

    private func read(_ data: ByteBuffer) {
        let bytes = Array(data.readableBytesView)
        guard String(validating: bytes, as: UTF8.self) != nil else { return end(.badText) }
        guard let socket, let request = LiveRequest(bytes, socket.topics) else { return say(.badFrame) }
        guard waiting.count < LiveLimits.waiting else { return end(.tooManyFrames) }
        waiting.append(request)
        answerNext()
    }

    private func close(_ data: ByteBuffer) {
        guard data.readableBytes != 1 else { return end(.protocolError) }
        if !isEnding { send(.connectionClose, data) }
        context?.close(promise: nil)
    }

    // MARK: Requests, one after the other

    private func answerNext() {
        guard !isAnswering, !waiting.isEmpty else { return }
        switch waiting.removeFirst() {
        case .unsubscribe(let topics):
            for topic in topics { forget(topic) }
            answerNext()
        case .subscribe(let topics, let since):
            let room = LiveLimits.topics - watched.count
            for topic in topics.dropFirst(max(0, room)) { say(.refused(topic, .tooMany)) }
            isAnswering = true
            socket?.subscribe(Array(topics.prefix(max(0, room))), since: since)
        case .word(let word, let id, let begins):
            speak(word, about: id, begins: begins)
        }
    }

    private func speak(_ word: LiveWord, about id: UUID, begins: Bool) {
        guard let socket, let context else { return }
        let speaker = LiveSpeaker(member: socket.member, word: word.begin, about: id)
        guard begins, speaking[speaker] != nil || speaking.count < LiveLimits.voices else {
            if !begins { fallSilent(speaker) }
            return answerNext()
        }
        speaking[speaker]?.cancel()
        speaking[speaker] = context.eventLoop.assumeIsolated()
            .scheduleTask(in: .seconds(Int64(LiveLimits.breath))) { [weak self] in self?.fallSilent(speaker) }
        isAnswering = true
        socket.say(word, about: id)
    }

    private func fallSilent(_ speaker: LiveSpeaker) {
        guard let end = speaking.removeValue(forKey: speaker) else { return }
        end.cancel()
        socket?.stop(speaker)
    }

    func subscribed(_ topic: String, _ tag: UUID) {
        watched[topic] = tag
        names[tag, default: []].insert(topic)
        say(.subscribed(topic))
    }

    func answered() {
        isAnswering = false
        answerNext()
    }

    private func forget(_ topic: String) {
        guard let tag = watched.removeValue(forKey: topic) else { return }
        names[tag]?.remove(topic)
        pending.remove(topic)
        guard names[tag]?.isEmpty == true, let socket else { return }
        names[tag] = nil
        hub.unwatch(tag, socket)
    }

    // MARK: News out

    func changed(_ tag: UUID) {
        pending.formUnion(names[tag] ?? [])
        flushNews()
    }

    func resync() {
        needsResync = true
        flushNews()
    }

    /// Of the moment: who cannot take it now has no use for it later.
    func hear(_ word: LiveNews) {
        if context?.channel.isWritable == true { say(word) }
    }

    private func flushNews() {
        guard let context, !isEnding, context.channel.isWritable else { return noteStuck() }
        stuckSince = nil
        if needsResync {
            needsResync = false
            pending = []
            say(.resync)
        } else if !pending.isEmpty {
            let topics = pending.sorted()
            pending = []
            say(.changed(topics))
        }
    }

    private func noteStuck() {
        if stuckSince == nil, context?.channel.isWritable == false { stuckSince = .now() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flushNews() } else { noteStuck() }
        context.fireChannelWritabilityChanged()
    }

    /// Answers are as many as the client's own requests; while it takes none of them, it gets no more.
    func say(_ news: LiveNews) {
        guard let context, !isEnding else { return }
        guard context.channel.isWritable else { return end(.tooManyFrames) }
        send(.text, context.channel.allocator.buffer(string: news.text))
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }

    // MARK: The clock

    private func startClock(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        clock = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in self?.tick() }
    }

    private func tick() {
        guard let context else { return }
        startClock(context, .seconds(Int64(LiveLimits.ping)))
        let now = NIODeadline.now()
        let isStuck = stuckSince.map { now - $0 >= .seconds(Int64(LiveLimits.patience)) } ?? false
        if isStuck || now - heardAt >= .seconds(Int64(LiveLimits.silence)) { return context.close(promise: nil) }
        if context.channel.isWritable {
            send(.ping, ByteBuffer())
            say(.ping)
        }
        if now - lookedAt >= .seconds(Int64(LiveLimits.look - 5)) { lookAtRights() }
    }

    func lookAtRights() {
        guard !isLooking else {
            looksAgain = true
            return
        }
        isLooking = true
        lookedAt = .now()
        socket?.look(at: watched)
    }

    func looked() {
        isLooking = false
        guard looksAgain else { return }
        looksAgain = false
        lookAtRights()
    }

    func ended(_ topic: String) {
        guard watched[topic] != nil else { return }
        forget(topic)
        say(.ended(topic))
    }
}
