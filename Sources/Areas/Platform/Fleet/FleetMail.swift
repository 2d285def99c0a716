import Database
import Foundation
import Tenancy
import Web

/// A delivery as operators see it: where it stands, not whom it concerns or what it says.
struct FleetDelivery: Record, Sendable {
    static let states = ["parked", "failed", "queued", "sent"]

    let id: UUID
    let kind: String
    let channel: String
    let state: String
    let reason: String?
    /// What comes after the @; the last two digits of a number.
    let whereTo: String
    let tries: Int
    let moment: Date
    /// What the other side said to the last try.
    let detail: String
    var tenant: Int32 = 0

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        channel = try row["channel"]
        state = try row["state"]
        reason = try row["reason"]
        whereTo = try row["where_to"]
        tries = Int(try row["tries"] as Int32)
        moment = try row["moment"]
        detail = try row["detail"]
    }

    /// One company's, the newest first; one more than `size`.
    static func page(_ tenant: Int32, _ state: String, _ cursor: Cursor, size: Int) -> Query<[FleetDelivery]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and d.id < \(id)", "desc")
            case .before(let id): ("and d.id > \(id)", "asc")
            }
        return .many(
            """
            select d.id, d.kind, d.channel, d.state, d.reason, d.tries, coalesce(d.settled_at, d.due_at) as moment,
                   case when d.channel = 'mail' then coalesce(split_part(coalesce(d.address, m.email), '@', 2), '')
                        else coalesce(right(d.address, 2), '') end as where_to,
                   coalesce((select t.detail from app.delivery_try t where t.tenant_id = d.tenant_id and t.delivery_id = d.id
                              order by t.id desc limit 1), '') as detail
              from app.delivery d left join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
             where d.tenant_id = \(tenant) and d.state = \(state) \(seek) order by d.id \(order) limit \(size + 1)
            """)
    }

    /// All companies' together: each gives its first ones, and the first of all are shown.
    static func page(
        of tenants: [Tenant], _ state: String, _ cursor: Cursor, size: Int, _ context: OperatorContext
    ) async -> [FleetDelivery] {
        let found = await Companies(context: context).each(tenants) { tenant, walled in
            try await walled.read(page(tenant.id, state, cursor, size: size)).map { line in
                var line = line
                line.tenant = tenant.id
                return line
            }
        }
        let isBack = if case .before = cursor { true } else { false }
        let all = found.values.joined().sorted { isBack ? $0.id.text < $1.id.text : $0.id.text > $1.id.text }
        return Array(all.prefix(size + 1))
    }
}
