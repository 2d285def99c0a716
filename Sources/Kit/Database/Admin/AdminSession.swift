import CPostgres
import Foundation

/// A plain blocking connection for the migrator. Scripts of several statements go as they are, which only files of the project
/// may.
final class AdminSession {
    private let pg: OpaquePointer

    init(url: String, role: String?) throws {
        let settings = ConnectionSettings(
            url: url, role: role, password: nil, applicationName: "portico migrate", statementTimeout: .zero)
        guard let pg = settings.withKeywords({ PQconnectdbParams($0, $1, 1) }) else {
            throw DatabaseError.connection("out of memory")
        }
        guard PQstatus(pg) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(pg)).trimmingCharacters(in: .whitespacesAndNewlines)
            PQfinish(pg)
            throw DatabaseError.connection(message)
        }
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
        self.pg = pg
    }

    private var isOpen = true

    func close() {
        if isOpen { PQfinish(pg) }
        isOpen = false
    }

    deinit { close() }

    var isInTransaction: Bool { PQtransactionStatus(pg) == PQTRANS_INTRANS }

    /// Runs one statement with text parameters, or several without any.
    func run(_ sql: String, _ values: [String] = []) throws { PQclear(try result(sql, values)) }

    /// The rows as text; NULL is an empty text.
    func rows(_ sql: String, _ values: [String] = []) throws -> [[String]] {
        let result = try result(sql, values)
        defer { PQclear(result) }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { PQgetvalue(result, row, $0).map { String(cString: $0) } ?? "" }
        }
    }

    /// Runs a file's statements; an error tells the line.
    func run(script: String) throws {
        guard PQsendQuery(pg, script) == 1 else { throw DatabaseError.connection(String(cString: PQerrorMessage(pg))) }
        var done = 0
        var failure: ScriptError?
        while let result = PQgetResult(pg) {
            if PQresultStatus(result) == PGRES_FATAL_ERROR {
                let position = PQresultErrorField(result, 80).flatMap { Int(String(cString: $0)) }
                let line =
                    position.map { SQLScript.line(ofCharacter: $0, in: script) } ?? SQLScript.line(ofStatement: done, in: script)
                failure = failure ?? ScriptError(line: line, error: DatabaseError(result: result, statement: nil))
            }
            done += 1
            PQclear(result)
        }
        if let failure { throw failure }
    }

    private func result(_ sql: String, _ values: [String]) throws -> OpaquePointer {
        let copies = values.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer<CChar>($0) }
        guard
            let result = values.isEmpty ? PQexec(pg, sql) : PQexecParams(pg, sql, Int32(values.count), nil, pointers, nil, nil, 0)
        else {
            throw DatabaseError.connection(String(cString: PQerrorMessage(pg)))
        }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY else {
            defer { PQclear(result) }
            throw DatabaseError(result: result, statement: nil)
        }
        return result
    }
}

/// A script's statement failed.
struct ScriptError: Error {
    let line: Int
    let error: DatabaseError
}
