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
    /// Nobody knows any more who this was; disabled as well.
    let isAnonymised: Bool
    let hasFactor: Bool
    /// Nil: never.
    let signedInAt: Date?
    let places: [String]
    let version: Int

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
        roles = try row["roles"]
        isDisabled = try row["is_disabled"]
        isAnonymised = try row["is_anonymised"]
        hasFactor = try row["has_factor"]
        signedInAt = try row["signed_in_at"]
        places = try row["places"]
        version = try row["version"]
    }

    private static func select(_ members: SQL, _ today: CalendarDate) -> SQL {
        """
        select m.id, m.name, m.email, m.roles, m.disabled_at is not null as is_disabled, m.anonymised_at is not null as is_anonymised,
               m.factor_since is not null as has_factor, m.signed_in_at, m.version,
               array(select distinct b.name || ', ' || u.label from app.occupancy o
                       join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                       join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                      where o.tenant_id = m.tenant_id and o.member_id = m.id and o.since <= \(today)
                        and coalesce(o.until >= \(today), true) order by 1 limit 20) as places
          from \(members) m
        """
    }

    static func find(_ id: UUID, _ tenant: Int32, today: CalendarDate) -> Query<PersonLine> {
        .one("\(select("app.member", today)) where m.tenant_id = \(tenant) and m.id = \(id) and m.kind = 'person'")
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

/// Which people a list shows.
enum PersonState: String, CaseIterable, Sendable {
    case active, disabled, anonymised, all

    var condition: SQL {
        switch self {
        case .active: "m.disabled_at is null"
        case .disabled: "m.disabled_at is not null and m.anonymised_at is null"
        case .anonymised: "m.anonymised_at is not null"
        case .all: "true"
        }
    }
}

/// What the list of people is narrowed down to.
struct PersonFilter: Sendable {
    let words: String?
    let role: String?
    let building: UUID?
    let state: PersonState
    /// Whether more than a password signs them in.
    let hasFactor: Bool?
    /// Those who never came in.
    let isNew: Bool

    init(_ request: ListRequest) {
        words = request.values["q"]
        role = request.values["role"]
        building = request.values["building"].flatMap { UUID(uuidString: $0) }
        state = request.values["state"].flatMap(PersonState.init(rawValue:)) ?? .active
        hasFactor = request.values["factor"].map { $0 == "yes" }
        isNew = request.values["seen"] == "never"
    }

    func condition(_ tenant: Int32, _ today: CalendarDate) -> SQL {
        var parts: [SQL] = ["m.tenant_id = \(tenant)", "m.kind = 'person'", state.condition]
        if let words { parts.append("position(lower(\(words)) in lower(m.name || ' ' || m.email)) > 0") }
        if let role { parts.append("\(role) = any(m.roles)") }
        if let hasFactor { parts.append(hasFactor ? "m.factor_since is not null" : "m.factor_since is null") }
        if isNew { parts.append("m.signed_in_at is null") }
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
    let anonymised: Bool
    let secondFactor: Bool
    let lastSignedInAt: Date?
    let places: [String]
    let version: Int
    let occupancies: [OccupancyJSON]?

    init(_ line: PersonLine, _ occupancies: [OccupancyLine]? = nil) {
        id = line.id.text
        name = line.name
        email = line.email
        roles = line.roles
        disabled = line.isDisabled
        anonymised = line.isAnonymised
        secondFactor = line.hasFactor
        lastSignedInAt = line.signedInAt
        places = line.places
        version = line.version
        self.occupancies = occupancies?.map(OccupancyJSON.init)
    }
}
