/// A line of `sec.migration`.
struct AppliedMigration: Record, Sendable, Equatable {
    let number: Int
    let name: String
    let checksum: String

    static let query: SQL = "select number, name, checksum from sec.migration order by number"

    init(row: Row) throws {
        number = try row["number"]
        name = try row["name"]
        checksum = try row["checksum"]
    }

    init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}

/// Compares files with what was applied.
enum MigrationLedger {
    static func status(_ files: [MigrationFile], applied: [AppliedMigration]) -> MigrationStatus {
        let newestFile = files.last?.number ?? 0
        let newer = applied.filter { $0.number > newestFile }
        if let drift = drift(files, applied: applied.filter { $0.number <= newestFile }) { return .drifted(drift) }
        if !newer.isEmpty { return .ahead(newer.map(\.name)) }
        let known = Set(applied.map(\.number))
        let waiting = files.filter { !known.contains($0.number) }
        return waiting.isEmpty ? .current : .behind(waiting.map(\.name))
    }

    /// The files that wait; throws on drift and on a schema that is newer.
    static func waiting(_ files: [MigrationFile], applied: [AppliedMigration], refusing: Bool) throws -> [MigrationFile] {
        switch status(files, applied: applied) {
        case .current: return []
        case .behind(let names): return files.filter { names.contains($0.name) }
        case .ahead(let names):
            throw MigrationError("the schema is newer than these files: it has \(names.joined(separator: ", "))")
        case .drifted(let what): throw MigrationError(what)
        }
    }

    private static func drift(_ files: [MigrationFile], applied: [AppliedMigration]) -> String? {
        let byNumber = Dictionary(uniqueKeysWithValues: files.map { ($0.number, $0) })
        for line in applied {
            guard let file = byNumber[line.number] else { return "\(line.name) was applied, but the file is gone" }
            if file.name != line.name { return "\(line.name) was applied, but the file is now called \(file.name)" }
            if file.checksum != line.checksum {
                return "\(file.name) was changed after it was applied; put it back as it was and write a new migration "
                    + "(or, while developing, start with a new database)"
            }
        }
        let known = Set(applied.map(\.number))
        if let last = applied.last, let late = files.first(where: { $0.number < last.number && !known.contains($0.number) }) {
            return "\(late.name) came after \(last.name) had been applied; give it a higher number"
        }
        return nil
    }
}
