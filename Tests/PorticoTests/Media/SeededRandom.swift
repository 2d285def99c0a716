import Foundation

/// How often each fuzz test mutates: PORTICO_FUZZ_ROUNDS=1000000 is the figure of SECURITY T73, for a release.
enum Fuzz {
    static let rounds = ProcessInfo.processInfo.environment["PORTICO_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 50_000
}

/// A generator that gives the same numbers on each run (SplitMix64, Steele et al. 2014).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The bytes with one to four changes: flipped, removed, repeated, or replaced by something that parsers dislike.
    mutating func mutated(_ bytes: [UInt8], with dislikes: [[UInt8]]) -> [UInt8] {
        var out = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let place = Int.random(in: 0...out.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0 where place < out.count: out[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &self)
            case 1 where place < out.count:
                out.removeSubrange(place..<min(out.count, place + Int.random(in: 1...8, using: &self)))
            case 2: out.insert(contentsOf: out[place...].prefix(Int.random(in: 0...16, using: &self)), at: place)
            case 3: out.insert(contentsOf: dislikes.randomElement(using: &self) ?? [], at: place)
            default: out.insert(UInt8.random(in: 0...255, using: &self), at: place)
            }
        }
        return out
    }
}
