/// A type of Postgres by its number in `pg_type`, with the number of the array of it.
public struct SQLType: Sendable, Equatable {
    public let oid: UInt32
    public let array: UInt32

    public init(oid: UInt32, array: UInt32) {
        self.oid = oid
        self.array = array
    }

    public static let bool = SQLType(oid: 16, array: 1000)
    public static let bytea = SQLType(oid: 17, array: 1001)
    public static let int8 = SQLType(oid: 20, array: 1016)
    public static let int2 = SQLType(oid: 21, array: 1005)
    public static let int4 = SQLType(oid: 23, array: 1007)
    public static let text = SQLType(oid: 25, array: 1009)
    public static let float8 = SQLType(oid: 701, array: 1022)
    public static let date = SQLType(oid: 1082, array: 1182)
    public static let timestamptz = SQLType(oid: 1184, array: 1185)
    public static let uuid = SQLType(oid: 2950, array: 2951)
    public static let jsonb = SQLType(oid: 3802, array: 3807)

    static let numeric: UInt32 = 1700

    /// The type's name for messages.
    static func name(_ oid: UInt32) -> String {
        if let name = names[oid] { return name }
        return "type \(oid)"
    }

    private static let names: [UInt32: String] = [
        16: "bool", 17: "bytea", 18: "\"char\"", 19: "name", 20: "bigint", 21: "smallint", 23: "int", 25: "text", 26: "oid",
        114: "json",
        700: "real", 701: "float8", 705: "unknown", 1000: "bool[]", 1001: "bytea[]", 1003: "name[]", 1005: "smallint[]",
        1007: "int[]",
        1009: "text[]", 1015: "varchar[]", 1016: "bigint[]", 1022: "float8[]", 1042: "char(n)", 1043: "varchar", 1082: "date",
        1083: "time", 1114: "timestamp without time zone", 1182: "date[]", 1184: "timestamptz", 1185: "timestamptz[]",
        1186: "interval",
        1700: "numeric", 2278: "void", 2950: "uuid", 2951: "uuid[]", 3802: "jsonb", 3807: "jsonb[]"
    ]
}
