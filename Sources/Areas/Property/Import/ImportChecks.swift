import Database
import Foundation

/// What only shows when rows are compared with each other and with what is there. Every check gives number, field, value, code
/// and detail.
extension ImportSQL {
    func record(_ check: SQL) -> SQL {
        """
        insert into app.import_error(tenant_id, import_id, number, field, value, code, detail)
        select \(tenant), \(id), e.number, e.field, left(coalesce(e.value, ''), 200), e.code, coalesce(e.detail, '')
          from (\(check)) as e(number, field, value, code, detail)
        on conflict do nothing
        """
    }

    var markFaulty: SQL {
        """
        update app.import_row r set faulty = true
         where r.tenant_id = \(tenant) and r.import_id = \(id) and not r.faulty
           and r.number in (select number from app.import_error where tenant_id = \(tenant) and import_id = \(id))
        """
    }

    var checks: [SQL] {
        [
            contradicts("street", "street", by: "r.building"), contradicts("postal_code", "postal_code", by: "r.building"),
            contradicts("city", "city", by: "r.building"), contradicts("floor", "floor", by: "r.building, r.unit"),
            contradicts("area", "area", by: "r.building, r.unit"),
            contradicts("unit_kind", "unit_kind", by: "r.building, r.unit"),
            contradicts("entrance", "entrance", by: "r.building, r.unit"), contradicts("person", "person", by: "r.email"),
            needed("street", "street", of: newBuildings, "r.building = n.name"),
            needed("postal_code", "postal_code", of: newBuildings, "r.building = n.name"),
            needed("city", "city", of: newBuildings, "r.building = n.name"),
            needed("person", "person", of: newPeople, "r.email = n.email"), archivedBuildings, archivedUnits, repeated,
            overlapsInFile, overlapsPresent
        ]
    }

    /// Two rows say different things of the same thing; detail is the row that was first.
    private func contradicts(_ column: SQL, _ field: String, by group: SQL) -> SQL {
        """
        select x.number, \(field), x.value, 'contradicts', x.first_number::text
          from (select r.number, r.\(column)::text as value, first_value(r.\(column)::text) over w as first_text,
                       first_value(r.number) over w as first_number
                  from \(rows) and r.\(column) is not null window w as (partition by \(group) order by r.number)) x
         where x.value <> x.first_text
        """
    }

    /// Something new lacks what it cannot be without; told at its first row.
    private func needed(_ column: SQL, _ field: String, of new: SQL, _ match: SQL) -> SQL {
        """
        select min(r.number), \(field), '', 'needed_for_new', '' from (\(new)) n join (select r.* from \(rows)) r on \(match)
         where n.\(column) is null group by n.id
        """
    }

    private var archivedBuildings: SQL {
        """
        select r.number, 'building', r.building, 'archived', '' from app.building b
          join (select r.* from \(rows)) r on r.tenant_id = b.tenant_id and r.building = b.name where b.archived_at is not null
        """
    }

    private var archivedUnits: SQL {
        """
        select r.number, 'unit', r.unit, 'archived', '' from app.unit u
          join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
          join (select r.* from \(rows)) r on r.tenant_id = b.tenant_id and r.building = b.name and r.unit = u.label
         where u.archived_at is not null
        """
    }

    private var repeated: SQL {
        """
        select x.number, 'email', x.email, 'repeated', x.first_number::text
          from (select r.number, r.email, first_value(r.number) over w as first_number
                  from \(rows) and r.unit is not null and r.role is not null
                window w as (partition by r.building, r.unit, r.email, r.role, coalesce(r.since, \(today)) order by r.number)) x
         where x.number <> x.first_number
        """
    }

    private var overlapsInFile: SQL {
        """
        select x.number, 'since', x.since::text, 'overlaps', x.former::text
          from (select r.number, coalesce(r.since, \(today)) as since, lag(r.number) over w as former,
                       lag(coalesce(r.since, \(today))) over w as former_since,
                       lag(coalesce(r.until, 'infinity')) over w as former_until
                  from \(rows) and r.unit is not null and r.role is not null
                window w as (partition by r.building, r.unit, r.email, r.role order by coalesce(r.since, \(today)), r.number)) x
         where x.former_until >= x.since and x.former_since < x.since
        """
    }

    private var overlapsPresent: SQL {
        """
        select r.number, 'since', coalesce(r.since, \(today))::text, 'overlaps_present', o.since::text from \(matched)
         where not \(isSameTime) and coalesce(o.until >= coalesce(r.since, \(today)), true) and coalesce(o.since <= r.until, true)
        """
    }

    /// The shares of a unit, those of the file and those that are there and not in the file, exceed one whole on some day.
    var sharesExceed: SQL {
        """
        with file as (
          select r.number, r.building, r.unit, coalesce(r.since, \(today)) as since, r.until, r.numerator, r.denominator
            from \(rows) and r.unit is not null and r.role = 'owner' and r.numerator is not null
        ), held as (
          select building, unit, since, until, numerator, denominator from file
          union all
          select b.name, u.label, o.since, o.until, o.numerator, o.denominator from \(knownOccupancies)
           where o.tenant_id = \(tenant) and o.numerator is not null and (b.name, u.label) in (select building, unit from file)
             and not \(isMatchedOwner)
        ), exceeded as (
          select d.building, d.unit
            from (select distinct building, unit, since from held) d
            join held h on h.building = d.building and h.unit = d.unit and h.since <= d.since and coalesce(h.until >= d.since, true)
           group by d.building, d.unit, d.since
          having not app.shares_fit(array_agg(h.numerator), array_agg(h.denominator))
        )
        select f.number, 'share', f.numerator || '/' || f.denominator, 'shares_exceed_whole', ''
          from file f where (f.building, f.unit) in (select building, unit from exceeded)
        """
    }
}
