import Secrets
import Testing

@Suite struct SealerTests {
    private let old = String(repeating: "0f", count: 64)
    private let new = String(repeating: "a7", count: 32)

    @Test func whatWasSealedOpensForItsPurposeAlone() throws {
        let sealer = try Sealer(keys: old)
        let sealed = try sealer.seal(Array("secret".utf8), for: "factor:1:7")
        #expect(try sealer.open(sealed, for: "factor:1:7") == Array("secret".utf8))
        #expect(throws: SealError.unopened) { try sealer.open(sealed, for: "factor:2:7") }
        #expect(try sealer.seal(Array("secret".utf8), for: "factor:1:7") != sealed)
    }

    @Test func oneChangedBitOrAMissingByteOpensNothing() throws {
        let sealer = try Sealer(keys: old)
        let sealed = try sealer.seal([1, 2, 3], for: "x")
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(throws: SealError.unopened) { try sealer.open(changed, for: "x") }
            #expect(throws: SealError.unopened) { try sealer.open(Array(sealed[..<place]), for: "x") }
        }
    }

    @Test func aNewKeyBeforeTheOldOneSealsAndBothOpen() throws {
        let (before, both, after) = (try Sealer(keys: old), try Sealer(keys: "\(new)\n\(old)\n"), try Sealer(keys: new))
        let (first, second) = (try before.seal([7], for: "x"), try both.seal([8], for: "x"))
        #expect(try both.open(first, for: "x") == [7])
        #expect(both.isStale(first) && !both.isStale(second))
        #expect(try after.open(second, for: "x") == [8])
        #expect(throws: SealError.unopened) { try after.open(first, for: "x") }
    }

    @Test(arguments: ["", " \n", "0f", "zz" + String(repeating: "00", count: 40), String(repeating: "0", count: 65)])
    func keysThatAreNoneAreRefused(_ keys: String) {
        #expect(throws: SealError.badKeys) { try Sealer(keys: keys) }
    }
}
