import Database
import Foundation

/// Somebody who can be given a fault.
package struct Assignable: Record, Sendable {
    package let id: UUID
    package let name: String
    /// Open faults they already have.
    package let load: Int

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        load = try row["load"]
    }

    /// Active members with one of the roles, by name.
    static func all(_ tenant: Int32, _ roles: [String], only: UUID? = nil) -> Query<[Assignable]> {
        let one: SQL = only.map { "and m.id = \($0)" } ?? SQL.empty
        return .many(
            """
            select m.id, m.name, (select count(*) from app.fault f where f.tenant_id = m.tenant_id and f.assignee_id = m.id
                                    and f.state in ('assigned', 'in_progress', 'on_hold', 'reopened')) as load
              from app.member m
             where m.tenant_id = \(tenant) and m.disabled_at is null \(one)
               and exists (select from unnest(m.roles) as r where r = any(\(roles)))
             order by m.name, m.id
            """)
    }
}

/// Somebody who may have faults, by name alone, for filters: counting everybody's open ones took a third of the list's time.
struct WorkerName: Record, Sendable {
    let id: UUID
    let name: String

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
    }

    /// Active members with one of the roles.
    static func all(_ tenant: Int32, _ roles: [String]) -> Query<[WorkerName]> {
        .many(
            """
            select id, name from app.member
             where tenant_id = \(tenant) and disabled_at is null and roles && \(roles) order by name, id
            """)
    }
}
