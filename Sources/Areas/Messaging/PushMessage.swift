import Database
import Foundation
import Jobs
import Markdown
import Notifications
import Web

/// Reaches those on their devices who are not here: each once for each message.
package struct PushMessage: Job {
    package static let kind = "messaging.push"
    let message: UUID
    let conversation: UUID
    let seq: Int

    /// Seconds in which somebody may read it by themselves.
    static let patience: TimeInterval = 10
    private static let excerpt = 120

    private struct Hearer: Record {
        let member: UUID
        let hidesPreview: Bool
        let author: String
        let body: String

        init(row: Row) throws {
            member = try row["member_id"]
            hidesPreview = try row["hides_preview"]
            author = try row["author"]
            body = try row["body"]
        }
    }

    func run(_ tx: Tx) async throws {
        let hearers = try await tx.query(awaiting(tx.facts))
        let here = Set(try await tx.query(Presence.here(hearers.map(\.member), tx.facts.tenant, now: tx.facts.now)))
        let people = hearers.filter { !here.contains($0.member) }.map { hearer in
            var facts = ["name": hearer.author, "conversation": conversation.text, "seq": String(seq)]
            let words = Markdown.excerpt(hearer.body, length: Self.excerpt)
            if !hearer.hidesPreview, !words.isEmpty { facts["text"] = words }
            return OwnPush.Recipient(hearer.member, facts)
        }
        try await tx.push(.message, to: people, path: "/messages/\(conversation.text)", key: "message:\(message.text)")
    }

    /// Those who have not read it, and want to hear of it.
    private func awaiting(_ facts: TxFacts) -> Query<[Hearer]> {
        .many(
            """
            select p.member_id, p.hides_preview, a.name as author, x.body
              from app.message x join app.member a on a.tenant_id = x.tenant_id and a.id = x.author_id
              join app.conversation_member p on p.tenant_id = x.tenant_id and p.conversation_id = x.conversation_id
              join app.member m on m.tenant_id = p.tenant_id and m.id = p.member_id and m.disabled_at is null
             where x.tenant_id = \(facts.tenant) and x.id = \(message) and x.deleted_at is null and p.member_id <> x.author_id
               and p.left_at is null and greatest(p.read_seq, p.from_seq) < x.seq and coalesce(p.muted_until <= \(facts.now), true)
               and not exists (select from app.message_block k where k.tenant_id = p.tenant_id and k.member_id = p.member_id
                                  and k.blocked_id = x.author_id)
               and \(PushReach.ofMessages("p.member_id", facts.tenant))
            """)
    }

    /// Whether somebody has read it meanwhile, has muted the conversation or takes part no more; or it was taken back.
    @Sendable package static func isRead(_ member: UUID, _ facts: [String: String], _ tenant: Int32) -> Query<Bool> {
        let (conversation, seq) = (facts["conversation"].flatMap(UUID.init(uuidString:)), facts["seq"].flatMap(Int32.init) ?? 0)
        return .value(
            """
            select not exists (select from app.conversation_member p join app.message x
                                   on x.tenant_id = p.tenant_id and x.conversation_id = p.conversation_id and x.seq = \(seq)
                                where p.tenant_id = \(tenant) and p.conversation_id = \(conversation) and p.member_id = \(member)
                                  and p.left_at is null and p.read_seq < \(seq) and coalesce(p.muted_until <= now(), true)
                                  and x.deleted_at is null)
            """, Bool.self)
    }
}
