import Database
import Foundation
import Synchronization
import Web

/// What is being said at this moment: by sockets of this process, and as far as it has heard.
final class LiveVoices: Sendable {
    private struct Voice {
        var sockets: Set<ObjectIdentifier>
        /// Nil until it is known whom it goes to.
        var utterance: LiveUtterance?
        var toldAt: ContinuousClock.Instant
    }

    private struct State {
        var own: [LiveSpeaker: Voice] = [:]
        var heard: [LiveSpeaker: (utterance: LiveUtterance, at: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())
    /// One who goes on is passed on at most this often.
    private static let pause = Duration.seconds(1)
    /// A voice that was not heard for so long is silent, whether or not anybody said so.
    private static let memory = Duration.seconds(10)

    /// Whether it has to be told now, or was a moment ago.
    func begins(_ speaker: LiveSpeaker, _ socket: ObjectIdentifier, now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            var voice = state.own[speaker] ?? Voice(sockets: [], utterance: nil, toldAt: now - Self.pause)
            voice.sockets.insert(socket)
            let isDue = voice.toldAt.duration(to: now) >= Self.pause
            if isDue { voice.toldAt = now }
            state.own[speaker] = voice
            return isDue
        }
    }

    /// False where the speaker has stopped meanwhile.
    func goesTo(_ utterance: LiveUtterance) -> Bool {
        state.withLock { state in
            guard state.own[utterance.source] != nil else { return false }
            state.own[utterance.source]?.utterance = utterance
            return true
        }
    }

    /// What has to be told, once the last socket has stopped.
    func ends(_ speaker: LiveSpeaker, _ socket: ObjectIdentifier) -> LiveUtterance? {
        state.withLock { state in
            guard var voice = state.own[speaker], voice.sockets.remove(socket) != nil else { return nil }
            state.own[speaker] = voice.sockets.isEmpty ? nil : voice
            return voice.sockets.isEmpty ? voice.utterance?.over : nil
        }
    }

    /// What another process, or this one, has told.
    func heard(_ utterance: LiveUtterance, now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.heard[utterance.source] = utterance.goesOn ? (utterance, now) : nil
            if !utterance.goesOn { state.own[utterance.source] = nil }
        }
    }

    /// What has to be told when the speaker falls silent, wherever their socket is; nil where nobody heard them lately.
    func silenced(_ speaker: LiveSpeaker, now: ContinuousClock.Instant = .now) -> LiveUtterance? {
        state.withLock { state in
            guard let last = state.heard[speaker], last.at.duration(to: now) < Self.memory else { return nil }
            return last.utterance.over
        }
    }

    func forget(now: ContinuousClock.Instant = .now) {
        state.withLock { state in state.heard = state.heard.filter { $0.value.at.duration(to: now) < Self.memory } }
    }
}

extension LiveHub {
    /// A word has come from some process of the fleet.
    func hear(_ utterance: LiveUtterance) {
        voices.heard(utterance)
        let news = LiveNews.word(utterance)
        for socket in watchers(of: utterance.tag) where utterance.isFor(socket.member) { socket.hear(news) }
    }

    /// Ends what a member was saying, because they have done it: whoever sent a message types it no longer.
    public func hush(_ begin: String, about id: UUID, _ context: MemberContext) async {
        let member = Member(tenant: context.tenant.id, id: context.memberID)
        guard let last = voices.silenced(LiveSpeaker(member: member, word: begin, about: id)) else { return }
        await last.send(context.house)
    }
}
