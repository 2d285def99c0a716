/// Builds a short string in its own storage, without the copies of interpolation: a list page makes hundreds.
struct ShortText {
    private let storage: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// - Parameter capacity: bytes; what does not fit is left out, so count generously.
    static func make(capacity: Int, _ write: (inout ShortText) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { storage in
            var text = ShortText(storage: storage)
            write(&text)
            return text.count
        }
    }

    private init(storage: UnsafeMutableBufferPointer<UInt8>) {
        self.storage = storage
    }

    private mutating func put(_ byte: UInt8) {
        guard count < storage.count else { return }
        storage[count] = byte
        count += 1
    }

    mutating func put(_ text: String) {
        for byte in text.utf8 { put(byte) }
    }

    /// A number from 0 to 99 with two digits.
    mutating func two(_ value: Int) {
        put(48 + UInt8(truncatingIfNeeded: value / 10 % 10))
        put(48 + UInt8(truncatingIfNeeded: value % 10))
    }

    /// A year with four digits.
    mutating func four(_ value: Int) {
        two(value / 100)
        two(value)
    }

    /// Decimal digits in groups of three, with `point` before the last `minor` of them.
    mutating func digits(_ value: UInt64, grouping: String, point: String = "", minor: Int = 0) {
        var reversed: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &reversed) { digits in
            var rest = value
            var length = 0
            while rest > 0 || length <= minor, length < digits.count {
                digits[length] = 48 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                length += 1
            }
            for index in stride(from: length - 1, through: 0, by: -1) {
                put(digits[index])
                if index == minor, minor > 0 { put(point) }
                if index > minor, (index - minor) % 3 == 0 { put(grouping) }
            }
        }
    }
}
