import Database
import Foundation
import HTTPTypes
import NIOCore
import Web

extension LiveTopic {
    /// Something about a member changed, their rights among it: their sockets look anew at what they may watch.
    static func member(_ id: UUID) -> LiveTopic { LiveTopic("member", id) }
}

/// `GET /ws` and `GET /api/v1/ws`: a socket that tells what changed, never what it says now. The protocol is in README.
public struct LiveRoutes: Sendable {
    private let hub: LiveHub
    private let topics: LiveTopics

    public init(_ hub: LiveHub, _ topics: LiveTopics) {
        self.hub = hub
        self.topics = topics
    }

    public func add(to routes: Routes) {
        routes.chapter("Live updates")
        routes.memberGet("ws", tokens: true, always: true, seen: true, support: true, use: connect)
            .tells("Opens a WebSocket (RFC 6455) that tells what changes.")
            .notes(
                """
                Messages are JSON texts. Send {"type": "subscribe", "topics": ["faults", "fault:12"]}; each topic is answered with \
                "subscribed" or with "refused" and a code. From then on {"type": "changed", "topics": [...]} says what to fetch again, and \
                "resync" that anything may have changed. "ended" takes a topic back that is no longer yours to see.
                """
            )
            .switches()
            .fails(426, 429)
    }

    private func connect(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let headers = try Handshake.answer(incoming)
        // A cookie comes along with whatever page opens the socket (RFC 6455, 10.2).
        if context.face == .page {
            guard let authority = context.arrival.authority, let origin = incoming.headers[.origin],
                origin == "https://\(authority)" || origin == "http://\(authority)"
            else { throw Failure.foreignOrigin }
        }
        let member = LiveHub.Member(tenant: context.tenant.id, id: context.session.holder)
        guard !hub.isFull(for: member) else { throw Failure.tooManySockets }
        let sender = context.lasting(incoming)
        let rightsTag = context.house.database.tag(.member(member.id), of: member.tenant)
        return .switched(
            ProtocolSwitch(headers: headers) { [hub, topics] channel in
                try Handshake.takeOver(
                    channel,
                    LiveHandler(hub: hub) { handler, channel in
                        LiveSocket(
                            member, rightsTag: rightsTag, hub: hub, topics: topics, sender: sender, handler: handler,
                            channel: channel)
                    })
                // What piles up unsent belongs to the client's slowness, not to our memory.
                _ = channel.setOption(
                    .writeBufferWaterMark, value: .init(low: LiveLimits.unsent / 4, high: LiveLimits.unsent))
            })
    }
}
