/// One value of a row in binary form, valid while it is being decoded.
public struct Cell {
    /// nil for NULL.
    @usableFromInline let bytes: UnsafeRawBufferPointer?
    /// The type's number in `pg_type`.
    @usableFromInline let type: UInt32

    @inlinable init(bytes: UnsafeRawBufferPointer?, type: UInt32) {
        self.bytes = bytes
        self.type = type
    }

    /// The bytes as a big-endian number; nil unless there are exactly as many as the number has.
    @inlinable func number<N: FixedWidthInteger>(_: N.Type) throws(CellError) -> N {
        guard let bytes else { throw .null }
        guard bytes.count == MemoryLayout<N>.size else { throw .malformed("\(bytes.count) bytes") }
        return N(bigEndian: bytes.loadUnaligned(as: N.self))
    }
}

/// Why a value could not be decoded; the row adds column and type.
public enum CellError: Error {
    case null
    case type(expected: String)
    case malformed(String)
}
