import Database
import Foundation

/// An import step by step, for `portico bench import`.
package enum ImportBenching {
    package static func upload(_ bytes: [UInt8], _ walled: Walled) async throws -> UUID {
        let file = try await ImportJobs.readers.run { try CSVFile(bytes) }
        return try await walled.write { tx in try await Imports(tx: tx).add(file, filename: "bench.csv").id }
    }

    /// Enqueues the dry run, with the columns as guessed.
    package static func check(_ id: UUID, _ walled: Walled) async throws {
        try await walled.write { tx in
            let imports = Imports(tx: tx)
            _ = try await imports.map(id, try await imports.find(id).mapping)
        }
    }

    /// Enqueues the import.
    package static func run(_ id: UUID, _ walled: Walled) async throws {
        try await walled.write { tx in _ = try await Imports(tx: tx).run(id, skipping: false) }
    }

    /// How many things were added.
    package static func outcome(_ id: UUID, _ walled: Walled) async throws -> Int {
        let record = try await walled.read(ImportRecord.find(id, walled.facts.tenant))
        guard record.state == .done, let counts = record.counts else { return 0 }
        return counts.buildings.new + counts.entrances.new + counts.units.new + counts.people.new + counts.occupancies.new
    }
}
