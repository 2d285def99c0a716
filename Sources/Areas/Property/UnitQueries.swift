import Database
import Foundation
import Web

/// What a list of units is narrowed down to.
struct UnitFilter: Sendable {
    var building: UUID?
    var kind: UnitKind?
    /// True: nobody lives there; false: somebody does.
    var vacant: Bool?
    var words: String?
    var archived = false

    func condition(_ tenant: Int32, _ today: CalendarDate) -> SQL {
        var parts: [SQL] = ["u.tenant_id = \(tenant)", archived ? "u.archived_at is not null" : "u.archived_at is null"]
        if let building { parts.append("u.building_id = \(building)") }
        if let kind { parts.append("u.kind = \(kind.rawValue)") }
        if let vacant {
            let lived: SQL = "exists (select \(UnitLine.residents(today)))"
            parts.append(vacant ? "not \(lived)" : lived)
        }
        if let words {
            parts.append(
                """
                (position(lower(\(words)) in lower(u.label)) > 0 or exists (select from app.building n
                   where n.tenant_id = u.tenant_id and n.id = u.building_id and position(lower(\(words)) in lower(n.name)) > 0))
                """)
        }
        return parts.joined(separator: " and ")
    }
}

/// A unit with who lives there now.
package struct UnitLine: Record, Sendable {
    package let id: UUID
    package let label: String
    package let floor: Int
    package let kind: UnitKind
    /// Hundredths of a square metre.
    package let area: Int?
    package let entrance: String?
    package let buildingID: UUID
    package let building: String
    package let isArchived: Bool
    package let residents: [String]

    package init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        floor = try row["floor"]
        kind = try row["kind"]
        area = try row["area"]
        entrance = try row["entrance"]
        buildingID = try row["building_id"]
        building = try row["building"]
        isArchived = try row["is_archived"]
        residents = try row["residents"]
    }

    fileprivate static func residents(_ today: CalendarDate) -> SQL {
        """
        m.name from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
          where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.kind = 'resident' and o.since <= \(today)
            and coalesce(o.until >= \(today), true)
        """
    }

    private static func select(_ units: SQL, _ today: CalendarDate) -> SQL {
        """
        select u.id, u.label, u.floor, u.kind, u.area, e.name as entrance, u.building_id, b.name as building,
               u.archived_at is not null as is_archived, array(select \(residents(today)) order by m.name) as residents
          from \(units) u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
          left join app.entrance e on e.tenant_id = u.tenant_id and e.id = u.entrance_id
        """
    }

    package static func of(building: UUID, _ tenant: Int32, today: CalendarDate) -> Query<[UnitLine]> {
        let units: SQL = "(select * from app.unit where tenant_id = \(tenant) and building_id = \(building))"
        return .many("\(select(units, today)) order by u.archived_at is not null, u.floor, u.label limit 2000")
    }

    package static func find(_ id: UUID, _ tenant: Int32, today: CalendarDate) -> Query<UnitLine> {
        .one("\(select("app.unit", today)) where u.tenant_id = \(tenant) and u.id = \(id)")
    }

    /// In the order of their entry; one more than `size`, so that the page knows whether there is a next one.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int, today: CalendarDate) -> Query<[UnitLine]> {
        let (seek, order) = cursor.ascending("u.id")
        let units: SQL = "(select * from app.unit u where \(condition) \(seek) order by u.id \(order) limit \(size + 1))"
        return .many("\(select(units, today)) order by u.id \(order)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.unit u where \(condition)", Int.self)
    }
}

extension Cursor {
    /// What a list in ascending order adds to its condition, and the order to read it in.
    func ascending(_ id: SQL) -> (seek: SQL, order: SQL) {
        switch self {
        case .first: (SQL.empty, "asc")
        case .after(let last): ("and \(id) > \(last)", "asc")
        case .before(let first): ("and \(id) < \(first)", "desc")
        }
    }
}
