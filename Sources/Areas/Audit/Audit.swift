import Database
import Foundation

/// What changed, for the audit trail: only the fields that did, as text.
package struct AuditChange: Sendable {
    package var before: [String: String?]
    package var after: [String: String?]

    package init(before: [String: String?] = [:], after: [String: String?] = [:]) {
        self.before = before.filter { after[$0.key] != .some($0.value) }
        self.after = after.filter { before[$0.key] != .some($0.value) }
    }
}

extension Tx {
    /// Writes one audit line in this transaction; it travels with COMMIT and costs no round trip of its own.
    ///
    /// - Parameters:
    ///   - action: `fault.assigned`, `member.signed_in`, …: entity, dot, what happened.
    ///   - actor: whoever did it when that is not the transaction's own actor (a sign-in has none yet).
    ///   - behalf: in whose name; a job acts by itself in the name of whoever caused it.
    package func audit(
        _ action: String, _ entity: String, _ id: UUID?, _ change: AuditChange = AuditChange(), actor: UUID? = nil,
        onBehalfOf behalf: UUID? = nil
    ) throws {
        let isJob = facts.job != nil
        let before = change.before.isEmpty ? nil : try JSONBytes(encoding: change.before)
        let after = change.after.isEmpty ? nil : try JSONBytes(encoding: change.after)
        atCommit(
            """
            insert into app.audit_line(tenant_id, id, at, actor_id, on_behalf_of, via, action, entity, entity_id, before, after,
                                       address, request_id)
            values (\(facts.tenant), \(UUID.v7()), \(facts.now), \(actor ?? (isJob ? nil : facts.actor)),
                    \(behalf ?? (isJob ? facts.actor : nil)), \(facts.job), \(action), \(entity), \(id), \(before), \(after),
                    \(facts.address), \(facts.requestID))
            """)
        // What was worth a line is worth a look to those who watch it.
        signal(LiveTopic(entity))
        if let id { signal(LiveTopic(entity, id)) }
    }
}
