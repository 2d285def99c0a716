import Database
import Foundation
import Web

/// A code on a sheet: through it, people report faults of one place without an account.
struct ReportCode: Record, Sendable {
    let id: UUID
    let tokenHash: [UInt8]
    let buildingID: UUID
    let building: String
    let street: String
    let postalCode: String
    let city: String
    /// Entrance or common part; nil for the whole building.
    let part: String?
    let madeAt: Date
    /// Faults that were reported through it.
    let reports: Int

    init(row: Row) throws {
        id = try row["id"]
        tokenHash = try row["token_hash"]
        buildingID = try row["building_id"]
        building = try row["building"]
        street = try row["street"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        part = try row["part"]
        madeAt = try row["made_at"]
        reports = try row["reports"]
    }

    private static func select(_ condition: SQL) -> SQL {
        """
        select c.id, c.token_hash, c.building_id, b.name as building, b.street, b.postal_code, b.city,
               coalesce(e.name, p.name) as part, c.made_at,
               (select count(*) from app.fault_visitor v where v.tenant_id = c.tenant_id and v.code_id = c.id) as reports
          from app.report_code c
          join app.building b on b.tenant_id = c.tenant_id and b.id = c.building_id
          left join app.entrance e on e.tenant_id = c.tenant_id and e.id = c.entrance_id
          left join app.common_part p on p.tenant_id = c.tenant_id and p.id = c.part_id
         where \(condition)
        """
    }

    /// Whatever is in force, newest first; one more than `size`.
    static func page(_ tenant: Int32, _ cursor: Cursor, size: Int) -> Query<[ReportCode]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and c.id < \(id)", "desc")
            case .before(let id): ("and c.id > \(id)", "asc")
            }
        return .many(
            "\(select("c.tenant_id = \(tenant) and c.ended_at is null \(seek)")) order by c.id \(order) limit \(size + 1)")
    }

    static func count(_ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.report_code where tenant_id = \(tenant) and ended_at is null", Int.self)
    }

    /// For printing, in the order of a walk through the houses.
    static func several(_ ids: [UUID]?, in building: UUID? = nil, _ tenant: Int32) -> Query<[ReportCode]> {
        let some: SQL = ids.map { "and c.id = any(\($0))" } ?? SQL.empty
        let there: SQL = building.map { "and c.building_id = \($0)" } ?? SQL.empty
        return .many(
            """
            \(select("c.tenant_id = \(tenant) and c.ended_at is null \(some) \(there)"))
             order by b.name, coalesce(e.name, p.name) nulls first, c.id limit 300
            """)
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<ReportCode> {
        .one(select("c.tenant_id = \(tenant) and c.id = \(id) and c.ended_at is null"))
    }

    /// The one that a visitor holds.
    static func find(hash: [UInt8], _ tenant: Int32) -> Query<ReportCode> {
        .one(select("c.tenant_id = \(tenant) and c.token_hash = \(hash) and c.ended_at is null and b.archived_at is null"))
    }

    /// Twelve letters and digits, or nil when the server's secret is another one than when it was made: then it can be replaced, but
    /// not printed.
    func text(_ tokens: VisitorTokens, _ tenant: Int32) -> String? {
        let text = tokens.code(id, tenant)
        return VisitorTokens.hash(text) == tokenHash ? text : nil
    }
}

/// A place that can have a sheet of its own and has none yet.
struct CodelessPlace: Record, Sendable {
    let buildingID: UUID
    let building: String
    let entranceID: UUID?
    let partID: UUID?
    let part: String?

    init(row: Row) throws {
        buildingID = try row["building_id"]
        building = try row["building"]
        entranceID = try row["entrance_id"]
        partID = try row["part_id"]
        part = try row["part"]
    }

    /// By building, each building itself before its entrances and common parts.
    static func all(_ tenant: Int32) -> Query<[CodelessPlace]> {
        .many(
            """
            select b.id as building_id, b.name as building, p.entrance_id, p.part_id, p.name as part
              from app.building b
             cross join lateral (
               select null::uuid as entrance_id, null::uuid as part_id, null as name, 0 as rank
               union all select e.id, null, e.name, 1 from app.entrance e
                where e.tenant_id = b.tenant_id and e.building_id = b.id and e.archived_at is null
               union all select null, c.id, c.name, 2 from app.common_part c
                where c.tenant_id = b.tenant_id and c.building_id = b.id and c.archived_at is null) p
             where b.tenant_id = \(tenant) and b.archived_at is null and not exists (
               select from app.report_code r
                where r.tenant_id = b.tenant_id and r.building_id = b.id and r.ended_at is null
                  and coalesce(r.entrance_id, r.part_id, r.building_id) = coalesce(p.entrance_id, p.part_id, b.id))
             order by b.name, b.id, p.rank, p.name limit 2000
            """)
    }

    /// As the form sends it: `building-…`, `entrance-…`, `part-…`.
    var value: String {
        if let entranceID { return "entrance-\(entranceID.text)" }
        if let partID { return "part-\(partID.text)" }
        return "building-\(buildingID.text)"
    }
}
