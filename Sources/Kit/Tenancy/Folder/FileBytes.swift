import Foundation

/// Reads a file of a tenant's folder: a regular file, really inside that folder, and never more than the limit.
enum FileBytes {
    enum Failure: Error {
        case missing
        case notAFile
        case outside
        case unreadable(String)

        var message: String {
            switch self {
            case .missing: "the file does not exist"
            case .notAFile: "is not a regular file"
            case .outside: "leads out of the tenant's folder"
            case .unreadable(let reason): "cannot be read: \(reason)"
            }
        }
    }

    /// At most `limit` + 1 bytes, so that the caller sees when there are more. Symbolic links may lead anywhere inside `folder`
    /// (that is how Kubernetes mounts configuration), not out of it.
    static func read(_ name: String, in folder: String, limit: Int) throws(Failure) -> [UInt8] {
        let path = folder + "/" + name
        guard let real = resolved(path), let home = resolved(folder) else { throw .missing }
        guard real.hasPrefix(home + "/") else { throw .outside }
        let file = open(real, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .unreadable(reason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        return try bytes(of: file, limit: limit + 1)
    }

    private static func bytes(of file: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < limit {
            let count = Foundation.read(file, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(reason()) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
