import Foundation
import Outbound
import Threads

/// Files that belong to rows: photos, documents. Kept in a folder per tenant, or in a bucket; whoever holds a key has already been
/// asked for his rights on the row.
public struct ObjectStore: Sendable {
    private let shelf: any ObjectShelf

    /// - Parameters:
    ///   - folder: made when it is not there.
    ///   - parallel: reads and writes at once, on threads of their own.
    public init(folder: URL, parallel: Int = 4) throws {
        let files = ObjectFiles(root: folder.path)
        shelf = ObjectFolder(files: files, threads: BoundedThreads(name: "storage", count: parallel, waiting: 2000))
        try files.makeFolder(folder.path)
    }

    /// - Parameter now: the signatures' time.
    public init(bucket: BucketSettings, outbound: Outbound, now: @escaping @Sendable () -> Date = { Date() }) {
        shelf = ObjectBucket(settings: bucket, outbound: outbound, now: now)
    }

    /// Stores the bytes under a new key. When this returns they are on the disk, whole; when it throws there is nothing.
    public func put(_ bytes: [UInt8], tenant: Int32) async throws -> String {
        let key = ObjectKey(tenant: tenant)
        try await put(bytes, at: key)
        return key.description
    }

    /// Stores the bytes under that key. Of several writers at once one wins, with all its bytes.
    public func put(_ bytes: [UInt8], at key: ObjectKey) async throws {
        try await shelf.write(bytes, key)
    }

    /// - Throws: ``StorageError/notFound``, or invalidKey.
    public func get(_ key: String) async throws -> [UInt8] {
        try await shelf.read(try parsed(key))
    }

    /// Its size in bytes; nil when there is no such object.
    public func size(_ key: String) async throws -> Int? {
        try await shelf.size(try parsed(key))
    }

    /// Removing what is not there is no error: a job may run twice.
    public func delete(_ key: String) async throws {
        try await shelf.remove(try parsed(key))
    }

    /// The keys of a tenant's objects that were stored before that time.
    public func list(tenant: Int32, before time: Date = .distantFuture) async throws -> [String] {
        try await shelf.list(tenant, before: time).map(\.description)
    }

    /// Removes objects that no row knows: of reports that failed after their photos were stored. Also what a killed process
    /// left half written.
    /// - Parameters:
    ///   - time: only objects stored before it, so that those whose transaction still runs are left alone; usually a day ago.
    ///   - known: given at most 500 keys, tells which of them rows know.
    /// - Returns: how many were removed.
    public func sweep(
        tenant: Int32, olderThan time: Date, known: ([String]) async throws -> Set<String>
    ) async throws -> Int {
        var rest = try await list(tenant: tenant, before: time)[...]
        var removed = try await shelf.removeUnfinished(tenant, before: time)
        while !rest.isEmpty {
            let batch = Array(rest.prefix(500))
            rest = rest.dropFirst(500)
            let kept = try await known(batch)
            for key in batch where !kept.contains(key) {
                try await delete(key)
                removed += 1
            }
        }
        return removed
    }

    private func parsed(_ key: String) throws -> ObjectKey {
        guard let key = ObjectKey(key) else { throw StorageError.invalidKey }
        return key
    }
}
