import Foundation
import Synchronization

extension UUID {
    /// An id that sorts by the time of its making (RFC 9562 §5.7). Within one process later calls give greater ids, also when the clock
    /// stands still or goes back: 48 bits of milliseconds, 12 bits of counter, 62 random bits.
    public static func v7(now: Date = Date()) -> UUID {
        let millis = now.timeIntervalSince1970 * 1_000
        let wanted = millis.isFinite && millis >= 0 && millis < 281_474_976_710_655 ? UInt64(millis) : 0
        let (time, counter) = UUIDClock.next(wanted)
        let random = UInt64.random(in: .min ... .max)
        return UUID(uuid: (
            byte(time, 40), byte(time, 32), byte(time, 24), byte(time, 16), byte(time, 8), byte(time, 0),
            0x70 | byte(counter, 8) & 0x0F, byte(counter, 0),
            0x80 | byte(random, 56) & 0x3F, byte(random, 48), byte(random, 40), byte(random, 32),
            byte(random, 24), byte(random, 16), byte(random, 8), byte(random, 0)
        ))
    }

    private static func byte(_ number: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number >> shift) }
}

/// Time and counter of the last id. A test that asks for an earlier time than the last gets that earlier time when it is more than ten
/// seconds back (seeders write history); smaller steps back are a clock that was set, and do not show.
private enum UUIDClock {
    private static let last = Mutex<(time: UInt64, counter: UInt64)>((0, 0))

    static func next(_ wanted: UInt64) -> (UInt64, UInt64) {
        last.withLock { state in
            let farBack = wanted &+ 10_000 < state.time
            if wanted > state.time || farBack {
                // The counter starts in its lower half, so that at least 2,048 ids fit into a millisecond.
                let fresh = (wanted, UInt64.random(in: 0..<2_048))
                if !farBack { state = fresh }
                return fresh
            }
            state.counter += 1
            if state.counter > 0xFFF { state = (state.time &+ 1, 0) }
            return state
        }
    }
}
