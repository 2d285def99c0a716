import Database
import Foundation

extension DemoWriter {
    func insertMembers(_ members: [DemoRecords.Member]) -> SQL {
        """
        insert into app.member(tenant_id, id, email, name, roles, password_hash, disabled_at, created_at)
        select \(tenant), id, email, name, string_to_array(roles, ','), \(passwordHash), disabled_at, created_at
          from unnest(\(members.map(\.id)), \(members.map(\.email)), \(members.map(\.name)),
                      \(members.map { $0.roles.joined(separator: ",") }), \(members.map(\.disabledAt)), \(members.map(\.createdAt)))
               as t(id, email, name, roles, disabled_at, created_at)
        """
    }

    /// As the audit lines have it.
    func markSignIns() -> SQL {
        """
        update app.member m set signed_in_at = l.at
          from (select actor_id, max(at) as at from app.audit_line where tenant_id = \(tenant) and action = 'member.signed_in'
                 group by actor_id) l
         where m.tenant_id = \(tenant) and m.id = l.actor_id
        """
    }

    func insertBuildings(_ buildings: [DemoRecords.Building]) -> SQL {
        """
        insert into app.building(tenant_id, id, name, street, postal_code, city, created_at)
        select \(tenant), id, name, street, postal_code, city, created_at
          from unnest(\(buildings.map(\.id)), \(buildings.map(\.house.name)), \(buildings.map(\.house.street)),
                      \(buildings.map(\.house.postalCode)), \(buildings.map(\.house.city)), \(buildings.map(\.createdAt)))
               as t(id, name, street, postal_code, city, created_at)
        """
    }

    /// Entrances and common parts have the same columns.
    func insertParts(_ parts: [DemoRecords.Part], _ table: SQL) -> SQL {
        """
        insert into \(table)(tenant_id, id, building_id, name, created_at)
        select \(tenant), id, building_id, name, created_at
          from unnest(\(parts.map(\.id)), \(parts.map { records.buildings[$0.building].id }), \(parts.map(\.name)),
                      \(parts.map(\.createdAt)))
               as t(id, building_id, name, created_at)
        """
    }

    func insertUnits(_ units: [DemoRecords.Unit]) -> SQL {
        let buildings = units.map { records.buildings[$0.building].id }
        let places = Dictionary(records.units.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        let facts = units.map { places[$0.id].flatMap { records.unitFacts[$0] } }
        return """
            insert into app.unit(tenant_id, id, building_id, label, floor, area, entrance_id, created_at)
            select \(tenant), id, building_id, label, floor, area, entrance_id, created_at
              from unnest(\(units.map(\.id)), \(buildings), \(units.map(\.label)), \(units.map { Int32(clamping: $0.floor) }),
                          \(facts.map { $0?.area }), \(facts.map { $0?.entrance }), \(units.map(\.createdAt)))
                   as t(id, building_id, label, floor, area, entrance_id, created_at)
            """
    }

    func insertOccupancies(_ occupancies: [DemoRecords.Occupancy]) -> SQL {
        let units = occupancies.map { records.units[$0.unit].id }
        let members = occupancies.map { records.members[$0.member].id }
        let shares = occupancies.map { records.shares[$0.id] }
        return """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, until, numerator, denominator)
            select \(tenant), id, unit_id, member_id, kind, since, until, numerator, denominator
              from unnest(\(occupancies.map(\.id)), \(units), \(members), \(occupancies.map(\.kind)), \(occupancies.map(\.since)),
                          \(occupancies.map(\.until)), \(shares.map { $0?.numerator }), \(shares.map { $0?.denominator }))
                   as t(id, unit_id, member_id, kind, since, until, numerator, denominator)
            """
    }

    func insertCounters() -> SQL {
        let years = records.numbers.sorted { $0.key < $1.key }
        return """
            insert into app.counter(tenant_id, kind, value)
            select \(tenant), kind, value from unnest(\(years.map { "fault-\($0.key)" }), \(years.map(\.value))) as t(kind, value)
            """
    }
}
