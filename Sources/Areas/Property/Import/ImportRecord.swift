import Database
import Foundation
import HTML
import Web

/// An import: a file, what its columns mean, and how far it has come.
struct ImportRecord: Record, Sendable {
    enum State: String, Sendable, SQLBindable, SQLDecodable {
        case mapping, checking, checked, importing, done, failed
        /// Its rows are gone, because nobody carried it out.
        case expired
    }

    let id: UUID
    let filename: String
    let columns: [String]
    let mapping: [ImportField: Int]
    let state: State
    let rows: Int
    let progress: Int
    let errors: Int
    let skipErrors: Bool
    let counts: ImportCounts?
    let problem: String?
    let addedBy: String
    let addedAt: Date
    let runBy: String?
    let finishedAt: Date?
    let version: Int

    init(row: Row) throws {
        id = try row["id"]
        filename = try row["filename"]
        columns = try row["columns"]
        let mapping: JSONBytes = try row["mapping"]
        self.mapping = ImportField.mapping(try mapping.decode([String: Int].self))
        state = try row["state"]
        rows = try row["rows"]
        progress = try row["progress"]
        errors = try row["errors"]
        skipErrors = try row["skip_errors"]
        let counts: JSONBytes? = try row["counts"]
        self.counts = try counts?.decode(ImportCounts.self)
        problem = try row["problem"]
        addedBy = try row["added_by"]
        addedAt = try row["added_at"]
        runBy = try row["run_by"]
        finishedAt = try row["finished_at"]
        version = try row["version"]
    }

    var path: WebPath { "/imports/\(id.text)" }
    var isBusy: Bool { state == .checking || state == .importing }

    private static let select: SQL = """
        select i.id, i.filename, i.columns, i.mapping, i.state, i.rows, i.progress, i.errors, i.skip_errors, i.counts, i.problem,
               m.name as added_by, i.added_at, n.name as run_by, i.finished_at, i.version
          from app.import i join app.member m on m.tenant_id = i.tenant_id and m.id = i.added_by
          left join app.member n on n.tenant_id = i.tenant_id and n.id = i.run_by
        """

    static func find(_ id: UUID, _ tenant: Int32, lock: Bool = false) -> Query<ImportRecord> {
        .one("\(select) where i.tenant_id = \(tenant) and i.id = \(id) \(lock ? "for update of i" : SQL.empty)")
    }

    /// Newest first; one more than `size`.
    static func page(_ tenant: Int32, _ cursor: Cursor, size: Int) -> Query<[ImportRecord]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and i.id < \(id)", "desc")
            case .before(let id): ("and i.id > \(id)", "asc")
            }
        return .many("\(select) where i.tenant_id = \(tenant) \(seek) order by i.id \(order) limit \(size + 1)")
    }

    static func count(_ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.import where tenant_id = \(tenant)", Int.self)
    }
}

extension ImportField {
    /// From the field's names, as they are kept; what is unknown by now is left out.
    static func mapping(_ names: [String: Int]) -> [ImportField: Int] {
        var mapping: [ImportField: Int] = [:]
        for (name, column) in names { if let field = ImportField(rawValue: name) { mapping[field] = column } }
        return mapping
    }

    static func names(_ mapping: [ImportField: Int]) -> [String: Int] {
        Dictionary(mapping.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
    }
}

/// How many things an import makes, changes, and finds as they should be.
struct ImportCounts: Codable, Equatable, Sendable {
    struct Count: Codable, Equatable, Sendable {
        var new = 0
        var changed = 0
        var same = 0
    }

    var buildings = Count()
    var entrances = Count()
    var units = Count()
    var people = Count()
    var occupancies = Count()
}

/// What is wrong with one cell of the file.
struct ImportError: Record, Sendable {
    let number: Int
    let field: ImportField
    let value: String
    let code: String
    let detail: String

    init(row: Row) throws {
        number = try row["number"]
        let name: String = try row["field"]
        field = ImportField(rawValue: name) ?? .building
        value = try row["value"]
        code = try row["code"]
        detail = try row["detail"]
    }

    static func of(_ id: UUID, _ tenant: Int32, after number: Int = 0, limit: Int) -> Query<[ImportError]> {
        .many(
            """
            select number, field, value, code, detail from app.import_error
             where tenant_id = \(tenant) and import_id = \(id) and number > \(number) order by number, field limit \(limit)
            """)
    }
}

/// The cells of one row as they came.
struct ImportCells: Record, Sendable {
    let number: Int32
    let cells: [String]

    init(row: Row) throws {
        number = try row["number"]
        cells = try row["cells"]
    }

    static func of(_ id: UUID, _ tenant: Int32, after number: Int32 = 0, limit: Int) -> Query<[ImportCells]> {
        .many(
            """
            select number, cells from app.import_row
             where tenant_id = \(tenant) and import_id = \(id) and number > \(number) order by number limit \(limit)
            """)
    }
}
