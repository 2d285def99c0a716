import CPostgres

/// What one statement answered. Owns libpq's result and frees it; rows are decoded from it when they are read.
/// Used by one task at a time: it leaves the connection's thread with the answer.
@usableFromInline
final class ResultSet: @unchecked Sendable {
    private let result: OpaquePointer
    @usableFromInline let columns: Columns
    let rowCount: Int
    /// Where the last column was found. Records read their columns in order, so the next one is tried first.
    fileprivate var hint = 0

    init(_ result: OpaquePointer, columns: Columns) {
        self.result = result
        self.columns = columns
        rowCount = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// Rows changed by INSERT, UPDATE, DELETE, or read by SELECT; 0 for other commands.
    var affected: Int {
        guard let text = PQcmdTuples(result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// The command's tag: "COMMIT", "ROLLBACK", "INSERT 0 1".
    var tag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    func row(_ index: Int) -> Row { Row(set: self, index: Int32(truncatingIfNeeded: index)) }

    @usableFromInline func cell(row: Int32, column: Int) -> Cell {
        let column32 = Int32(truncatingIfNeeded: column)
        let type = columns.types[column]
        if PQgetisnull(result, row, column32) == 1 { return Cell(bytes: nil, type: type) }
        let length = Int(PQgetlength(result, row, column32))
        return Cell(bytes: UnsafeRawBufferPointer(start: PQgetvalue(result, row, column32), count: max(0, length)), type: type)
    }

    @usableFromInline func column(_ name: String) -> Int? {
        let names = columns.names
        let count = names.count
        var index = hint
        for _ in 0..<count {
            if index >= count { index = 0 }
            if names[index] == name {
                hint = index + 1
                return index
            }
            index += 1
        }
        return nil
    }
}

extension ResultSet {
    @usableFromInline
    func noColumn(_ name: String) -> any Error {
        DatabaseError.decoding("no column \"\(name)\"; there are: \(columns.names.joined(separator: ", "))", column: name)
    }

    @usableFromInline
    func noColumn(_ number: Int) -> any Error {
        DatabaseError.decoding("no column number \(number); the row has \(columns.types.count)", column: nil)
    }

    @usableFromInline
    func unreadable(_ column: Int, as type: Any.Type, _ reason: CellError) -> any Error {
        DatabaseError.decoding(reason, column: columns.names[column], as: type, found: columns.types[column])
    }
}

/// Names and types of a statement's columns; read once per prepared statement.
@usableFromInline
struct Columns: Sendable {
    @usableFromInline var names: [String] = []
    @usableFromInline var types: [UInt32] = []

    init() {}

    init(_ result: OpaquePointer) {
        let count = PQnfields(result)
        guard count > 0 else { return }
        for index in 0..<count {
            names.append(PQfname(result, index).map { String(cString: $0) } ?? "")
            types.append(PQftype(result, index))
        }
    }
}

/// One row of a result. Columns are found by name; `let title: String = try row["title"]`.
public struct Row {
    @usableFromInline let set: ResultSet
    @usableFromInline let index: Int32

    init(set: ResultSet, index: Int32) {
        self.set = set
        self.index = index
    }

    /// Throws a `DatabaseError` of kind `.decoding` that names the column, the expected and the found type.
    @inlinable public subscript<T: SQLDecodable>(_ name: String) -> T {
        get throws {
            guard let column = set.column(name) else {
                throw set.noColumn(name)
            }
            return try decode(column)
        }
    }

    /// The column at a place, the first is 0.
    @inlinable public subscript<T: SQLDecodable>(at column: Int) -> T {
        get throws {
            guard set.columns.types.indices.contains(column) else {
                throw set.noColumn(column)
            }
            return try decode(column)
        }
    }

    @inlinable func decode<T: SQLDecodable>(_ column: Int) throws -> T {
        let cell = set.cell(row: index, column: column)
        do throws(CellError) {
            return try T(cell: cell)
        } catch {
            throw set.unreadable(column, as: T.self, error)
        }
    }
}

/// A type that is read from one row.
public protocol Record: SendableMetatype {
    init(row: Row) throws
}
