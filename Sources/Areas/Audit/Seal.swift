import Crypto
import Database
import Foundation

/// A line of the audit log with everything that is stored of it, each field as text.
struct SealedFields: Sendable {
    /// In this order, for ever: the seals of the past were made so. A new column goes to the end and needs a new version of the
    /// encoding for the lines from then on.
    static let names = [
        "tenant_id", "id", "at", "actor_id", "on_behalf_of", "via", "action", "entity", "entity_id", "before", "after", "address",
        "request_id", "written_xid"
    ]

    /// Times as microseconds since 1970, so that no setting of a session changes them; jsonb prints equal values equally.
    static let columns: SQL =
        """
        l.tenant_id::text, l.id::text, (extract(epoch from l.at) * 1000000)::bigint::text, l.actor_id::text, l.on_behalf_of::text,
        l.via, l.action, l.entity, l.entity_id::text, l.before::text, l.after::text, l.address, l.request_id, l.written_xid::text
        """

    let texts: [String?]

    /// - Parameter first: place of the first of the fourteen columns.
    init(_ row: Row, from first: Int) throws {
        texts = try Self.names.indices.map { try row[at: first + $0] }
    }

    /// Microseconds since 1970.
    var at: Int64 { texts[2].flatMap { Int64($0) } ?? 0 }
}

/// The place of a line in the chain.
struct Seal: Sendable {
    let number: Int64
    /// Microseconds since 1970.
    let sealedAt: Int64
    let horizon: Int64

    static let beginning = [UInt8](repeating: 0, count: 32)

    /// SHA-256 over the hash before, the seal's own facts and the line. Every field is preceded by its length, and a missing one
    /// differs from an empty one: two different lines never give the same bytes.
    func hash(after previous: [UInt8], _ line: SealedFields) -> [UInt8] {
        var bytes = Array("portico audit seal 1".utf8) + previous
        for text in [String(number), String(sealedAt), String(horizon)] + line.texts {
            guard let text else {
                bytes.append(0)
                continue
            }
            bytes.append(1)
            withUnsafeBytes(of: UInt64(text.utf8.count).bigEndian) { bytes += $0 }
            bytes += text.utf8
        }
        return Array(SHA256.hash(data: bytes))
    }
}
