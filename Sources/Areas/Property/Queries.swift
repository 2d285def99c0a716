import Database
import Foundation

/// A building with what the list prints.
package struct BuildingLine: Record, Sendable {
    package let id: UUID
    package let name: String
    package let street: String
    package let postalCode: String
    package let city: String
    package let units: Int

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        street = try row["street"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        units = try row["units"]
    }

    private static func select(_ filter: SQL) -> SQL {
        """
        select b.id, b.name, b.street, b.postal_code, b.city,
               (select count(*) from app.unit u where u.tenant_id = b.tenant_id and u.building_id = b.id) as units
          from app.building b where \(filter)
        """
    }

    /// Every building of the company, by name. Companies have hundreds of buildings, not thousands; the list is one page.
    package static func all(_ tenant: Int32) -> Query<[BuildingLine]> {
        .many("\(select("b.tenant_id = \(tenant)")) order by b.name limit 1000")
    }

    package static func find(_ id: UUID, _ tenant: Int32) -> Query<BuildingLine> {
        .one(select("b.tenant_id = \(tenant) and b.id = \(id)"))
    }
}

/// A building by its name alone, for filters.
package struct BuildingName: Record, Sendable {
    package let id: UUID
    package let name: String

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
    }

    package static func all(_ tenant: Int32) -> Query<[BuildingName]> {
        .many("select id, name from app.building where tenant_id = \(tenant) order by name limit 1000")
    }
}

/// A unit with who lives there now.
package struct UnitLine: Record, Sendable {
    package let id: UUID
    package let label: String
    package let floor: Int
    package let buildingID: UUID
    package let building: String
    package let residents: [String]

    package init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        floor = try row["floor"]
        buildingID = try row["building_id"]
        building = try row["building"]
        residents = try row["residents"]
    }

    private static func select(_ filter: SQL, _ today: CalendarDate) -> SQL {
        """
        select u.id, u.label, u.floor, u.building_id, b.name as building,
               array(select m.name from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                      where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.kind = 'resident' and o.since <= \(today)
                        and coalesce(o.until >= \(today), true) order by m.name) as residents
          from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
         where \(filter)
        """
    }

    package static func of(building: UUID, _ tenant: Int32, today: CalendarDate) -> Query<[UnitLine]> {
        .many("\(select("u.tenant_id = \(tenant) and u.building_id = \(building)", today)) order by u.floor, u.label limit 2000")
    }

    package static func find(_ id: UUID, _ tenant: Int32, today: CalendarDate) -> Query<UnitLine> {
        .one(select("u.tenant_id = \(tenant) and u.id = \(id)", today))
    }
}

/// Somebody who lives in or owns a unit, now or before.
package struct OccupancyLine: Record, Sendable {
    package let name: String
    package let kind: String
    package let since: CalendarDate
    package let until: CalendarDate?

    package init(row: Row) throws {
        name = try row["name"]
        kind = try row["kind"]
        since = try row["since"]
        until = try row["until"]
    }

    package static func of(unit: UUID, _ tenant: Int32) -> Query<[OccupancyLine]> {
        .many(
            """
            select m.name, o.kind, o.since, o.until from app.occupancy o
              join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
             where o.tenant_id = \(tenant) and o.unit_id = \(unit) order by o.until desc nulls first, o.since desc limit 200
            """)
    }
}

/// A place that somebody may report a fault for: a unit, or with no unit the common parts of a building.
package struct PlaceLine: Record, Sendable {
    package let buildingID: UUID
    package let building: String
    package let unitID: UUID
    package let unit: String

    package init(row: Row) throws {
        buildingID = try row["building_id"]
        building = try row["building"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
    }

    /// All units of the company, or only those that a member lives in or owns today.
    package static func all(_ tenant: Int32, of member: UUID?, today: CalendarDate) -> Query<[PlaceLine]> {
        let own: SQL =
            member.map {
                """
                and exists (select from app.occupancy o where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.member_id = \($0)
                               and o.since <= \(today) and coalesce(o.until >= \(today), true))
                """
            } ?? SQL.empty
        return .many(
            """
            select b.id as building_id, b.name as building, u.id as unit_id, u.label as unit
              from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(tenant) \(own) order by b.name, u.floor, u.label limit 5000
            """)
    }
}
