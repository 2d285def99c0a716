import Database
import Foundation
import HTML
import Jobs
import Web

/// What reaches devices alone: no inbox holds it.
package enum OwnPush: String, Sendable, CaseIterable {
    /// Somebody wrote.
    case message = "message.sent"
    /// Somebody wants to see whether it works.
    case trial = "push.trial"

    /// Somebody and what they are told: see `Composer.push`.
    package struct Recipient: Sendable {
        let member: UUID
        let facts: [String: String]

        package init(_ member: UUID, _ facts: [String: String] = [:]) {
            (self.member, self.facts) = (member, facts)
        }
    }

    /// What somebody is told of it by now, which may be less or other words; nil once they know it.
    package typealias Current = @Sendable (_ member: UUID, _ facts: [String: String], _ tenant: Int32) -> Query<[String: String]?>
}

extension Tx {
    /// Reaches every device of these members, each once per key.
    /// - Returns: how many devices.
    @discardableResult
    package func push(_ kind: OwnPush, to people: [OwnPush.Recipient], path: WebPath, key: String) async throws -> Int {
        guard !people.isEmpty else { return 0 }
        let told = try people.map { try JSONBytes(encoding: $0.facts.merging(["path": path.string]) { $1 }) }
        let queued = try await values(
            """
            insert into app.delivery(tenant_id, id, member_id, channel, mode, kind, facts, dedupe_key, due_at, created_at, registration_id)
            select \(facts.tenant), \(PushDelivery.id("p.id")), p.member, 'push', 'now', \(kind.rawValue), p.facts,
                   \(PushDelivery.key("\(key)::text")), \(facts.now), \(facts.now), r.id
              from unnest(\(people.map(\.member)), \(people.map { _ in UUID.v7(now: facts.now) }), \(told)) as p(member, id, facts)
              join app.push_registration r on r.tenant_id = \(facts.tenant) and r.member_id = p.member
            on conflict do nothing returning id
            """, UUID.self)
        for delivery in queued { try enqueue(SendDelivery(delivery: delivery)) }
        return queued.count
    }
}

/// A member's devices get a delivery each, so that one of them may fail alone. For a query whose `r` is the registration.
enum PushDelivery {
    /// The id made for the member, with the last 48 bits, which are random, of the registration's: as unlike as either.
    static func id(_ made: SQL) -> SQL { "(left(\(made)::text, 24) || right(r.id::text, 12))::uuid" }

    static func key(_ key: SQL) -> SQL { "left(\(key), 187) || ':' || right(r.id::text, 12)" }
}
