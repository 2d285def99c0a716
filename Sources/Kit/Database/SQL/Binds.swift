/// Bind values in Postgres' binary format, one after the other in a single buffer.
public struct Binds: Sendable {
    /// One value: its type, and where its bytes stand. A negative length is NULL.
    struct Slot: Sendable {
        var type: UInt32
        var offset: Int32
        var length: Int32
    }

    var slots: [Slot] = []
    var bytes: [UInt8] = []
    /// Why the statement cannot be sent: a value without a binary form (a NaN date, a text over a gigabyte).
    var refusal: String?

    /// Postgres accepts no more than this many binds in one statement, and no value over a gigabyte.
    static let most = 65_535
    static let mostBytes = 1 << 30

    var count: Int { slots.count }
    var isEmpty: Bool { slots.isEmpty }

    mutating func reserve(_ count: Int) {
        slots.reserveCapacity(count)
        bytes.reserveCapacity(count * 16)
    }

    mutating func append<V: SQLBindable>(_ value: V) {
        let start = bytes.count
        let present = value.encode(into: &self)
        let length = bytes.count - start
        guard bytes.count <= Self.mostBytes, slots.count < Self.most else {
            bytes.removeLast(length)
            refusal = "a statement takes at most \(Self.most) binds and a gigabyte of values"
            return
        }
        slots.append(Slot(type: V.sqlType.oid, offset: Int32(start), length: present ? Int32(length) : -1))
    }

    mutating func append(contentsOf other: Binds) {
        guard bytes.count + other.bytes.count <= Self.mostBytes, count + other.count <= Self.most else {
            refusal = "a statement takes at most \(Self.most) binds and a gigabyte of values"
            return
        }
        let shift = Int32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        for slot in other.slots {
            slots.append(Slot(type: slot.type, offset: slot.offset + shift, length: slot.length))
        }
        refusal = refusal ?? other.refusal
    }

    // MARK: what encoders write with

    /// Says that the value has no binary form; the statement is refused before it is sent.
    public mutating func refuse(_ reason: String) { refusal = reason }

    public mutating func write(_ byte: UInt8) { bytes.append(byte) }

    public mutating func write(_ values: some Sequence<UInt8>) { bytes.append(contentsOf: values) }

    /// Writes the number in network order.
    public mutating func write<N: FixedWidthInteger>(_ number: N) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Overwrites four bytes written earlier, in network order: lengths that are known only afterwards.
    mutating func patch(_ number: Int32, at index: Int) {
        withUnsafeBytes(of: number.bigEndian) { source in
            for (step, byte) in source.enumerated() where bytes.indices.contains(index + step) { bytes[index + step] = byte }
        }
    }
}
