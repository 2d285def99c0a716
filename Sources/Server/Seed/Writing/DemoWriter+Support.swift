import Database
import Foundation

extension DemoWriter {
    /// As `SupportEntries` would have written it: a person who never signs in otherwise, the entry, its lines of the audit log.
    func write(_ entry: DemoRecords.SupportEntry, _ tx: Tx) async throws -> Int {
        let (at, end) = (entry.askedAt, entry.lines.last?.at ?? entry.askedAt)
        try await tx.execute(
            """
            insert into app.member(tenant_id, id, email, name, roles, disabled_at, created_at)
            values (\(tenant), \(entry.id), \("support-\(entry.id.uuidString.lowercased())@platform.invalid"),
                    \("\(entry.name) (Portico)"), array['platform:look'], \(at), \(at))
            """)
        try await tx.execute(
            """
            insert into app.audit_line(tenant_id, id, at, actor_id, action, entity, entity_id)
            select \(tenant), id, at, \(entry.id), action, 'support', \(entry.id)
              from unnest(\(entry.lines.map(\.id)), \(entry.lines.map(\.at)), \(entry.lines.map(\.action))) as l(id, at, action)
            """)
        return try await tx.execute(
            """
            insert into app.support_entry(tenant_id, id, operator, name, reason, mode, asked_at, entered_at, expires_at, ended_at,
                                          ended_how)
            values (\(tenant), \(entry.id), \(entry.operator), \(entry.name), \(entry.reason), 'look', \(at),
                    \(at.addingTimeInterval(60)), \(at.addingTimeInterval(1_800)), \(end), 'operator')
            """)
    }
}
