import Audit
import Database
import Forms
import Foundation
import Jobs
import Web

/// The way of an import: uploaded, mapped, checked, taken over. Each function is one transaction's worth.
struct Imports {
    let tx: Tx

    private var tenant: Int32 { tx.facts.tenant }

    /// Keeps the file's rows; nothing else is touched before somebody says what its columns mean.
    func add(_ file: CSVFile, filename: String) async throws -> ImportRecord {
        let id = UUID.v7(now: tx.facts.now)
        let mapping = try JSONBytes(encoding: ImportField.names(ImportField.guess(file.columns)))
        try await tx.execute(
            """
            insert into app.import(tenant_id, id, filename, columns, mapping, state, rows, added_by, added_at)
            values (\(tenant), \(id), \(String(filename.prefix(200))), \(file.columns), \(mapping), 'mapping', \(Int32(clamping: file.lines.count)),
                    \(tx.facts.actor), \(tx.facts.now))
            """)
        for start in stride(from: 0, to: file.lines.count, by: 5_000) {
            let part = file.lines[start..<min(start + 5_000, file.lines.count)]
            // A unit separator is in no cell: the reader refuses control characters.
            let texts = part.map { $0.cells.joined(separator: "\u{1F}") }
            try await tx.execute(
                """
                insert into app.import_row(tenant_id, import_id, number, cells)
                select \(tenant), \(id), l.number, string_to_array(l.text, chr(31))
                  from unnest(\(part.map(\.number)), \(texts)) as l(number, text)
                """)
        }
        try tx.audit("import.added", "import", id, AuditChange(after: ["file": filename, "rows": String(file.lines.count)]))
        return try await find(id)
    }

    /// Says what the columns mean, and has the file checked.
    ///
    /// - Throws: 409 while it is at work or when it is done.
    func map(_ id: UUID, _ mapping: [ImportField: Int]) async throws -> ImportRecord {
        let record = try await find(id, lock: true)
        guard [.mapping, .checked, .failed].contains(record.state) else { throw Failure.importBusy }
        try check(mapping, record.columns)
        let names = try JSONBytes(encoding: ImportField.names(mapping))
        try await tx.execute(
            """
            update app.import set mapping = \(names), state = 'checking', progress = 0, errors = 0, counts = null, problem = null,
                   version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.enqueue(CheckImport(importID: id))
        return try await find(id)
    }

    private func check(_ mapping: [ImportField: Int], _ columns: [String]) throws {
        var problems: [FieldProblem] = []
        if mapping[.building] == nil, mapping[.email] == nil { problems.append(FieldProblem("building", .required)) }
        var taken: [Int: ImportField] = [:]
        for field in ImportField.ordered {
            guard let column = mapping[field] else { continue }
            if !columns.indices.contains(column) { problems.append(FieldProblem(field.rawValue, .notAllowed)) }
            if taken.updateValue(field, forKey: column) != nil {
                problems.append(FieldProblem(field.rawValue, .own("column_twice")))
            }
        }
        guard problems.isEmpty else { throw FormErrors(problems) }
    }

    /// Takes over what was checked.
    ///
    /// - Parameter skipping: leave out the rows with errors; without it a file with errors is not taken over.
    func run(_ id: UUID, skipping: Bool) async throws -> ImportRecord {
        let record = try await find(id, lock: true)
        guard record.state == .checked else { throw Failure.importBusy }
        guard record.errors == 0 || skipping else { throw Failure.importHasErrors }
        try await tx.execute(
            """
            update app.import set state = 'importing', skip_errors = \(skipping), run_by = \(tx.facts.actor), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.audit("import.started", "import", id)
        try tx.enqueue(RunImport(importID: id))
        return try await find(id)
    }

    func find(_ id: UUID, lock: Bool = false) async throws -> ImportRecord {
        try await tx.query(ImportRecord.find(id, tenant, lock: lock))
    }
}

extension Failure {
    static let importBusy = Failure(.conflict, "import_not_ready", "This import is at work, or done, or not checked yet")
    static let importHasErrors = Failure(.conflict, "import_has_errors", "Some rows have errors; correct them or leave them out")
}
