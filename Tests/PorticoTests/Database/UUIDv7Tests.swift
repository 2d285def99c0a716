import Database
import Foundation
import Testing

@Suite("UUIDv7")
struct UUIDv7Tests {
    @Test("Ids made one after the other sort in that order, from many tasks none twice")
    func order() async {
        let ids = (0..<20_000).map { _ in UUID.v7() }
        let bytes = ids.map { withUnsafeBytes(of: $0.uuid) { Array($0) } }
        #expect(zip(bytes, bytes.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        let all = await withTaskGroup(of: [UUID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<5_000).map { _ in UUID.v7() } } }
            return await group.reduce(into: Set<UUID>()) { $0.formUnion($1) }
        }
        #expect(all.count == 40_000)
    }

    @Test("Version, variant and time stand where RFC 9562 says")
    func layout() {
        let text = UUID.v7(now: Date(timeIntervalSince1970: 4_000_000_000)).uuidString
        #expect(text.hasPrefix("03A35294-4000-7"))
        #expect("89AB".contains(text[text.index(text.startIndex, offsetBy: 19)]))
        let past = UUID.v7(now: Date(timeIntervalSince1970: 0)).uuidString
        #expect(past.hasPrefix("00000000-0000-7"))
        _ = UUID.v7(now: Date(timeIntervalSince1970: .nan))
        _ = UUID.v7(now: .distantPast)
    }

    @Test("An id's text is that of Postgres: lower case, four bars")
    func text() throws {
        let all = try #require(UUID(uuidString: "00FF1A9B-8C7D-4E6F-A0B1-C2D3E4F5FFFE"))
        #expect(all.text == "00ff1a9b-8c7d-4e6f-a0b1-c2d3e4f5fffe")
        for id in (0..<1_000).map({ _ in UUID() }) { #expect(id.text == id.uuidString.lowercased()) }
    }
}
