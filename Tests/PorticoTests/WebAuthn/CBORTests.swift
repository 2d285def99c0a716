import Foundation
import Testing
import WebAuthn

@Suite("CBOR as authenticators write it")
struct CBORTests {
    private func read(_ bytes: [UInt8]) -> CBOR? { try? CBORReader.value(of: bytes) }

    @Test("Values of every kind come back as they were written")
    func roundTrip() {
        let values: [CBOR] = [
            0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, .integer(.max), -1, -24, -25, -257, .integer(.min),
            "",
            "ü", .bytes([]), .bytes(Array(repeating: 7, count: 300)), .list([1, "a", .list([])]), .map([1: "x", "y": .map([:])]),
            .flag(true), .flag(false), .null
        ]
        for value in values { #expect(read(value.encoded) == value, "\(value)") }
    }

    @Test(
        "Anything but the one form is refused: longer numbers, indefinite lengths, tags, floats, two of a name, other names, what follows",
        arguments: [
            [], [0x18, 0x17], [0x19, 0, 255], [0x1A, 0, 0, 255, 255], [0x1B, 0, 0, 0, 0, 255, 255, 255, 255], [0x1C], [0x1F],
            [0x1B, 255, 255, 255, 255, 255, 255, 255, 255], [0x3B, 255, 255, 255, 255, 255, 255, 255, 255], [0x5F, 0x41, 1, 0xFF],
            [0x9F, 0xFF], [0xBF, 0xFF], [0xC0, 0], [0xF9, 0, 0], [0xFB, 0, 0, 0, 0, 0, 0, 0, 0], [0xF7], [0xF8, 32], [0xFF],
            [0xA2, 1, 1, 1, 2], [0xA1, 0x41, 1, 1], [0xA1, 0xF4, 1], [0xA1, 1], [0x61, 0xFF], [0x62, 0xC0, 0x80], [0x42, 1],
            [0x5B, 127, 255, 255, 255, 255, 255, 255, 255], [0x9B, 255, 255, 255, 255, 255, 255, 255, 255], [0x98, 65], [0, 0],
            [0x81, 0x81, 0x81, 0x81, 0x81, 0]
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) {
        #expect(read(bytes) == nil)
    }

    @Test("T73 mutated values: taken or refused, never a trap")
    func fuzz() throws {
        var random = SeededRandom(state: 21)
        let seed = CBOR.map([
            "fmt": "packed", "attStmt": .map(["alg": -7, "x5c": .list([.bytes([1, 2, 3])]), "ver": .null]),
            "authData": .bytes(Array(repeating: 9, count: 40)), 3: -257, -1: .integer(.min)
        ]).encoded
        let dislikes: [[UInt8]] = [
            [0x5B] + Array(repeating: 0xFF, count: 8), [0x9A, 0xFF, 0xFF, 0xFF, 0xFF], [0xBF], [0xFF], [0xF6], [0x3B],
            Array(repeating: 0x81, count: 70), [0xA1], [0x7F]
        ]
        var taken = 0
        for _ in 0..<Fuzz.rounds {
            guard let value = read(random.mutated(seed, with: dislikes)) else { continue }
            taken += 1
            #expect(read(value.encoded) == value)
        }
        #expect(taken > 1000)
    }
}
