import Database
import Foundation
import Jobs
import Markdown
import Notifications
import Web

/// Reaches those on their devices who are not here: each once for each message. Who has a page open is asked for again a few times: they may
/// just have left, and a connection that was lost is noticed late.
package struct PushMessage: Job {
    package static let kind = "messaging.push"
    let message: UUID
    let conversation: UUID
    let seq: Int
    /// How often it was asked before.
    var round: Int? = nil

    /// Seconds in which somebody may read it by themselves.
    static let patience: TimeInterval = 10
    private static let excerpt = 120
    /// Together longer than a lost connection stays unnoticed, and whoever had it here.
    private static let rounds = 3
    private static let pause = Presence.patience + 5

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

        /// What a device shows of it: without the words for those who do not want them on a locked screen.
        func adding(to facts: [String: String]) -> [String: String] {
            var facts = facts
            let words = Markdown.excerpt(body, length: PushMessage.excerpt)
            facts["name"] = author
            facts["text"] = hidesPreview || words.isEmpty ? nil : words
            return facts
        }
    }

    func run(_ tx: Tx) async throws {
        let hearers = try await tx.query(awaiting(tx.facts))
        let here = Set(try await tx.query(Presence.here(hearers.map(\.member), tx.facts.tenant, now: tx.facts.now)))
        let facts = ["conversation": conversation.text, "seq": String(seq)]
        let people = hearers.filter { !here.contains($0.member) }.map { OwnPush.Recipient($0.member, $0.adding(to: facts)) }
        try await tx.push(.message, to: people, path: "/messages/\(conversation.text)", key: "message:\(message.text)")
        let asked = round ?? 0
        guard !here.isEmpty, asked < Self.rounds else { return }
        let later = PushMessage(message: message, conversation: conversation, seq: seq, round: asked + 1)
        try tx.enqueue(later, at: tx.facts.now.addingTimeInterval(Self.pause))
    }

    /// Those who have not read it, and want to hear of it.
    private func awaiting(_ facts: TxFacts) -> Query<[Hearer]> {
        .many(
            Self.hearers(
                "x.id = \(message) and \(PushReach.ofMessages("p.member_id", facts.tenant))", facts.tenant, now: "\(facts.now)"))
    }

    /// What somebody is told by now; nil when they have read it, have muted the conversation, block its author or take part no more, or
    /// when it was taken back.
    @Sendable package static func current(_ member: UUID, _ facts: [String: String], _ tenant: Int32) -> Query<[String: String]?>
    {
        let (conversation, seq) = (facts["conversation"].flatMap(UUID.init(uuidString:)), facts["seq"].flatMap(Int32.init) ?? 0)
        let which: SQL = "x.conversation_id = \(conversation) and x.seq = \(seq) and p.member_id = \(member)"
        return Query.first(hearers(which, tenant, now: "now()"), Hearer.self).map { $0?.adding(to: facts) }
    }

    private static func hearers(_ which: SQL, _ tenant: Int32, now: SQL) -> SQL {
        """
        select p.member_id, p.hides_preview, a.name as author, x.body
          from app.message x join app.member a on a.tenant_id = x.tenant_id and a.id = x.author_id
          join app.conversation_member p on p.tenant_id = x.tenant_id and p.conversation_id = x.conversation_id
          join app.member m on m.tenant_id = p.tenant_id and m.id = p.member_id and m.disabled_at is null
         where x.tenant_id = \(tenant) and x.deleted_at is null and p.member_id <> x.author_id
           and p.left_at is null and greatest(p.read_seq, p.from_seq) < x.seq and coalesce(p.muted_until <= \(now), true)
           and not exists (select from app.message_block k where k.tenant_id = p.tenant_id and k.member_id = p.member_id
                              and k.blocked_id = x.author_id)
           and \(which)
        """
    }
}
