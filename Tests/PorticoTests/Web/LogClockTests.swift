import Foundation
import Testing

@testable import Web

@Suite("Lines of the log")
struct LogClockTests {
    @Test("A line tells its time to the millisecond, whichever line came before")
    func times() {
        let clock = LogClock()
        let expected = [
            (0, "14:13:20.000Z"), (0.0625, "14:13:20.062Z"), (59.25, "14:14:19.250Z"), (0.5, "14:13:20.500Z")
        ]
        for (offset, text) in expected {
            #expect(clock.text(Date(timeIntervalSince1970: 1_790_000_000 + offset)) == "2026-09-21T\(text)")
        }
    }
}
