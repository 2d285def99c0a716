import Database
import Foundation

/// The questions of an import, each over all of its rows at once. The dry run counts what these find; the import inserts it.
struct ImportSQL: Sendable {
    let tenant: Int32
    let id: UUID
    let today: CalendarDate

    /// Rows that have just been written have no statistics; a loop over ten thousand of them for each of ten thousand would take
    /// minutes.
    static let hashing: SQL = "select set_config('enable_nestloop', 'off', true)"

    /// `from` the rows without errors, as r.
    var rows: SQL { "app.import_row r where r.tenant_id = \(tenant) and r.import_id = \(id) and not r.faulty" }

    /// The first value that a group of rows gives.
    static func first(_ column: SQL) -> SQL {
        "(array_agg(r.\(column) order by r.number) filter (where r.\(column) is not null))[1] as \(column)"
    }

    // MARK: Buildings

    /// name, street, postal_code, city, id
    var newBuildings: SQL {
        """
        select r.building as name, \(Self.first("street")), \(Self.first("postal_code")), \(Self.first("city")),
               (array_agg(r.new_building order by r.number))[1] as id
          from \(rows) and r.building is not null
           and not exists (select from app.building b where b.tenant_id = r.tenant_id and b.name = r.building)
         group by r.building
        """
    }

    /// id, street, postal_code, city: of buildings whose address the file has otherwise.
    var changedBuildings: SQL {
        """
        select b.id, coalesce(s.street, b.street) as street, coalesce(s.postal_code, b.postal_code) as postal_code,
               coalesce(s.city, b.city) as city
          from (select r.building, \(Self.first("street")), \(Self.first("postal_code")), \(Self.first("city"))
                  from \(rows) group by r.building) s
          join app.building b on b.tenant_id = \(tenant) and b.name = s.building
         where coalesce(s.street <> b.street, false) or coalesce(s.postal_code <> b.postal_code, false)
            or coalesce(s.city <> b.city, false)
        """
    }

    // MARK: Entrances and units

    /// building (its name), name, id
    var newEntrances: SQL {
        """
        select r.building, r.entrance as name, (array_agg(r.new_entrance order by r.number))[1] as id
          from \(rows) and r.entrance is not null
           and not exists (select from app.entrance e join app.building b on b.tenant_id = e.tenant_id and b.id = e.building_id
                            where e.tenant_id = r.tenant_id and b.name = r.building and e.name = r.entrance)
         group by r.building, r.entrance
        """
    }

    private var unitValues: SQL {
        "\(Self.first("floor")), \(Self.first("area")), \(Self.first("unit_kind")), \(Self.first("entrance"))"
    }

    /// building (its name), unit, floor, area, unit_kind, entrance (its name), id
    var newUnits: SQL {
        """
        select r.building, r.unit, \(unitValues), (array_agg(r.new_unit order by r.number))[1] as id
          from \(rows) and r.unit is not null
           and not exists (select from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                            where u.tenant_id = r.tenant_id and b.name = r.building and u.label = r.unit)
         group by r.building, r.unit
        """
    }

    /// id, floor, area, kind, entrance (its name), building_id: of units that the file has otherwise.
    var changedUnits: SQL {
        """
        select u.id, u.building_id, coalesce(s.floor, u.floor) as floor, coalesce(s.area, u.area) as area,
               coalesce(s.unit_kind, u.kind) as kind, coalesce(s.entrance, e.name) as entrance
          from (select r.building, r.unit, \(unitValues) from \(rows) and r.unit is not null group by r.building, r.unit) s
          join app.building b on b.tenant_id = \(tenant) and b.name = s.building
          join app.unit u on u.tenant_id = \(tenant) and u.building_id = b.id and u.label = s.unit
          left join app.entrance e on e.tenant_id = u.tenant_id and e.id = u.entrance_id
         where coalesce(s.floor <> u.floor, false) or (s.area is not null and s.area is distinct from u.area)
            or coalesce(s.unit_kind <> u.kind, false) or (s.entrance is not null and s.entrance is distinct from e.name)
        """
    }

    // MARK: People

