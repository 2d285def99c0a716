import Foundation
import Storage
import Testing

@testable import Database
@testable import Operations

@Suite struct StorageTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("portico-objects-\(UUID())")
    let store: ObjectStore

    init() throws { store = try ObjectStore(folder: folder) }

    private func files(_ tenant: Int) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("t\(tenant)").path)) ?? []
    }

    private func age(_ path: String, hours: Double) throws {
        let time = Date(timeIntervalSinceNow: -3600 * hours)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: folder.appendingPathComponent(path).path)
    }

    @Test("what is put is got back until it is deleted, and deleting twice is no error")
    func roundTrip() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
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
        #expect(files(3).isEmpty)
    }

    @Test(
        "An object stays when nobody knows whether its change happened: COMMIT's answer was lost; after any other failure it goes"
    )
    func unknownOutcome() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let object = try await store.keep([1, 2, 3], tenant: 3)
        var lost = DatabaseError.connection("server closed the connection unexpectedly")
        lost.outcomeUnknown = true
        await store.discard([object], after: lost)
        #expect(try await store.get(object.key) == [1, 2, 3])
        lost.outcomeUnknown = false
        await store.discard([object], after: lost)
        await #expect(throws: StorageError.notFound) { try await store.get(object.key) }
    }

    static let badKeys = [
        "", "t1", "t1/", "/etc/passwd", "../t1/x", "t1/../../etc/passwd", "t1/..", "t01/6f1c7a54-0000-4000-8000-000000000000",
        "t1/6F1C7A54-0000-4000-8000-000000000000", "t1/6f1c7a54-0000-4000-8000-000000000000/x",
        "x1/6f1c7a54-0000-4000-8000-000000000000",
        "t99999999999/6f1c7a54-0000-4000-8000-000000000000", "t1/6f1c7a54-0000-4000-8000-000000000000\u{0}",
        "t+1/6f1c7a54-0000-4000-8000-000000000000"
    ]

    @Test("T14 a key that the store did not write reaches nothing", arguments: badKeys)
    func keys(_ key: String) async {
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(throws: StorageError.invalidKey) { try await store.get(key) }
        await #expect(throws: StorageError.invalidKey) { try await store.delete(key) }
    }

    @Test("T46 two writers of one key: one wins, whole, and no draft remains")
    func twoWriters() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = ObjectKey(tenant: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(0)..<16 {
                group.addTask { try await store.put([UInt8](repeating: number, count: 100_000), at: key) }
            }
            try await group.waitForAll()
        }
        let bytes = try await store.get(key.description)
        #expect(bytes.count == 100_000 && Set(bytes).count == 1)
        #expect(files(1).count == 1)
    }

    @Test("T46 the sweep removes old objects without a row and drafts of killed writers, and nothing else")
    func sweep() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let known = try await store.put([1], tenant: 1)
        let orphan = try await store.put([2], tenant: 1)
        let fresh = try await store.put([3], tenant: 1)
        let foreign = try await store.put([4], tenant: 2)
        try Data([5]).write(to: folder.appendingPathComponent("t1/.draft-x"))
        for path in [known, orphan, foreign, "t1/.draft-x"] { try age(path, hours: 25) }
        let removed = try await store.sweep(tenant: 1, olderThan: Date(timeIntervalSinceNow: -86_400)) { keys in
            #expect(Set(keys) == [known, orphan])
            return [known]
        }
        #expect(removed == 2)
        #expect(try await Set(store.list(tenant: 1)) == [known, fresh])
        #expect(try await store.list(tenant: 2) == [foreign])
        #expect(try await store.sweep(tenant: 9, olderThan: Date()) { _ in [] } == 0)
    }

    @Test("a write that fails leaves nothing and says why")
    func failing() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // A file stands where the tenant's folder belongs.
        try Data().write(to: folder.appendingPathComponent("t5"))
        await #expect(throws: (any Error).self) { try await store.put([1], tenant: 5) }
        #expect(try await store.put([1], tenant: 6).hasPrefix("t6/"))
    }
}
