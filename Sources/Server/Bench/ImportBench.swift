import ArgumentParser
import Database
import Foundation
import Property

/// Ten thousand rows of buildings, units, people and shares: dry run and import, through the job queue as they run in service.
struct ImportBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Dry run and import of a CSV of 10,000 rows.")

    @OptionGroup var options: BenchOptions

    @Option(help: "How many rows the file has.")
    var rows = 10_000

    func run() async throws {
        try await options.report("import") { report in
            let house = try await BenchHouse.open()
            let (worker, file) = (house.app.worker(), BenchFile(rows: rows))
            let (id, upload) = try await timed { try await ImportBenching.upload(file.bytes, house.walled) }
            let (_, check) = try await timed {
                try await ImportBenching.check(id, house.walled)
                try await worker.drain(tenant: house.tenant.id)
            }
            let (_, run) = try await timed {
                try await ImportBenching.run(id, house.walled)
                try await worker.drain(tenant: house.tenant.id)
            }
            let counts = try await ImportBenching.outcome(id, house.walled)
            try await file.forget(house)
            report.add("upload: rows cut and kept", upload, "s")
            report.add("dry run", check, "s", atMost: 20)
            report.add("import", run, "s", atMost: 20)
            report.add("things added", Double(counts), "rows", atLeast: Double(rows))
            await house.close()
        }
    }

    private func timed<Value>(_ work: () async throws -> Value) async throws -> (Value, Double) {
        let start = ContinuousClock.now
        let value = try await work()
        return (value, start.duration(to: .now).inSeconds)
    }
}

/// A made-up file: forty units to a building, in turn a resident, an owner of the whole, and two owners of halves.
private struct BenchFile {
    let key = String(UUID().uuidString.prefix(8)).lowercased()
    let rows: Int

    var bytes: [UInt8] {
        var text = "Gebäude;Straße;PLZ;Ort;Eingang;Einheit;Etage;Fläche;Name;E-Mail;Rolle;Anteil;Seit\r\n"
        for row in 0..<rows {
            let (unit, part) = (row / 4, row % 4)
            let person =
                "Person \(row);p\(row)-\(key)@bench.test;\(part == 0 ? "Mieter;" : part == 1 ? "Eigentümer;1/2" : "Eigentümer;1/4")"
            text += "Import \(key) \(unit / 40);Weg \(unit / 40);10115;Berlin;Aufgang \(unit % 3);"
            text += "\(unit % 40);\(unit % 7);\(40 + unit % 60),5;\(person);01.0\(1 + row % 9).2020\r\n"
        }
        return Array(text.utf8)
    }

    /// The next run finds the company as this one did; audit lines stay.
    func forget(_ house: BenchHouse) async throws {
        let tenant = house.tenant.id
        let names = "Import \(key) %"
        let units: SQL = """
            select u.id from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(tenant) and b.name like \(names)
            """
        let buildings: SQL = "select id from app.building where tenant_id = \(tenant) and name like \(names)"
        try await house.walled.write { tx in
            try await tx.execute("delete from app.occupancy where tenant_id = \(tenant) and unit_id in (\(units))")
            try await tx.execute("delete from app.unit where tenant_id = \(tenant) and building_id in (\(buildings))")
            try await tx.execute("delete from app.entrance where tenant_id = \(tenant) and building_id in (\(buildings))")
            try await tx.execute("delete from app.building where tenant_id = \(tenant) and name like \(names)")
            try await tx.execute("delete from app.member where tenant_id = \(tenant) and email like \("%-\(key)@bench.test")")
        }
    }
}
