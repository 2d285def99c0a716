/// Chance that falls the same way every time: SplitMix64 (Steele, Lea, Flood 2014), started from words.
///
/// Each thing that is made up has dice of its own, named after it, so that a change in one place moves nothing elsewhere.
struct Dice: Sendable {
    private var state: UInt64

    init(_ words: String...) {
        state = Self.hash(words.joined(separator: "/"))
    }

    /// FNV-1a, 64 bits.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to but not including 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func chance(_ share: Double) -> Bool {
        unit() < share
    }

    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(unit() * Double(range.count))
    }

    mutating func between(_ low: Double, _ high: Double) -> Double {
        low + unit() * (high - low)
    }

    /// One of the list, which is never empty: the lists are this seed's own.
    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[whole(0...items.count - 1)]
    }

    /// Index of one of the weights, as often as it weighs.
    mutating func index(weights: [Double]) -> Int {
        var left = unit() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return weights.count - 1
    }
}
