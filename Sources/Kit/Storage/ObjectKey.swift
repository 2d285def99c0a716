import Foundation

/// The name of a stored object: `t12/6f1c…`, the tenant and a random UUID. It says nothing about what it names, cannot be
/// guessed, and is never made of anything that a person typed.
public struct ObjectKey: Sendable, Hashable, CustomStringConvertible {
    public let tenant: Int32
    public let id: UUID

    public init(tenant: Int32, id: UUID = UUID()) {
        self.tenant = tenant
        self.id = id
    }

    /// Nil for anything that `description` does not write: no other folder is ever reached through a key.
    public init?(_ text: String) {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count == 2, let folder = pieces.first, let name = pieces.last, let tenant = Int32(folder.dropFirst()),
            let id = UUID(uuidString: String(name))
        else { return nil }
        self.init(tenant: tenant, id: id)
        guard description == text else { return nil }
    }

    public var description: String { "t\(tenant)/\(id.uuidString.lowercased())" }
}

/// Why an object could not be stored or read.
public enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    case invalidKey
    case notFound
    /// The disk or the quota has no room (507; the form may be sent again).
    case full
    /// The service that keeps the objects does not answer, or answers with an error.
    case unavailable(String)
    /// Another error of the system, by its number.
    case failed(doing: String, code: Int32)

    public var description: String {
        switch self {
        case .invalidKey: "The key is none of this store"
        case .notFound: "There is no such object"
        case .full: "The storage is full"
        case .unavailable(let why): "The storage is not available: \(why)"
        case .failed(let doing, let code): "Storage cannot \(doing): \(String(cString: strerror(code)))"
        }
    }
}
