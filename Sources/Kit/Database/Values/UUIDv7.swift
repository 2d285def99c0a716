import Foundation
import Synchronization

extension UUID {
    /// An id that sorts by the time of its making (RFC 9562 §5.7): 48 bits of milliseconds, 12 bits of counter, 62 random bits.
    /// Within one process later calls give greater ids, also when the clock stands still or is set back. Another `now` than the
    /// present gives ids of that time, in order as long as it stays the same or grows.
    public static func v7(now: Date = Date()) -> UUID {
        let millis = now.timeIntervalSince1970 * 1_000
        let wanted = millis.isFinite && millis >= 0 && millis < 281_474_976_710_655 ? UInt64(millis) : 0
        let (time, counter) = UUIDClock.next(wanted)
        let random = UInt64.random(in: .min ... .max)
        return UUID(
            uuid: (
                byte(time, 40), byte(time, 32), byte(time, 24), byte(time, 16), byte(time, 8), byte(time, 0),
                0x70 | byte(counter, 8) & 0x0F, byte(counter, 0),
                0x80 | byte(random, 56) & 0x3F, byte(random, 48), byte(random, 40), byte(random, 32),
                byte(random, 24), byte(random, 16), byte(random, 8), byte(random, 0)
            ))
    }

    private static func byte(_ number: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number >> shift) }
}

/// Time and counter of the last id.
private enum UUIDClock {
    private struct Hand {
        var time: UInt64 = 0
        var counter: UInt64 = 0

        mutating func restart(_ time: UInt64) -> (UInt64, UInt64) {
            // The counter starts in its lower half, so that at least 2,048 ids fit into a millisecond.
            (self.time, counter) = (time, .random(in: 0..<2_048))
            return (time, counter)
        }

        mutating func advance() -> (UInt64, UInt64) {
            counter += 1
            if counter > 0xFFF { (time, counter) = (time &+ 1, 0) }
            return (time, counter)
        }
    }

    /// Two hands: one for the present, which never goes back, and one for seeders and tests that make ids of another time.
    private static let hands = Mutex<(present: Hand, elsewhere: Hand)>((Hand(), Hand()))

    static func next(_ wanted: UInt64) -> (UInt64, UInt64) {
        let real = UInt64(max(0, Date().timeIntervalSince1970 * 1_000))
        return hands.withLock { hands in
            if wanted &+ 10_000 < real || wanted > real &+ 10_000 {
                return wanted == hands.elsewhere.time ? hands.elsewhere.advance() : hands.elsewhere.restart(wanted)
            }
            return wanted > hands.present.time ? hands.present.restart(wanted) : hands.present.advance()
        }
    }
}
