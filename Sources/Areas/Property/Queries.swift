import Database
import Foundation

/// A building with what the list prints.
package struct BuildingLine: Record, Sendable {
    package let id: UUID
    package let name: String
    package let street: String
    package let postalCode: String
    package let city: String
    /// Those in use.
    package let units: Int
    package let isArchived: Bool

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        street = try row["street"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        units = try row["units"]
        isArchived = try row["is_archived"]
    }

    private static func select(_ filter: SQL) -> SQL {
        """
        select b.id, b.name, b.street, b.postal_code, b.city, b.archived_at is not null as is_archived,
               (select count(*) from app.unit u
                 where u.tenant_id = b.tenant_id and u.building_id = b.id and u.archived_at is null) as units
          from app.building b where \(filter)
        """
    }

    /// Every building of the company, by name. Companies have hundreds of buildings, not thousands; the list is one page.
    package static func all(_ tenant: Int32, archived: Bool = false) -> Query<[BuildingLine]> {
        let state: SQL = archived ? "b.archived_at is not null" : "b.archived_at is null"
        return .many("\(select("b.tenant_id = \(tenant) and \(state)")) order by b.name limit 1000")
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

    /// By name, at most a thousand.
    ///
    /// - Parameter chosen: ids of those that stand first, so that a form has them all.
    package static func all(_ tenant: Int32, first chosen: SQL? = nil) -> Query<[BuildingName]> {
        let order: SQL = chosen.map { "id in (\($0)) desc, name" } ?? "name"
        return .many("select id, name from app.building where tenant_id = \(tenant) order by \(order) limit 1000")
    }
}

/// An entrance or common part of a building.
struct PartLine: Record, Sendable {
    let id: UUID
    let name: String
    let note: String
    let isArchived: Bool

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        note = try row["note"]
        isArchived = try row["is_archived"]
    }

    private static let columns: SQL = "p.id, p.name, p.note, p.archived_at is not null as is_archived"

    /// Those in use first.
    static func of(_ kind: EstateKind, building: UUID, _ tenant: Int32) -> Query<[PartLine]> {
        .many(
            """
            select \(columns) from \(kind.table) p where p.tenant_id = \(tenant) and p.building_id = \(building)
             order by p.archived_at is not null, p.name limit 500
            """)
    }

    /// The entrances of the building that a unit is in.
    static func besides(unit: UUID, _ tenant: Int32) -> Query<[PartLine]> {
        .many(
            """
            select \(columns) from app.entrance p
             where p.tenant_id = \(tenant)
               and p.building_id = (select building_id from app.unit where tenant_id = \(tenant) and id = \(unit))
             order by p.archived_at is not null, p.name limit 500
            """)
    }
}

/// A place that somebody may report a fault for: a unit, or with no unit the common parts of a building.
package struct PlaceLine: Record, Sendable {
    package let buildingID: UUID
    package let building: String
    package let unitID: UUID
    package let unit: String
    /// In whose name, where it is not the member's own place.
    package let principal: String?

    package init(row: Row) throws {
        buildingID = try row["building_id"]
        building = try row["building"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        principal = try row["principal"]
    }

    /// All units of the company that are in use, or only those that a member lives in or owns today, or on which an owner has lent
    /// them the right.
    package static func all(
        _ tenant: Int32, of member: UUID?, today: CalendarDate, lent: Delegated? = nil, _ right: DelegationRight? = nil
    ) -> Query<[PlaceLine]> {
        guard let member else { return listed(tenant, principal: "null::text", "true") }
        let own = occupied(by: member, today)
        guard let lent, let right else { return listed(tenant, principal: "null::text", own) }
        let principal: SQL = """
            case when not \(own) then (
              select p.name from app.delegation d join app.member p on p.tenant_id = d.tenant_id and p.id = d.delegator_id
               where \(lent.holds(right)) and d.unit_id = u.id order by d.accepted_at, d.id limit 1) end
            """
        return listed(
            tenant, principal: principal,
            "(\(own) or u.id in (select d.unit_id from app.delegation d where \(lent.holds(right))))")
    }

    /// Units that a member owns today.
    package static func owned(_ tenant: Int32, by member: UUID, today: CalendarDate) -> Query<[PlaceLine]> {
        listed(tenant, principal: "null::text", "\(occupied(by: member, today, "and o.kind = 'owner'"))")
    }

    private static func occupied(by member: UUID, _ today: CalendarDate, _ kind: SQL = SQL.empty) -> SQL {
        """
        exists (select from app.occupancy o where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.member_id = \(member)
                   and o.since <= \(today) and coalesce(o.until >= \(today), true) \(kind))
        """
    }

    private static func listed(_ tenant: Int32, principal: SQL, _ condition: SQL) -> Query<[PlaceLine]> {
        .many(
            """
            select b.id as building_id, b.name as building, u.id as unit_id, u.label as unit, \(principal) as principal
              from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(tenant) and u.archived_at is null and b.archived_at is null and \(condition)
             order by b.name, u.floor, u.label limit 5000
            """)
    }
}
