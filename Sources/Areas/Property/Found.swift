import Database
import Foundation

/// What somebody asks the one search box, and from where on. The answers stand behind the wall; the functions that find them give
/// ids and ranks alone.
package struct Asked: Sendable {
    package let words: String
    /// The last one seen, in the order of rank.
    package let after: UUID?
    package let size: Int

    /// Nobody reads further than this.
    package static let most = 200

    package init(_ words: String, after: UUID? = nil, size: Int) {
        (self.words, self.after, self.size) = (words, after, size)
    }

    /// Those of `found(id, rank)` that come now, best first; one more than `size`.
    package var page: SQL {
        let seek: SQL = after.map { "where (x.rank, x.id) < (select a.rank, a.id from found a where a.id = \($0))" } ?? SQL.empty
        return """
            page as materialized (
              select x.*, (select count(*) from found) as total from found x \(seek) order by x.rank desc, x.id desc limit \(size + 1))
            """
    }
}

/// Somebody whom a search found.
package struct FoundPerson: Record, Sendable {
    package let id: UUID
    package let name: String
    package let email: String
    package let roles: [String]
    package let isDisabled: Bool
    package let places: [String]
    package let rank: Double
    package let total: Int

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
        roles = try row["roles"]
        isDisabled = try row["is_disabled"]
        places = try row["places"]
        rank = try row["rank"]
        total = try row["total"]
    }

    package static func page(_ asked: Asked, _ tenant: Int32, today: CalendarDate) -> Query<[FoundPerson]> {
        .many(
            """
            with found as materialized (
              select f.* from app.find_people(\(asked.words), \(Int32(Asked.most))) f
                join app.member m on m.tenant_id = \(tenant) and m.id = f.id and m.kind = 'person'), \(asked.page)
            select m.id, m.name, m.email, m.roles, m.disabled_at is not null as is_disabled, p.rank::float8 as rank, p.total,
                   array(select distinct b.name || ', ' || u.label from app.occupancy o
                           join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                           join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                          where o.tenant_id = m.tenant_id and o.member_id = m.id and o.since <= \(today)
                            and coalesce(o.until >= \(today), true) order by 1 limit 3) as places
              from page p join app.member m on m.tenant_id = \(tenant) and m.id = p.id
             order by p.rank desc, p.id desc
            """)
    }
}

/// A building or a unit that a search found.
package struct FoundPlace: Record, Sendable {
    package let id: UUID
    package let isUnit: Bool
    package let building: String
    /// Nil for a building.
    package let unit: String?
    package let street: String
    package let isArchived: Bool
    package let rank: Double
    package let total: Int

    package init(row: Row) throws {
        id = try row["id"]
        isUnit = try row["is_unit"]
        building = try row["building"]
        unit = try row["unit"]
        street = try row["street"]
        isArchived = try row["is_archived"]
        rank = try row["rank"]
        total = try row["total"]
    }

    package static func page(_ asked: Asked, _ tenant: Int32) -> Query<[FoundPlace]> {
        .many(
            """
            with found as materialized (select * from app.find_places(\(asked.words), \(Int32(Asked.most)))), \(asked.page)
            select p.id, p.is_unit, b.name as building, u.label as unit, b.street || ', ' || b.postal_code || ' ' || b.city as street,
                   coalesce(u.archived_at, b.archived_at) is not null as is_archived, p.rank::float8 as rank, p.total
              from page p
              left join app.unit u on p.is_unit and u.tenant_id = \(tenant) and u.id = p.id
              join app.building b on b.tenant_id = \(tenant) and b.id = case when p.is_unit then u.building_id else p.id end
             order by p.rank desc, p.id desc
            """)
    }
}
