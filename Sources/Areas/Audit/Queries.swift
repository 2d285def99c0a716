import Database
import Foundation

/// One line of the audit trail with the names that pages print.
package struct AuditLine: Record, Sendable {
    package let id: UUID
    package let at: Date
    package let actor: String?
    /// In whose name a job acted.
    package let behalf: String?
    /// Kind of the job that acted; nil when people did it themselves.
    package let via: String?
    package let action: String
    package let entity: String
    package let entityID: UUID?
    package let before: JSONBytes?
    package let after: JSONBytes?
    package let address: String?
    package let requestID: String?
    /// Place in the sealed chain; nil until the next minute.
    package let seal: Int?

    package init(row: Row) throws {
        id = try row["id"]
        at = try row["at"]
        actor = try row["actor"]
        behalf = try row["behalf"]
        via = try row["via"]
        action = try row["action"]
        entity = try row["entity"]
        entityID = try row["entity_id"]
        before = try row["before"]
        after = try row["after"]
        address = try row["address"]
        requestID = try row["request_id"]
        seal = try row["seal"]
    }

    /// Newest first, except for `after`.
    ///
    /// - Parameters:
    ///   - before: only lines older than this id.
    ///   - after: only lines newer than this id, the oldest of them first.
    package static func list(_ filter: AuditFilter, before: UUID?, after: UUID?, limit: Int) -> Query<[AuditLine]> {
        let (seek, order): (SQL, SQL) =
            if let before { ("and l.id < \(before)", "desc") } else if let after { ("and l.id > \(after)", "asc") } else {
                (SQL.empty, "desc")
            }
        // The page is cut out first, so that the names of only its lines are looked up.
        return .many(
            """
            select l.id, l.at, m.name as actor, b.name as behalf, l.via, l.action, l.entity, l.entity_id,
                   \(told("l.before")) as before, \(told("l.after")) as after, l.address, l.request_id, s.id as seal
              from (select * from app.audit_line l where \(filter.condition) \(seek) order by l.id \(order) limit \(limit)) l
              left join app.member m on m.tenant_id = l.tenant_id and m.id = l.actor_id
              left join app.member b on b.tenant_id = l.tenant_id and b.id = l.on_behalf_of
              left join app.member f on f.tenant_id = l.tenant_id and f.anonymised_at is not null and f.id = case l.entity
                    when 'member' then l.entity_id
                    when 'invitation' then (select i.accepted_by from app.invitation i where i.tenant_id = l.tenant_id and i.id = l.entity_id)
                    when 'delegation' then (select d.delegate_id from app.delegation d where d.tenant_id = l.tenant_id and d.id = l.entity_id)
                    end
              left join app.audit_seal s on s.tenant_id = l.tenant_id and s.line_id = l.id
             order by l.id \(order)
            """)
    }

    /// A line is never changed, and its seal holds; but what it says of somebody who was anonymised (`f`) is told to nobody.
    private static func told(_ values: SQL) -> SQL {
        "case when f.id is null then \(values) else \(values) - array['name', 'email', 'phone'] end"
    }

    package static func count(_ filter: AuditFilter) -> Query<Int> {
        .value("select count(*) from app.audit_line l where \(filter.condition)", Int.self)
    }

    /// The newest line of an action.
    static func last(_ tenant: Int32, action: String) -> Query<[AuditLine]> {
        var filter = AuditFilter(tenant)
        filter.action = action
        return list(filter, before: nil, after: nil, limit: 1)
    }
}

/// Which lines of a company's trail are asked for.
package struct AuditFilter: Sendable {
    let tenant: Int32
    /// A member's id, or part of a name: what they did, what was done in their name, and what was done to them. "system" for what
    /// nobody did.
    package var actor: String?
    package var action: String?
    package var entity: String?
    /// The record's id, as SQL: pages know some records by their number.
    package var record: SQL?
    package var from: Date?
    /// Exclusive.
    package var until: Date?
    /// Each must stand somewhere in the values, the action or the request's number.
    package var words: String?

    package init(_ tenant: Int32) {
        self.tenant = tenant
    }

    /// What happened to one record.
    package init(_ tenant: Int32, entity: String, record: SQL) {
        self.init(tenant)
        self.entity = entity
        self.record = record
    }

    var condition: SQL {
        var parts: [SQL] = ["l.tenant_id = \(tenant)"]
        if let actor { parts.append(by(actor)) }
        if let action { parts.append("l.action = \(action)") }
        if let entity { parts.append("l.entity = \(entity)") }
        if let record { parts.append("l.entity_id = \(record)") }
        if let from { parts.append("l.at >= \(from)") }
        if let until { parts.append("l.at < \(until)") }
        for word in (words ?? "").split(separator: " ").prefix(8) {
            parts.append(
                """
                position(lower(\(String(word))) in lower(concat_ws(' ', l.id, l.action, l.before::text, l.after::text, l.address, l.request_id)))
                  > 0
                """)
        }
        return parts.joined(separator: " and ")
    }

    private func by(_ actor: String) -> SQL {
        if actor == "system" { return "l.actor_id is null" }
        let members: SQL =
            UUID(uuidString: actor).map { "select \($0)" }
            ?? "select id from app.member where tenant_id = \(tenant) and position(lower(\(actor)) in lower(name)) > 0"
        // Also what was done to them: whoever asks about a person wants to know who looked at their pages, too.
        return """
            (l.actor_id in (\(members)) or l.on_behalf_of in (\(members)) or (l.entity = 'member' and l.entity_id in (\(members))))
            """
    }
}
