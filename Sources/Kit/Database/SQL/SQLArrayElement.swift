import Foundation

/// What may stand in a bound or decoded array. One dimension only.
public protocol SQLArrayElement: Sendable {
    static var sqlTypeOfArray: SQLType { get }
    static func encode(array: [Self], into binds: inout Binds)
    static func decode(array cell: Cell) throws(CellError) -> [Self]
}

extension SQLArrayElement where Self: SQLBindable {
    public static var sqlTypeOfArray: SQLType { SQLType(oid: sqlType.array, array: 0) }

    /// Dimensions, whether NULLs are in it, element type, then length and lower bound of the dimension, then each element.
    public static func encode(array: [Self], into binds: inout Binds) {
        let nullsAt = binds.bytes.count + 4
        binds.write(Int32(array.isEmpty ? 0 : 1))
        binds.write(Int32(0))
        binds.write(sqlType.oid)
        guard !array.isEmpty else { return }
        guard let count = Int32(exactly: array.count) else { return binds.refuse("the array is too long") }
        binds.write(count)
        binds.write(Int32(1))
        for element in array {
            let lengthAt = binds.bytes.count
            binds.write(Int32(-1))
            if element.encode(into: &binds) {
                guard let length = Int32(exactly: binds.bytes.count - lengthAt - 4) else {
                    return binds.refuse("an element is too long")
                }
                binds.patch(length, at: lengthAt)
            } else {
                binds.patch(1, at: nullsAt)
            }
        }
    }
}

extension SQLArrayElement where Self: SQLDecodable {
    public static func decode(array cell: Cell) throws(CellError) -> [Self] {
        var reader = try ArrayReader(cell)
        var result: [Self] = []
        result.reserveCapacity(min(reader.count, 4_096))
        while let element = try reader.next() { result.append(try Self(cell: element)) }
        return result
    }
}

/// Bytes are not an array of Postgres but one value of type bytea.
extension UInt8: SQLArrayElement {
    public static var sqlTypeOfArray: SQLType { .bytea }
    public static func encode(array: [UInt8], into binds: inout Binds) { binds.write(array) }
    public static func decode(array cell: Cell) throws(CellError) -> [UInt8] {
        guard cell.type == SQLType.bytea.oid else { throw .type(expected: "bytea") }
        guard let bytes = cell.bytes else { throw .null }
        return Array(bytes)
    }
}

/// An array whose elements may be NULL.
extension Optional: SQLArrayElement where Wrapped: SQLArrayElement & SQLBindable & SQLDecodable {}

/// Enums over a raw value stand in arrays too.
extension Bool: SQLArrayElement {}
extension Int16: SQLArrayElement {}
extension Int32: SQLArrayElement {}
extension Int64: SQLArrayElement {}
extension Int: SQLArrayElement {}
extension Double: SQLArrayElement {}
extension String: SQLArrayElement {}
extension UUID: SQLArrayElement {}
extension Date: SQLArrayElement {}
extension CalendarDate: SQLArrayElement {}
extension JSONBytes: SQLArrayElement {}
/// `[[UInt8]]` is bytea[].
extension Array: SQLArrayElement where Element == UInt8 {}
