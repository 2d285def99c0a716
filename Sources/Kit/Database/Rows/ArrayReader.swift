/// Reads the elements of a one-dimensional array of Postgres. Every length is checked against the bytes that are there.
struct ArrayReader {
    private var rest: UnsafeRawBufferPointer
    private let type: UInt32
    /// How many elements the array says it has; at most one per four bytes.
    let count: Int
    private var left: Int

    init(_ cell: Cell) throws(CellError) {
        guard let element = Self.elements[cell.type] else { throw .type(expected: "an array") }
        guard let bytes = cell.bytes else { throw .null }
        rest = bytes
        let dimensions = try Self.take(&rest)
        _ = try Self.take(&rest)  // whether NULLs are in it: each element says so itself
        let stated = UInt32(bitPattern: try Self.take(&rest))
        guard stated == element else { throw .malformed("elements of \(SQLType.name(stated))") }
        type = element
        switch dimensions {
        case 0: count = 0
        case 1:
            count = Int(try Self.take(&rest))
            _ = try Self.take(&rest)  // lower bound
        default: throw .malformed("\(dimensions) dimensions, only one is supported")
        }
        guard count >= 0, count <= rest.count / 4 else { throw .malformed("\(count) elements in \(rest.count) bytes") }
        left = count
    }

    /// nil after the last element.
    mutating func next() throws(CellError) -> Cell? {
        guard left > 0 else { return nil }
        left -= 1
        let length = Int(try Self.take(&rest))
        guard length >= 0 else { return Cell(bytes: nil, type: type) }
        guard length <= rest.count else { throw .malformed("an element of \(length) bytes where \(rest.count) are left") }
        let element = UnsafeRawBufferPointer(rebasing: rest.prefix(length))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length))
        return Cell(bytes: element, type: type)
    }

    private static func take(_ rest: inout UnsafeRawBufferPointer) throws(CellError) -> Int32 {
        guard rest.count >= 4 else { throw .malformed("it ends early") }
        let number = Int32(bigEndian: rest.loadUnaligned(as: Int32.self))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(4))
        return number
    }

    /// Array type → element type.
    private static let elements: [UInt32: UInt32] = [
        1000: 16, 1001: 17, 1002: 18, 1003: 19, 1005: 21, 1007: 23, 1009: 25, 1014: 1042, 1015: 1043, 1016: 20, 1021: 700,
        1022: 701,
        1182: 1082, 1185: 1184, 199: 114, 2951: 2950, 3807: 3802
    ]
}