    /// email, name, lives, owns, id
    var newPeople: SQL {
        """
        select r.email, \(Self.first("person")), coalesce(bool_or(r.role = 'resident'), false) as lives,
               coalesce(bool_or(r.role = 'owner'), false) as owns, (array_agg(r.new_member order by r.number))[1] as id
          from \(rows) and r.email is not null
           and not exists (select from app.member m where m.tenant_id = r.tenant_id and lower(m.email) = r.email)
         group by r.email
        """
    }

    /// What is there already, by the keys that the file has.
    private var known: SQL {
        """
        app.occupancy o
          join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
          join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
          join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
        """
    }

    /// Whether row r and occupancy o are about the same time: without a first day, the present one is meant.
    private var sameTime: SQL {
        """
        (o.since = r.since or (r.since is null and o.since <= \(today) and coalesce(o.until >= \(today), true)))
        """
    }

    private var sameKeys: SQL {
        "o.tenant_id = r.tenant_id and b.name = r.building and u.label = r.unit and lower(m.email) = r.email and o.kind = r.role"
    }

    /// building, unit, email, role, since, until, numerator, denominator, id
    var newOccupancies: SQL {
        """
        select r.building, r.unit, r.email, r.role, coalesce(r.since, \(today)) as since, r.until, r.numerator, r.denominator,
               r.new_occupancy as id
          from \(rows) and r.unit is not null and r.role is not null
           and not exists (select from \(known) where \(sameKeys) and \(sameTime))
        """
    }

    /// id, until, numerator, denominator: of those whose end or share the file has otherwise.
    var changedOccupancies: SQL {
        """
        select o.id, coalesce(r.until, o.until) as until, coalesce(r.numerator, o.numerator) as numerator,
               coalesce(r.denominator, o.denominator) as denominator
          from \(known) join (select r.* from \(rows) and r.unit is not null and r.role is not null) r on \(sameKeys) and \(sameTime)
         where (r.numerator is not null and (r.numerator, r.denominator) is distinct from (o.numerator, o.denominator))
            or (r.until is not null and r.until is distinct from o.until)
        """
    }

    // MARK: Counting

    func counts(_ tx: Tx) async throws -> ImportCounts {
        func count(_ what: SQL) -> Query<Int> { .value("select count(*) from (\(what)) as x", Int.self) }
        var counts = ImportCounts()
        (counts.buildings.new, counts.buildings.changed, counts.entrances.new, counts.units.new) = try await tx.batch(
            count(newBuildings), count(changedBuildings), count(newEntrances), count(newUnits))
        (counts.units.changed, counts.people.new, counts.occupancies.new, counts.occupancies.changed) = try await tx.batch(
            count(changedUnits), count(newPeople), count(newOccupancies), count(changedOccupancies))
        try await addSame(&counts, tx)
        return counts
    }

    /// What is neither new nor changed is as it should be.
    func addSame(_ counts: inout ImportCounts, _ tx: Tx) async throws {
        func distinct(_ what: SQL, _ given: SQL) -> Query<Int> {
            .value("select count(*) from (select distinct \(what) from \(rows) and \(given)) as x", Int.self)
        }
        let (buildings, entrances, units, people, occupancies) = try await tx.batch(
            distinct("r.building", "r.building is not null"), distinct("r.building, r.entrance", "r.entrance is not null"),
            distinct("r.building, r.unit", "r.unit is not null"), distinct("r.email", "r.email is not null"),
            distinct("r.number", "r.unit is not null and r.role is not null"))
        counts.buildings.same = buildings - counts.buildings.new - counts.buildings.changed
        counts.entrances.same = entrances - counts.entrances.new
        counts.units.same = units - counts.units.new - counts.units.changed
        counts.people.same = people - counts.people.new
        counts.occupancies.same = occupancies - counts.occupancies.new - counts.occupancies.changed
    }

    /// Those that are there, matched by row r; for the checks.
    var matched: SQL { "\(known) join (select r.* from \(rows)) r on \(sameKeys)" }
    var isSameTime: SQL { sameTime }
    var isMatchedOwner: SQL {
        """
        exists (select from \(rows) and r.role = 'owner' and r.building = b.name and r.unit = u.label and r.email = lower(m.email)
                   and \(sameTime))
        """
    }
    var knownOccupancies: SQL { known }
}
