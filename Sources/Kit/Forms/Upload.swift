import NIOCore

/// One uploaded file: up to 64 KiB in memory, else in a file on disk that has no name any more, so that it disappears with
/// this value and also when the process is killed.
public struct Upload: Sendable {
    enum Content: Sendable {
        case memory(ByteBuffer)
        case disk(SpoolFile)
    }

    /// The field it belongs to.
    public let name: String
    /// What the sender called it, made harmless: to show, never to open or store under.
    public let filename: String
    /// What the sender says it is. Nobody may rely on it; the content decides.
    public let declaredType: String
    /// In bytes.
    public let size: Int
    /// SHA-256 of the content.
    public let digest: [UInt8]
    let content: Content

    /// The whole content; reading from disk happens on the spool's threads.
    public func bytes() async throws -> [UInt8] {
        switch content {
        case .memory(let buffer): Array(buffer.readableBytesView)
        case .disk(let file): try await file.read(size)
        }
    }

    /// Whether the content went to the disk.
    var isOnDisk: Bool {
        if case .disk = content { return true }
        return false
    }
}
