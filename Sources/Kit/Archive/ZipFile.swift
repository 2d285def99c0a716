import CArchive
import Foundation

/// Writes a ZIP of files and texts.
public enum ZipFile {
    public struct Entry: Sendable {
        public enum Content: Sendable {
            case bytes([UInt8])
            /// A path; read piece by piece.
            case file(String)
        }

        let name: String
        let content: Content

        /// - Parameter name: as it is unpacked; letters of ASCII, no folders.
        public init(_ name: String, _ content: Content) {
            (self.name, self.content) = (name, content)
        }
    }

    /// Blocks, so call it on a thread for that.
    ///
    /// - Parameter at: time of all entries, in seconds.
    public static func write(_ entries: [Entry], to path: String, at: Date) throws {
        guard let archive = archive_write_new() else { throw ArchiveError("no memory") }
        defer { archive_write_free(archive) }
        func check(_ result: Int32) throws {
            guard result == ARCHIVE_OK else {
                throw ArchiveError(archive_error_string(archive).map { String(cString: $0) } ?? "failed")
            }
        }
        try check(archive_write_set_format_zip(archive))
        try check(archive_write_open_filename(archive, path))
        for entry in entries {
            guard let head = archive_entry_new() else { throw ArchiveError("no memory") }
            defer { archive_entry_free(head) }
            archive_entry_set_pathname(head, entry.name)
            archive_entry_set_mode(head, 0o100_644)
            archive_entry_set_mtime(head, Int(exactly: at.timeIntervalSince1970.rounded(.down)) ?? 0, 0)
            archive_entry_set_size(head, Int64(try size(entry.content)))
            try check(archive_write_header(archive, head))
            try pieces(entry.content) { piece in
                let written = piece.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
                guard written == piece.count else { try check(ARCHIVE_FATAL); return }
            }
        }
        try check(archive_write_close(archive))
    }

    private static func size(_ content: Entry.Content) throws -> Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .file(let path): Int(clamping: try FileHandle(forReadingFrom: URL(filePath: path)).seekToEnd())
        }
    }

    private static func pieces(_ content: Entry.Content, _ write: (Data) throws -> Void) throws {
        switch content {
        case .bytes(let bytes): try write(Data(bytes))
        case .file(let path):
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { try write(piece) }
        }
    }
}

public struct ArchiveError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
