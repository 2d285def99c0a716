import Foundation
import NIOCore
import Threads

/// Where large uploads wait until somebody reads them: files without a name in one folder, written on threads of its own.
public final class Spool: Sendable {
    let folder: String
    let threads: BoundedThreads

    /// - Parameters:
    ///   - folder: must exist; files there are readable by this process's user only.
    ///   - count: how many writes run at once.
    public init(folder: String = NSTemporaryDirectory(), threads count: Int = 2) {
        self.folder = folder
        threads = BoundedThreads(name: "spool", count: count, waiting: 4096)
    }

    /// A new empty file.
    func file() async throws -> SpoolFile {
        try await threads.run { [self] in try SpoolFile(in: folder, threads: threads) }
    }
}

/// An open file that has no name. It is gone when the last value that holds it is.
final class SpoolFile: Sendable {
    private let descriptor: Int32
    private let threads: BoundedThreads

    init(in folder: String, threads: BoundedThreads) throws {
        let path = "\(folder)/portico-upload-\(UUID().uuidString)"
        // Not inherited by processes started meanwhile; no one else's file is ever opened.
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolError(doing: "create", code: errno) }
        unlink(path)
        self.threads = threads
    }

    deinit { close(descriptor) }

    func append(_ buffer: ByteBuffer) async throws {
        try await threads.run { [self] in
            try buffer.withUnsafeReadableBytes { try writeAll($0) }
        }
    }

    /// The first `count` bytes.
    func read(_ count: Int) async throws -> [UInt8] {
        try await threads.run { [self] in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(filled))
                    if got < 0, errno == EINTR { continue }
                    guard got > 0 else { throw SpoolError(doing: "read", code: got < 0 ? errno : EIO) }
                    filled += got
                }
            }
        }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw SpoolError(doing: "write", code: errno) }
            rest = rest.dropFirst(written)
        }
    }
}

/// The disk under the spool failed (ENOSPC when it is full): a 503, never the sender's fault.
public struct SpoolError: Error, CustomStringConvertible {
    public let doing: String
    public let code: Int32

    public var description: String { "Cannot \(doing) an upload on disk: \(String(cString: strerror(code)))" }
}
