import Foundation

/// A value that a column can be read as.
public protocol SQLDecodable {
    init(cell: Cell) throws(CellError)
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        let raw = try RawValue(cell: cell)
        guard let value = Self(rawValue: raw) else { throw .malformed("no \(Self.self) has the value \(raw)") }
        self = value
    }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        self = cell.bytes == nil ? nil : try Wrapped(cell: cell)
    }
}

extension Bool: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        guard cell.type == 16 else { throw .type(expected: "bool") }
        self = try cell.number(UInt8.self) != 0
    }
}

extension Int16: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        guard cell.type == 21 else { throw .type(expected: "smallint") }
        self = try cell.number(Int16.self)
    }
}

extension Int32: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        switch cell.type {
        case 23: self = try cell.number(Int32.self)
        case 21: self = Int32(try cell.number(Int16.self))
        default: throw .type(expected: "int")
        }
    }
}

extension Int64: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        switch cell.type {
        case 20: self = try cell.number(Int64.self)
        case 23: self = Int64(try cell.number(Int32.self))
        case 21: self = Int64(try cell.number(Int16.self))
        case 26: self = Int64(try cell.number(UInt32.self))
        default: throw .type(expected: "bigint")
        }
    }
}

extension Int: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        self = Int(try Int64(cell: cell))
    }
}

extension Double: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        switch cell.type {
        case 701: self = Double(bitPattern: try cell.number(UInt64.self))
        case 700: self = Double(Float(bitPattern: try cell.number(UInt32.self)))
        default: throw .type(expected: "float8")
        }
    }
}

extension String: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        switch cell.type {
        case 25, 1043, 1042, 19, 18, 705: break
        default: throw .type(expected: "text")
        }
        guard let bytes = cell.bytes else { throw .null }
        self = String(decoding: bytes, as: UTF8.self)
    }
}

extension UUID: SQLDecodable {
    @inlinable public init(cell: Cell) throws(CellError) {
        guard cell.type == 2950 else { throw .type(expected: "uuid") }
        guard let bytes = cell.bytes else { throw .null }
        guard bytes.count == 16 else { throw .malformed("\(bytes.count) bytes") }
        self = UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Date: SQLDecodable {
    public init(cell: Cell) throws(CellError) {
        guard cell.type == 1184 else { throw .type(expected: "timestamptz") }
        self = PostgresTime.date(microseconds: try cell.number(Int64.self))
    }
}

extension CalendarDate: SQLDecodable {
    public init(cell: Cell) throws(CellError) {
        guard cell.type == 1082 else { throw .type(expected: "date") }
        guard let date = CalendarDate(daysSince2000: try cell.number(Int32.self)) else {
            throw .malformed("a date outside the years 1 to 9999")
        }
        self = date
    }
}

extension JSONBytes: SQLDecodable {
    public init(cell: Cell) throws(CellError) {
        guard let bytes = cell.bytes else { throw .null }
        switch cell.type {
        case 3802:
            guard bytes.first == 1 else { throw .malformed("an unknown version of jsonb") }
            self = JSONBytes(Array(bytes.dropFirst()))
        case 114: self = JSONBytes(Array(bytes))
        default: throw .type(expected: "jsonb")
        }
    }
}

extension Array: SQLDecodable where Element: SQLArrayElement {
    @inlinable public init(cell: Cell) throws(CellError) {
        self = try Element.decode(array: cell)
    }
}
