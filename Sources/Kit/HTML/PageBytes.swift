/// The memory that a page is written into. Half of a page's time is spent on short appends, and these cost a third of what
/// `ByteBuffer`'s do: one check for room and for other owners, one copy.
struct PageBytes: @unchecked Sendable {
    /// Owns the memory. Two pages share it only until one of them writes (see `reserve`), hence `@unchecked Sendable`.
    private final class Memory {
        let start: UnsafeMutablePointer<UInt8>
        let capacity: Int

        init(capacity: Int) {
            start = .allocate(capacity: capacity)
            self.capacity = capacity
        }

        deinit { start.deallocate() }
    }

    private var memory: Memory
    private(set) var count = 0

    init(capacity: Int) {
        memory = Memory(capacity: max(capacity, 64))
    }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withExtendedLifetime(memory) { body(UnsafeBufferPointer(start: memory.start, count: count)) }
    }

    /// Room for this many more bytes, in memory that nobody else sees.
    @inline(__always)
    private mutating func reserve(_ additional: Int) -> UnsafeMutablePointer<UInt8> {
        if memory.capacity - count < additional || !isKnownUniquelyReferenced(&memory) { move(additional) }
        return memory.start + count
    }

    @inline(never)
    private mutating func move(_ additional: Int) {
        let larger = Memory(capacity: max(memory.capacity, (count + additional) * 2))
        larger.start.update(from: memory.start, count: count)
        memory = larger
    }

    @inline(__always)
    private mutating func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length).update(from: start, count: length)
        count &+= length
    }

    mutating func append(_ text: StaticString) {
        if text.hasPointerRepresentation {
            append(text.utf8Start, text.utf8CodeUnitCount)
        } else {
            text.withUTF8Buffer { if let start = $0.baseAddress { append(start, $0.count) } }
        }
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { if let start = $0.baseAddress { append(start, $0.count) } }
    }

    // MARK: - Values

    /// Writes text so that it means itself in element text and in quoted attribute values: `& < > " '` as references,
    /// control characters (which HTML forbids and which hide things in logs and terminals) as U+FFFD.
    mutating func writeEscaped(_ value: String) {
        var value = value
        value.withUTF8 { writeEscaped($0) }
    }

    mutating func writeEscaped(_ value: Substring) {
        var value = value
        value.withUTF8 { writeEscaped($0) }
    }

    /// Most values hold nothing special: they are looked at and copied in one go. Else the runs between special bytes are copied.
    @inline(__always)
    private mutating func writeEscaped(_ value: UnsafeBufferPointer<UInt8>) {
        guard let start = value.baseAddress else { return }
        if Escaping.copyPlain(start, to: reserve(value.count), value.count) {
            count &+= value.count
        } else {
            writeRuns(start, value.count)
        }
    }

    @inline(never)
    private mutating func writeRuns(_ start: UnsafePointer<UInt8>, _ end: Int) {
        var copied = 0
        var index = Escaping.next(start, from: 0, to: end)
        while index < end {
            if let escape = Escaping.escape(start[index], index + 1 < end ? start[index + 1] : 0) {
                append(start + copied, index - copied)
                append(escape.text)
                copied = index + escape.length
                index = Escaping.next(start, from: copied, to: end)
            } else {
                index = Escaping.next(start, from: index + 1, to: end)
            }
        }
        append(start + copied, end - copied)
    }

    mutating func writeDecimal(_ value: Int64) {
        let target = reserve(20)
        var rest = value.magnitude
        var length = value < 0 ? 2 : 1
        while rest > 9 {
            length &+= 1
            rest /= 10
        }
        rest = value.magnitude
        var index = length
        repeat {
            index &-= 1
            target[index] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
            rest /= 10
        } while rest > 0
        if value < 0 { target[0] = UInt8(ascii: "-") }
        count &+= length
    }
}
