import Database
import Foundation
import UI

/// Who reported a fault through the code on a sheet, for those who work for the company.
struct FaultVisitor: Record, Sendable {
    let building: String
    let part: String?
    /// Nil for those who may not see people, and what was not said.
    let name: String?
    let email: String?
    let phone: String?
    let isForgotten: Bool

    init(row: Row) throws {
        building = try row["building"]
        part = try row["part"]
        name = try row["name"]
        email = try row["email"]
        phone = try row["phone"]
        isForgotten = try row["is_forgotten"]
    }

    static func of(_ key: FaultKey, _ viewer: FaultViewer, contact: Bool) -> Query<FaultVisitor?> {
        guard viewer.isStaff else { return .known(nil) }
        let columns: SQL = contact ? "v.name, v.email, v.phone" : "null::text as name, null::text as email, null::text as phone"
        return .first(
            """
            select b.name as building, coalesce(e.name, p.name) as part, v.forgotten_at is not null as is_forgotten, \(columns)
              from app.fault_visitor v
              join app.report_code c on c.tenant_id = v.tenant_id and c.id = v.code_id
              join app.building b on b.tenant_id = c.tenant_id and b.id = c.building_id
              left join app.entrance e on e.tenant_id = c.tenant_id and e.id = c.entrance_id
              left join app.common_part p on p.tenant_id = c.tenant_id and p.id = c.part_id
             where v.tenant_id = \(viewer.tenant) and v.id = \(key.id(viewer.tenant))
            """)
    }
}

extension FaultDesk {
    /// "Reported by QR: house 3", and how to reach whoever it was.
    func visitor(_ record: FaultRecord) -> [Fact] {
        guard let visitor = record.visitor else { return [] }
        let place = visitor.part.map { t.place(building: visitor.building, unit: $0) } ?? visitor.building
        var facts = [Fact(t.detail.reporter, t.visit.byCode(place: place))]
        let contact = [visitor.name, visitor.email, visitor.phone].compactMap(\.self)
        if !contact.isEmpty { facts.append(Fact(t.visit.contact, contact.joined(separator: " · "))) }
        if visitor.isForgotten { facts.append(Fact(t.visit.contact, t.visit.forgotten)) }
        return facts
    }
}
