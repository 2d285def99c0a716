import Database
import Foundation
import Web

/// Somebody who lives in or owns a unit, now, before or later.
package struct OccupancyLine: Record, Sendable {
    package let id: UUID
    package let memberID: UUID
    package let name: String
    package let unitID: UUID
    package let unit: String
    package let buildingID: UUID
    package let building: String
    package let kind: OccupancyKind
    package let since: CalendarDate
    package let until: CalendarDate?
    package let share: Share?
    package let version: Int

    package init(row: Row) throws {
        id = try row["id"]
        memberID = try row["member_id"]
        name = try row["name"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        buildingID = try row["building_id"]
        building = try row["building"]
        kind = try row["kind"]
        since = try row["since"]
        until = try row["until"]
        share = try row.share()
        version = try row["version"]
    }

    package func isFormer(on day: CalendarDate) -> Bool { until.map { $0 < day } ?? false }

    private static let select: SQL = """
        select o.id, o.member_id, m.name, o.unit_id, u.label as unit, u.building_id, b.name as building, o.kind, o.since, o.until,
               o.numerator, o.denominator, o.version
          from app.occupancy o
          join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
          join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
          join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
        """

    /// Present ones first, then the latest.
    package static func of(unit: UUID, _ tenant: Int32) -> Query<[OccupancyLine]> {
        .many(
            """
            \(select) where o.tenant_id = \(tenant) and o.unit_id = \(unit)
             order by o.until desc nulls first, o.since desc, m.name, o.id limit 200
            """)
    }

    package static func of(member: UUID, _ tenant: Int32) -> Query<[OccupancyLine]> {
        .many(
            """
            \(select) where o.tenant_id = \(tenant) and o.member_id = \(member)
             order by o.until desc nulls first, o.since desc, b.name, u.label, o.id limit 500
            """)
    }

    static func find(_ id: UUID, _ tenant: Int32, lock: Bool = false) -> Query<OccupancyLine> {
        .one("\(select) where o.tenant_id = \(tenant) and o.id = \(id) \(lock ? "for update of o" : SQL.empty)")
    }
}

package enum OccupancyKind: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case resident, owner
}

struct OccupancyJSON: Codable, Sendable {
    let id: String
    let memberId: String
    let name: String
    let unitId: String
    let unit: String
    let buildingId: String
    let building: String
    let kind: String
    let since: String
    let until: String?
    let share: ShareJSON?
    let version: Int

    init(_ line: OccupancyLine) {
        id = line.id.text
        memberId = line.memberID.text
        name = line.name
        unitId = line.unitID.text
        unit = line.unit
        buildingId = line.buildingID.text
        building = line.building
        kind = line.kind.rawValue
        since = line.since.description
        until = line.until?.description
        share = line.share.map(ShareJSON.init)
        version = line.version
    }
}
