import Database
import Foundation
import Live
import Web

extension LiveTopic {
    static func conversation(_ id: UUID) -> LiveTopic { LiveTopic("conversation", id) }
    /// All those that a member takes part in.
    static func conversations(_ member: UUID) -> LiveTopic { LiveTopic("conversations", member) }
    /// Whether somebody is here.
    package static func presence(_ member: UUID) -> LiveTopic { LiveTopic("presence", member) }
}

/// `conversation:<id>`: one that the member takes part in. `conversations`: any of their own. `presence:<member>`: whether somebody with
/// whom they take part in one is here. Typing goes to those who watch a conversation.
package enum MessageTopics {
    static let typing = "typing_start"

    package static func add(to topics: inout LiveTopics) {
        topics.addOwn("conversations") { .conversations($0.memberID) }
        topics.addEach("conversation", may: nil) { id, context in
            guard let id = UUID(uuidString: id), context.isInPerson else { return false }
            return try await context.read(Conversation.takesPart(id, MessageViewer(context)))
        }
        topics.addEach("presence", may: nil) { id, context in
            guard let id = UUID(uuidString: id), context.isInPerson else { return false }
            return try await context.read(Presence.mayWatch(id, MessageViewer(context)))
        }
        topics.add(LiveTopic("message_report"), may: .moderateMessages)
        topics.add(
            LiveWord(
                begin: typing, end: "typing_stop", begun: "typing_indicator", ended: "typing_stopped", field: "conversationId"
            ) { id, context in
                guard context.isInPerson else { return .unknown }
                let found = try await context.read(Typist.find(id, MessageViewer(context), now: context.now))
                guard let found else { return .unknown }
                guard !found.hidesPresence else { return .nobody }
                return .watchers(of: .conversation(id), speaker: context.session.name, without: found.deaf)
            })
    }
}

extension MemberContext {
    /// Messages are for the member alone: not for whoever looks at their pages, nor for a token or the platform's support.
    var isInPerson: Bool { session.preview == nil && session.support == nil && session.scopes == nil }
}

/// Somebody who types, and whom that does not reach: who has muted the conversation, who blocks them, whom they block.
private struct Typist: Record {
    let hidesPresence: Bool
    let deaf: [UUID]

    init(row: Row) throws {
        hidesPresence = try row["hides_presence"]
        deaf = try row["deaf"]
    }

    static func find(_ conversation: UUID, _ viewer: MessageViewer, now: Date) -> Query<Typist?> {
        .first(
            """
            select coalesce(h.hides_presence, false) as hides_presence,
                   array(select o.member_id from app.conversation_member o
                          where o.tenant_id = p.tenant_id and o.conversation_id = p.conversation_id and o.left_at is null
                            and (o.muted_until > \(now) or exists (
                                  select from app.message_block k where k.tenant_id = o.tenant_id
                                     and ((k.member_id = o.member_id and k.blocked_id = p.member_id)
                                       or (k.member_id = p.member_id and k.blocked_id = o.member_id)))) limit 100) as deaf
              from app.conversation_member p
              left join app.message_habit h on h.tenant_id = p.tenant_id and h.member_id = p.member_id
             where \(viewer.takesPart) and p.conversation_id = \(conversation)
            """)
    }
}
