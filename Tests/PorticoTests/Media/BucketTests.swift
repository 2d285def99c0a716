import Foundation
import Outbound
import Testing

@testable import Storage

@Suite("Objects in a bucket, at moto's server", .serialized)
struct BucketTests {
    private func age(_ hours: Double) -> Date { Date(timeIntervalSinceNow: -3600 * hours) }

    @Test("what is put is got back until it is deleted, and deleting twice is no error")
    func roundTrip() async throws {
        let moto = try await Moto()
        let store = ObjectStore(bucket: try moto.bucket, outbound: Outbound())
        for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 3 << 20)] {
            let key = try await store.put(bytes, tenant: 3)
            #expect(key.hasPrefix("t3/"))
            #expect(try await store.get(key) == bytes)
            #expect(try await store.size(key) == bytes.count)
            try await store.delete(key)
            try await store.delete(key)
            await #expect(throws: StorageError.notFound) { try await store.get(key) }
            #expect(try await store.size(key) == nil)
        }
        #expect(try await store.list(tenant: 3).isEmpty)
    }

    @Test("T46 the sweep goes through all pages of the list and removes what no row knows, of that company alone")
    func sweep() async throws {
        let moto = try await Moto()
        let store = ObjectStore(bucket: try moto.bucket, outbound: Outbound())
        var keys: Set<String> = []
        for _ in 0..<25 { keys.insert(try await store.put([1], tenant: 1)) }
        let foreign = try await store.put([4], tenant: 11)
        var paged = ObjectBucket(settings: try moto.bucket, outbound: Outbound(), now: { Date() })
        paged.page = 10
        #expect(try await Set(paged.list(1, before: .distantFuture).map(\.description)) == keys)
        #expect(try await Set(store.list(tenant: 1)) == keys)
        #expect(try await store.list(tenant: 1, before: age(1)).isEmpty)
        let known = try #require(keys.first)
        let removed = try await store.sweep(tenant: 1, olderThan: Date(timeIntervalSinceNow: 60)) { _ in [known] }
        #expect(removed == 24)
        #expect(try await store.list(tenant: 1) == [known])
        #expect(try await store.list(tenant: 11) == [foreign])
    }

    @Test("T91 a storage that is gone, refuses or talks nonsense is an error that says so, never a wrong answer")
    func trouble() async throws {
        let moto = try await Moto()
        let bucket = try moto.bucket
        moto.stop()
        let store = ObjectStore(bucket: bucket, outbound: Outbound())
        for _ in 1...3 {
            do {
                _ = try await store.put([1], tenant: 1)
                Issue.record("it is gone")
            } catch StorageError.unavailable {
                continue
            }
        }
        try await TestPeer.serving { _ in
            TestPeer.ok("<ListBucketResult><Contents><Key>../x</Key></Contents></Li")
        } _: { peer in
            let settings = BucketSettings(
                endpoint: peer.url, bucket: "photos", region: "r", key: "k", secret: "s", inPath: true)
            let odd = ObjectStore(bucket: try #require(settings), outbound: Outbound())
            #expect(try await odd.list(tenant: 1).isEmpty)
        }
    }
}
