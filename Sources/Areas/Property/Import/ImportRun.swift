import Audit
import Database
import Foundation
import Jobs

/// Takes a checked file over. Everything happens in the one transaction that it is given: killed in the middle, nothing has
/// happened; run again, what is there already is found and left.
struct ImportRun {
    let id: UUID
    let tx: Tx
    let today: CalendarDate
    let roles: ImportRoles

    private var tenant: Int32 { tx.facts.tenant }

    func run() async throws {
        // Two imports of one company at once would each miss what the other makes.
        _ = try await tx.value("select pg_advisory_xact_lock(hashtextextended('import', \(Int(tenant)))) is null", Bool.self)
        let record = try await tx.query(ImportRecord.find(id, tenant, lock: true))
        guard record.state == .importing else { return }
        try await tx.execute(ImportSQL.hashing)
        let sql = ImportSQL(tenant: tenant, id: id, today: today)
        var counts = ImportCounts()
        try await buildings(sql, &counts)
        try await units(sql, &counts)
        counts.people.new = try await change("member.added", "member", people(sql))
        try await occupancies(sql, &counts)
        try await sql.addSame(&counts, tx)
        try await finish(counts)
    }

    private func buildings(_ sql: ImportSQL, _ counts: inout ImportCounts) async throws {
        counts.buildings.changed = try await change(
            "building.edited", "building",
            """
            update app.building b set street = n.street, postal_code = n.postal_code, city = n.city, version = b.version + 1
              from (\(sql.changedBuildings)) n where b.tenant_id = \(tenant) and b.id = n.id returning b.id
            """)
        counts.buildings.new = try await change(
            "building.added", "building",
            """
            insert into app.building(tenant_id, id, name, street, postal_code, city)
            select \(tenant), n.id, n.name, n.street, n.postal_code, n.city from (\(sql.newBuildings)) n returning id
            """)
        counts.entrances.new = try await change(
            "entrance.added", "entrance",
            """
            insert into app.entrance(tenant_id, id, building_id, name)
            select \(tenant), n.id, b.id, n.name
              from (\(sql.newEntrances)) n join app.building b on b.tenant_id = \(tenant) and b.name = n.building returning id
            """)
    }

    private func units(_ sql: ImportSQL, _ counts: inout ImportCounts) async throws {
        counts.units.changed = try await change(
            "unit.edited", "unit",
            """
            update app.unit u set floor = n.floor, area = n.area, kind = n.kind, version = u.version + 1,
                   entrance_id = (select e.id from app.entrance e
                                   where e.tenant_id = u.tenant_id and e.building_id = n.building_id and e.name = n.entrance)
              from (\(sql.changedUnits)) n where u.tenant_id = \(tenant) and u.id = n.id returning u.id
            """)
        counts.units.new = try await change(
            "unit.added", "unit",
            """
            insert into app.unit(tenant_id, id, building_id, label, floor, area, kind, entrance_id)
            select \(tenant), n.id, b.id, n.unit, coalesce(n.floor, 0), n.area, coalesce(n.unit_kind, 'flat'), e.id
              from (\(sql.newUnits)) n join app.building b on b.tenant_id = \(tenant) and b.name = n.building
              left join app.entrance e on e.tenant_id = \(tenant) and e.building_id = b.id and e.name = n.entrance returning id
            """)
    }

    /// New people have no password: they are invited later.
    private func people(_ sql: ImportSQL) -> SQL {
        """
        insert into app.member(tenant_id, id, email, name, roles)
        select \(tenant), n.id, n.email, n.person,
               array_remove(array[case when n.lives or not n.owns then \(roles.resident) end, case when n.owns then \(roles.owner) end], null)
          from (\(sql.newPeople)) n returning id
        """
    }

    private func occupancies(_ sql: ImportSQL, _ counts: inout ImportCounts) async throws {
        counts.occupancies.changed = try await change(
            "occupancy.edited", "occupancy",
            """
            update app.occupancy o set until = n.until, numerator = n.numerator, denominator = n.denominator, version = o.version + 1
              from (\(sql.changedOccupancies)) n where o.tenant_id = \(tenant) and o.id = n.id returning o.id
            """)
        counts.occupancies.new = try await change(
            "occupancy.began", "occupancy",
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, until, numerator, denominator)
            select \(tenant), n.id, u.id, m.id, n.role, n.since, n.until, n.numerator, n.denominator
              from (\(sql.newOccupancies)) n
              join app.building b on b.tenant_id = \(tenant) and b.name = n.building
              join app.unit u on u.tenant_id = \(tenant) and u.building_id = b.id and u.label = n.unit
              join app.member m on m.tenant_id = \(tenant) and lower(m.email) = n.email returning id
            """)
    }

    /// Runs a statement that gives the ids it touched, and writes an audit line for each of them.
    private func change(_ action: String, _ entity: String, _ statement: SQL) async throws -> Int {
        let ids = try await tx.values(statement, UUID.self)
        guard !ids.isEmpty else { return 0 }
        let lines = ids.map { _ in UUID.v7() }
        let after = try JSONBytes(encoding: ["import": id.uuidString.lowercased()])
        try await tx.execute(
            """
            insert into app.audit_line(tenant_id, id, at, actor_id, action, entity, entity_id, after, request_id)
            select \(tenant), l.id, \(tx.facts.now), \(tx.facts.actor), \(action), \(entity), l.entity, \(after), \(tx.facts.requestID)
              from unnest(\(lines), \(ids)) as l(id, entity)
            """)
        return ids.count
    }

    private func finish(_ counts: ImportCounts) async throws {
        _ = try await tx.batch(
            Query.execute(
                """
                update app.import set state = 'done', counts = \(try JSONBytes(encoding: counts)), finished_at = \(tx.facts.now),
                       version = version + 1
                 where tenant_id = \(tenant) and id = \(id)
                """),
            Query.execute("delete from app.import_row where tenant_id = \(tenant) and import_id = \(id)"))
        try tx.audit(
            "import.done", "import", id,
            AuditChange(after: [
                "buildings": String(counts.buildings.new), "units": String(counts.units.new),
                "people": String(counts.people.new), "occupancies": String(counts.occupancies.new)
            ]))
        try tx.publish(ImportCompleted(importID: id))
    }
}
