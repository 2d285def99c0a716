import Foundation
import Threads

/// Where objects lie: a folder of this machine or a bucket.
protocol ObjectShelf: Sendable {
    /// When this returns all of it is there; when it throws, nothing or all.
    func write(_ bytes: [UInt8], _ key: ObjectKey) async throws
    func read(_ key: ObjectKey) async throws -> [UInt8]
    func size(_ key: ObjectKey) async throws -> Int?
    /// Removing what is not there is no error.
    func remove(_ key: ObjectKey) async throws
    func list(_ tenant: Int32, before time: Date) async throws -> [ObjectKey]
    func removeUnfinished(_ tenant: Int32, before time: Date) async throws -> Int
}

/// Objects as files, each call on a thread that may wait for the disk.
struct ObjectFolder: ObjectShelf {
    let files: ObjectFiles
    let threads: BoundedThreads

    func write(_ bytes: [UInt8], _ key: ObjectKey) async throws {
        try await threads.run { [files] in try files.write(bytes, key) }
    }

    func read(_ key: ObjectKey) async throws -> [UInt8] {
        try await threads.run { [files] in try files.read(key) }
    }

    func size(_ key: ObjectKey) async throws -> Int? {
        try await threads.run { [files] in files.size(key) }
    }

    func remove(_ key: ObjectKey) async throws {
        try await threads.run { [files] in try files.remove(key) }
    }

    func list(_ tenant: Int32, before time: Date) async throws -> [ObjectKey] {
        try await threads.run { [files] in try files.list(tenant, before: time) }
    }

    func removeUnfinished(_ tenant: Int32, before time: Date) async throws -> Int {
        try await threads.run { [files] in try files.removeUnfinished(tenant, before: time) }
    }
}
