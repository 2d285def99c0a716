import Foundation

extension UUID {
    /// An id of a demo record: the form of `UUID.v7`, so that ids sort by time, but the same in every database.
    ///
    /// - Parameters:
    ///   - at: the record's own time, cut to milliseconds.
    ///   - order: tells records of the same millisecond apart, 0 to 4095.
    ///   - name: names the record within all demo data, such as `lindenhof/fault/17`.
    static func demo(at: Date, order: Int = 0, _ name: String) -> UUID {
        var dice = Dice(name)
        let random = dice.next()
        let millis = UInt64(max(0, at.timeIntervalSince1970 * 1_000))
        let counter = UInt64(max(0, order)) & 0xFFF
        func byte(_ number: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number >> shift) }
        return UUID(
            uuid: (
                byte(millis, 40), byte(millis, 32), byte(millis, 24), byte(millis, 16), byte(millis, 8), byte(millis, 0),
                0x70 | byte(counter, 8), byte(counter, 0),
                0x80 | byte(random, 56) & 0x3F, byte(random, 48), byte(random, 40), byte(random, 32),
                byte(random, 24), byte(random, 16), byte(random, 8), byte(random, 0)
            ))
    }
}
