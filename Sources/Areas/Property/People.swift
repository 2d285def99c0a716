import Database
import Foundation
import HTML
import Tenancy
import UI
import Web

/// Somebody of the company with where they live and what they own today.
struct PersonLine: Record, Sendable {
    let id: UUID
    let name: String
    let email: String
    let roles: [String]
    let isDisabled: Bool
    let places: [String]

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
        roles = try row["roles"]
        isDisabled = try row["is_disabled"]
        places = try row["places"]
    }

    private static func select(_ members: SQL, _ today: CalendarDate) -> SQL {
        """
        select m.id, m.name, m.email, m.roles, m.disabled_at is not null as is_disabled,
               array(select distinct b.name || ', ' || u.label from app.occupancy o
                       join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                       join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                      where o.tenant_id = m.tenant_id and o.member_id = m.id and o.since <= \(today)
                        and coalesce(o.until >= \(today), true) order by 1 limit 20) as places
          from \(members) m
        """
    }

    static func find(_ id: UUID, _ tenant: Int32, today: CalendarDate) -> Query<PersonLine> {
        .one("\(select("app.member", today)) where m.tenant_id = \(tenant) and m.id = \(id)")
    }

    /// In the order of their entry; one more than `size`.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int, today: CalendarDate) -> Query<[PersonLine]> {
        let (seek, order) = cursor.ascending("m.id")
        let members: SQL = "(select * from app.member m where \(condition) \(seek) order by m.id \(order) limit \(size + 1))"
        return .many("\(select(members, today)) order by m.id \(order)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.member m where \(condition)", Int.self)
    }
}

/// What the list of people is narrowed down to.
struct PersonFilter: Sendable {
    let words: String?
    let role: String?
    let building: UUID?
    let disabled: Bool

    init(_ request: ListRequest) {
        words = request.values["q"]
        role = request.values["role"]
        building = request.values["building"].flatMap { UUID(uuidString: $0) }
        disabled = request.values["state"] == "disabled"
    }

    func condition(_ tenant: Int32, _ today: CalendarDate) -> SQL {
        var parts: [SQL] = ["m.tenant_id = \(tenant)", disabled ? "m.disabled_at is not null" : "m.disabled_at is null"]
        if let words { parts.append("position(lower(\(words)) in lower(m.name || ' ' || m.email)) > 0") }
        if let role { parts.append("\(role) = any(m.roles)") }
        if let building {
            parts.append(
                """
                exists (select from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                         where o.tenant_id = m.tenant_id and o.member_id = m.id and u.building_id = \(building)
                           and o.since <= \(today) and coalesce(o.until >= \(today), true))
                """)
        }
        return parts.joined(separator: " and ")
    }
}

struct PersonJSON: Codable, Sendable {
    let id: String
    let name: String
    let email: String
    let roles: [String]
    let disabled: Bool
    let places: [String]
    let occupancies: [OccupancyJSON]?

    init(_ line: PersonLine, _ occupancies: [OccupancyLine]? = nil) {
        id = line.id.text
        name = line.name
        email = line.email
        roles = line.roles
        disabled = line.isDisabled
        places = line.places
        self.occupancies = occupancies?.map(OccupancyJSON.init)
    }
}
