import CPostgres

/// What went wrong between Portico and Postgres. Message and detail may hold values of rows: they go to the log, never to a
/// browser.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// Postgres refused the statement; see `sqlState`.
        case server
        /// The connection could not be made or was lost.
        case connection
        /// A value was not what the record expected.
        case decoding
        /// The call itself makes no sense: a transaction used after its end, a value without a binary form.
        case misuse
    }

    public var kind: Kind
    /// The five characters of Postgres' error code, "23505" for a unique violation; "08006" for a lost connection.
    public var sqlState: String
    public var message: String
    public var detail: String?
    public var constraint: String?
    public var table: String?
    public var column: String?
    /// The statement, with `$n` where the values were.
    public var statement: String?
    /// True when the connection was lost while COMMIT was under way: the change may stand.
    public var outcomeUnknown = false

    init(_ kind: Kind, sqlState: String = "", _ message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
    }

    public var description: String {
        var text = sqlState.isEmpty ? message : "\(sqlState) \(message)"
        if let detail { text += " (\(detail))" }
        if let constraint { text += " [constraint \(constraint)]" }
        if let statement { text += " in: \(statement)" }
        return text
    }

    /// 23505; with a name only of that constraint or index.
    public func isUniqueViolation(of name: String? = nil) -> Bool {
        sqlState == "23505" && (name == nil || name == constraint)
    }

    /// 23503: a row that others refer to, or that refers to nothing.
    public var isForeignKeyViolation: Bool { sqlState == "23503" }

    /// Serialization failure or deadlock: the same transaction may succeed when it is run again.
    public var isWorthRetrying: Bool { sqlState == "40001" || sqlState == "40P01" }
}

extension Error {
    /// Whether a change may stand although it failed with this: the answer to its COMMIT was lost.
    public var leavesOutcomeUnknown: Bool { (self as? DatabaseError)?.outcomeUnknown == true }
}

extension DatabaseError {
    /// Takes the fields of an error result; the caller still owns the result.
    init(result: OpaquePointer, statement: String?) {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        // The codes of postgres_ext.h, which are character constants that Swift does not import.
        let state = field(67) ?? ""
        self.init(.server, sqlState: state, field(77) ?? "Postgres gave no reason")
        detail = field(68)
        table = field(116)
        column = field(99)
        constraint = field(110)
        self.statement = statement
    }

    static func connection(_ message: String) -> DatabaseError { DatabaseError(.connection, sqlState: "08006", message) }

    static func misuse(_ message: String) -> DatabaseError { DatabaseError(.misuse, message) }

    static func decoding(_ message: String, column: String?) -> DatabaseError {
        var error = DatabaseError(.decoding, message)
        error.column = column
        return error
    }

    static func decoding(_ reason: CellError, column: String, as type: Any.Type, found: UInt32) -> DatabaseError {
        let name = SQLType.name(found)
        let text =
            switch reason {
            case .null: "column \"\(column)\" is NULL where \(type) was expected; read it as \(type)?"
            case .type where found == SQLType.numeric:
                "column \"\(column)\" is numeric, which has no exact Swift form here; cast it to bigint, float8 or text"
            case .type(let expected): "column \"\(column)\" is \(name) where \(type) (\(expected)) was expected"
            case .malformed(let what): "column \"\(column)\" (\(name)) cannot be read as \(type): \(what)"
            }
        return decoding(text, column: column)
    }
}

/// There is no such row, or the wall hides it: both look the same (404).
public struct NotFound: Error, Sendable {
    public init() {}
}

/// No connection was free in time, or too many were waiting already (503).
public struct PoolTimeout: Error, Sendable, CustomStringConvertible {
    public let waiting: Int
    public var description: String { "no database connection was free in time; \(waiting) were waiting" }
}
