import Foundation

/// Objects as files, by blocking calls: for the store's own threads.
struct ObjectFiles: Sendable {
    let root: String

    /// Written beside its place, brought to the disk, then renamed: a reader sees all of it or nothing, also after a crash.
    func write(_ bytes: [UInt8], _ key: ObjectKey) throws {
        let folder = self.folder(key.tenant)
        try makeFolder(folder)
        let draft = "\(folder)/.draft-\(UUID().uuidString)"
        do {
            try writeFile(bytes, draft)
            guard rename(draft, path(key)) == 0 else { throw failure("rename") }
        } catch {
            unlink(draft)
            throw error
        }
        try sync(folder)
    }

    func read(_ key: ObjectKey) throws -> [UInt8] {
        let descriptor = open(path(key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw failure("look at") }
        let count = Int(facts.st_size)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw failure("read") }
                if got == 0 { break }
                filled += got
            }
        }
    }

    func size(_ key: ObjectKey) -> Int? {
        var facts = stat()
        return lstat(path(key), &facts) == 0 ? Int(facts.st_size) : nil
    }

    func remove(_ key: ObjectKey) throws {
        guard unlink(path(key)) == 0 || errno == ENOENT else { throw failure("remove") }
    }

    func list(_ tenant: Int32, before time: Date) throws -> [ObjectKey] {
        try names(tenant).compactMap { ObjectKey("t\(tenant)/\($0)") }.filter { isOlder(path($0), than: time) }
    }

    /// Drafts whose writer was killed.
    func removeUnfinished(_ tenant: Int32, before time: Date) throws -> Int {
        let drafts = try names(tenant).filter { $0.hasPrefix(".draft-") }.map { "\(folder(tenant))/\($0)" }
        return drafts.count { isOlder($0, than: time) && unlink($0) == 0 }
    }

    func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch CocoaError.fileWriteOutOfSpace {
            throw StorageError.full
        }
    }

    private func folder(_ tenant: Int32) -> String { "\(root)/t\(tenant)" }
    private func path(_ key: ObjectKey) -> String { "\(root)/\(key)" }

    private func names(_ tenant: Int32) throws -> [String] {
        let folder = folder(tenant)
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func isOlder(_ path: String, than time: Date) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && Double(facts.st_mtim.tv_sec) < time.timeIntervalSince1970
    }

    private func writeFile(_ bytes: [UInt8], _ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create") }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { raw in
            var sent = 0
            while sent < raw.count {
                let count = Foundation.write(descriptor, raw.baseAddress.map { $0 + sent }, raw.count - sent)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure("write") }
                sent += count
            }
        }
        guard fsync(descriptor) == 0 else { throw failure("sync") }
    }

    private func sync(_ folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync") }
    }

    private func failure(_ doing: String) -> StorageError {
        switch errno {
        case ENOENT: .notFound
        case ENOSPC, EDQUOT, EFBIG: .full
        default: .failed(doing: doing, code: errno)
        }
    }
}
