import Database
import Foundation
import NIOCore
import Web

/// One open socket, as the rest of the process sees it: everything it does hops to the channel's event loop.
final class LiveSocket: Sendable {
    let member: LiveHub.Member
    /// Changes when the member's rights do (`LiveTopic.member`).
    let rightsTag: UUID
    private let hub: LiveHub
    let topics: LiveTopics
    private let sender: LastingSender
    private let handler: NIOLoopBound<LiveHandler>
    private let channel: any Channel

    init(
        _ member: LiveHub.Member, rightsTag: UUID, hub: LiveHub, topics: LiveTopics, sender: LastingSender, handler: LiveHandler,
        channel: any Channel
    ) {
        self.member = member
        self.rightsTag = rightsTag
        self.hub = hub
        self.topics = topics
        self.sender = sender
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.channel = channel
    }

    func changed(_ tag: UUID) {
        if tag == rightsTag { onLoop { $0.lookAtRights() } } else { onLoop { $0.changed(tag) } }
    }

    func resync() { onLoop { $0.resync() } }

    func hear(_ word: LiveNews) { onLoop { $0.hear(word) } }

    private func onLoop(_ act: @escaping @Sendable (LiveHandler) -> Void) {
        channel.eventLoop.execute { act(self.handler.value) }
    }

    // MARK: What takes the database

    /// Finds what is asked for, one after the other, and starts to watch it before it says so.
    func subscribe(_ asked: [String], since: Date?) {
        Task {
            do {
                let context = try await sender.again()
                for text in asked {
                    let found = try await topics.find(text, context)
                    if case .success(let topic) = found {
                        let tag = context.house.database.tag(topic, of: member.tenant)
                        hub.watch(tag, self)
                        onLoop { $0.subscribed(text, tag) }
                        if let since, hub.mayHaveChanged(tag, since: since) { onLoop { $0.changed(tag) } }
                    } else if case .failure(let why) = found {
                        onLoop { $0.say(.refused(text, why)) }
                    }
                }
                onLoop { $0.answered() }
            } catch {
                failed(error, asked)
            }
        }
    }

    /// Whether the sender is still signed in, and what they may still watch.
    func look(at watched: [String: UUID]) {
        Task {
            do {
                let context = try await sender.again()
                for (text, tag) in watched {
                    let found = try await topics.find(text, context)
                    guard case .success(let topic) = found, context.house.database.tag(topic, of: member.tenant) == tag else {
                        hub.unwatch(tag, self)
                        onLoop { $0.ended(text) }
                        continue
                    }
                }
                onLoop { $0.looked() }
            } catch {
                failed(error, [])
            }
        }
    }

    /// Tells those whom a word is for, if it is the member's to say.
    func say(_ word: LiveWord, about id: UUID) {
        let speaker = LiveSpeaker(member: member, word: word.begin, about: id)
        guard hub.voices.begins(speaker, ObjectIdentifier(self)) else { return onLoop { $0.answered() } }
        Task {
            do {
                let context = try await sender.again()
                switch try await word.audience(id, context) {
                case .unknown:
                    _ = hub.voices.ends(speaker, ObjectIdentifier(self))
                    onLoop { $0.say(.notFound) }
                case .nobody: break
                case .watchers(let topic, let name, let deaf):
                    let tag = context.house.database.tag(topic, of: member.tenant)
                    let utterance = LiveUtterance(word, speaker, tag, called: name, without: deaf)
                    if hub.voices.goesTo(utterance) { await utterance.send(context.house) }
                }
                onLoop { $0.answered() }
            } catch {
                failed(error, [])
                onLoop { $0.answered() }
            }
        }
    }

    /// Over, for this socket: said, not repeated, or closed.
    func stop(_ speaker: LiveSpeaker) {
        guard let last = hub.voices.ends(speaker, ObjectIdentifier(self)) else { return }
        Task { await last.send(sender.house) }
    }

    /// Over: out. Anything else, such as a database that is away: another time.
    private func failed(_ error: any Error, _ asked: [String]) {
        if let failure = error as? Failure, failure.status == .unauthorized || failure.status == .notFound {
            onLoop { $0.end(.signedOut) }
        } else {
            onLoop {
                for text in asked { $0.say(.refused(text, .busy)) }
                if asked.isEmpty { $0.looked() } else { $0.answered() }
            }
        }
    }
}
