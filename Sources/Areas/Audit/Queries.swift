import Database
import Foundation

/// One line of the audit trail with its actor's name.
package struct AuditLine: Record, Sendable {
    package let id: UUID
    package let at: Date
    package let actor: String?
    package let action: String
    package let entity: String
    package let entityID: UUID?
    package let before: JSONBytes?
    package let after: JSONBytes?
    package let address: String?
    package let requestID: String?

    package init(row: Row) throws {
        id = try row["id"]
        at = try row["at"]
        actor = try row["actor"]
        action = try row["action"]
        entity = try row["entity"]
        entityID = try row["entity_id"]
        before = try row["before"]
        after = try row["after"]
        address = try row["address"]
        requestID = try row["request_id"]
    }

    /// Newest first.
    ///
    /// - Parameters:
    ///   - before: only lines older than this id.
    ///   - action: exact action or its entity (`fault`); `nil` for all.
    package static func list(_ tenant: Int32, before: UUID?, after: UUID?, action: String?, limit: Int) -> Query<[AuditLine]> {
        var filter: SQL = "l.tenant_id = \(tenant)"
        if let before { filter = [filter, "l.id < \(before)"].joined(separator: " and ") }
        if let after { filter = [filter, "l.id > \(after)"].joined(separator: " and ") }
        if let action { filter = [filter, "(l.action = \(action) or l.entity = \(action))"].joined(separator: " and ") }
        let order: SQL = after == nil ? "desc" : "asc"
        return .many(
            """
            select l.id, l.at, m.name as actor, l.action, l.entity, l.entity_id, l.before, l.after, l.address, l.request_id
              from app.audit_line l left join app.member m on m.tenant_id = l.tenant_id and m.id = l.actor_id
             where \(filter) order by l.id \(order) limit \(limit)
            """)
    }

    package static func count(_ tenant: Int32, action: String?) -> Query<Int> {
        let filter: SQL = action.map { "and (action = \($0) or entity = \($0))" } ?? SQL.empty
        return .value("select count(*) from app.audit_line where tenant_id = \(tenant) \(filter)", Int.self)
    }
}
