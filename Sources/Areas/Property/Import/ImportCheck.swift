import Database
import Foundation
import Web

/// The dry run: it writes to the import's own rows and nowhere else.
struct ImportCheck: Sendable {
    let id: UUID
    let db: Walled
    let today: CalendarDate

    private static let portion = 2_000
    private var tenant: Int32 { db.facts.tenant }

    /// Reads every row by itself, a portion at a time, so that its page can tell how far it is.
    ///
    /// - Returns: false when there is nothing to check any more.
    func readRows() async throws -> Bool {
        let record = try await db.read(ImportRecord.find(id, tenant))
        guard record.state == .checking else { return false }
        try await db.write { tx in
            try await tx.execute("delete from app.import_error where tenant_id = \(tenant) and import_id = \(id)")
        }
        var last: Int32 = 0
        var done = 0
        while true {
            let rows = try await db.read(ImportCells.of(id, tenant, after: last, limit: Self.portion))
            guard let end = rows.last?.number else { return true }
            let readings = try await ImportJobs.readers.run {
                rows.map { ImportReading($0.number, $0.cells, record.mapping, columns: record.columns.count) }
            }
            last = end
            done += rows.count
            let progress = Int32(clamping: done)
            try await db.write { tx in
                let rows = ImportRows(id: id, tenant: tenant, readings: readings)
                _ = try await tx.batch(
                    Query.execute(rows.update), Query.execute(rows.errors),
                    Query.execute(
                        "update app.import set progress = \(progress) where tenant_id = \(tenant) and id = \(id)"))
            }
        }
    }

    /// Compares rows with each other and with what is there, and counts what the import would do.
    func finish(_ tx: Tx) async throws {
        let record = try await tx.query(ImportRecord.find(id, tenant, lock: true))
        guard record.state == .checking else { return }
        let sql = ImportSQL(tenant: tenant, id: id, today: today)
        try await tx.execute(ImportSQL.hashing)
        for check in sql.checks { try await tx.execute(sql.record(check)) }
        try await tx.execute(sql.markFaulty)
        try await tx.execute(sql.record(sql.sharesExceed))
        try await tx.execute(sql.markFaulty)
        let counts = try JSONBytes(encoding: try await sql.counts(tx))
        try await tx.execute(
            """
            update app.import set state = 'checked', counts = \(counts), version = version + 1,
                   errors = (select count(distinct number) from app.import_error where tenant_id = \(tenant) and import_id = \(id))
             where tenant_id = \(tenant) and id = \(id)
            """)
    }
}

/// What was read in a portion of rows, on its way into the staging table.
private struct ImportRows {
    let id: UUID
    let tenant: Int32
    let readings: [ImportReading]

    private func texts(_ field: ImportField) -> [String?] { readings.map { $0[field] } }
    private var fresh: [UUID] { readings.map { _ in .v7() } }

    var update: SQL {
        let numbers: SQL = "\(readings.map(\.number)), \(readings.map { !$0.problems.isEmpty })"
        let place: SQL = "\(texts(.building)), \(texts(.street)), \(texts(.postalCode)), \(texts(.city)), \(texts(.entrance))"
        let unit: SQL = "\(texts(.unit)), \(readings.map(\.floor)), \(readings.map(\.area)), \(readings.map(\.unitKind))"
        let person: SQL = "\(texts(.person)), \(texts(.email)), \(readings.map { $0.role?.rawValue })"
        let share: SQL = "\(readings.map { $0.share?.numerator }), \(readings.map { $0.share?.denominator })"
        let time: SQL = "\(readings.map(\.since)), \(readings.map(\.until))"
        let ids: SQL = "\(fresh), \(fresh), \(fresh), \(fresh), \(fresh)"
        let columns: SQL = """
            faulty, building, street, postal_code, city, entrance, unit, floor, area, unit_kind, person, email, role, numerator,
            denominator, since, until, new_building, new_entrance, new_unit, new_member, new_occupancy
            """
        return """
            update app.import_row r
               set (\(columns)) = row(s.faulty, s.building, s.street, s.postal_code, s.city, s.entrance, s.unit, s.floor, s.area,
                                      s.unit_kind, s.person, s.email, s.role, s.numerator, s.denominator, s.since, s.until,
                                      s.new_building, s.new_entrance, s.new_unit, s.new_member, s.new_occupancy)
              from unnest(\(numbers), \(place), \(unit), \(person), \(share), \(time), \(ids)) as s(number, \(columns))
             where r.tenant_id = \(tenant) and r.import_id = \(id) and r.number = s.number
            """
    }

    var errors: SQL {
        let all = readings.flatMap { reading in reading.problems.map { (reading.number, $0) } }
        return """
            insert into app.import_error(tenant_id, import_id, number, field, value, code)
            select \(tenant), \(id), e.number, e.field, e.value, e.code
              from unnest(\(all.map(\.0)), \(all.map(\.1.field.rawValue)), \(all.map(\.1.value)), \(all.map(\.1.code)))
                   as e(number, field, value, code)
            """
    }
}
