import Database
import Foundation
import HTML
import Jobs
import UI
import Web

/// A mail of its own, such as an invitation.
package struct Letter: Sendable {
    package let kind: LetterKind
    /// Where its link leads; the host is the company's own.
    package let path: WebPath
    /// `name`, `inviter`, `expires`: see `NoticeKind.texts`. Leave out what there is not. Forgotten once the mail is settled.
    package let facts: [String: String]
    /// The same key reaches the same address once.
    package let dedupeKey: String

    package init(_ kind: LetterKind, path: WebPath, facts: [String: String] = [:], dedupeKey: String) {
        self.kind = kind
        self.path = path
        self.facts = facts
        self.dedupeKey = dedupeKey
    }
}

extension Tx {
    /// Mails an address, whatever anybody's preferences, with this transaction. Costs one round trip, whether or not anybody has
    /// that address.
    /// - Parameter language: nil takes the company's first.
    package func mail(to address: String, _ letter: Letter, language: Language?) async throws {
        try await mail(letter, address: address, member: nil, language: language)
    }

    /// Mails a member in the member's own language.
    package func mail(to member: UUID, _ letter: Letter) async throws {
        try await mail(letter, address: nil, member: member, language: nil)
    }

    private func mail(_ letter: Letter, address: String?, member: UUID?, language: Language?) async throws {
        let words = letter.facts.merging(["path": letter.path.string]) { $1 }
        let id = try await firstValue(
            """
            insert into app.delivery(tenant_id, id, member_id, channel, mode, kind, address, language, facts, urgent, dedupe_key,
                                     due_at, created_at)
            values (\(facts.tenant), \(UUID.v7(now: facts.now)), \(member), 'mail', 'now', \(letter.kind.rawValue), \(address),
                    \(language?.rawValue), \(try JSONBytes(encoding: words)), true, \(letter.dedupeKey), \(facts.now), \(facts.now))
            on conflict do nothing returning id
            """, UUID.self)
        if let id { try enqueue(SendDelivery(delivery: id)) }
    }
}
