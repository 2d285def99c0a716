import Crypto
import Database
import Foundation
import Secrets
import Signing
import Web

/// What a company signs its exports and papers with.
package struct SealKey: Record, Sendable {
    /// A key is replaced after two years; its certificate holds for ten, as long as such papers are kept.
    private static let (use, years): (TimeInterval, Int) = (2 * 365 * 86_400, 10)

    let id: UUID
    let certificate: [UInt8]
    private let sealed: [UInt8]

    package init(row: Row) throws {
        id = try row["id"]
        certificate = try row["certificate"]
        sealed = try row["private_key"]
    }

    /// SHA-256, as `openssl x509 -fingerprint -sha256` prints it.
    static func fingerprint(_ certificate: [UInt8]) -> String {
        SHA256.hash(data: certificate).map { byte in
            String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }

    /// The newest first.
    static func all(_ tenant: Int32) -> Query<[SealKey]> {
        .many("select id, certificate, private_key from app.seal_key where tenant_id = \(tenant) order by id desc limit 100")
    }

    /// The key to sign with now; the first time, and every two years, a new one, and one for all who ask at once.
    package static func current(_ context: MemberContext) async throws -> SealIdentity {
        let held = try await context.read(young(context))
        if let held { return try held.identity(context) }
        return try await context.write { tx in
            try await tx.execute("select pg_advisory_xact_lock(hashtextextended(\("portico seal key \(context.tenant.id)"), 0))")
            if let young = try await tx.query(young(context)) { return try young.identity(context) }
            return try await make(context, tx)
        }
    }

    private static func young(_ context: MemberContext) -> Query<SealKey?> {
        .first(
            """
            select id, certificate, private_key from app.seal_key
             where tenant_id = \(context.tenant.id) and made_at > \(context.now.addingTimeInterval(-use)) order by id desc limit 1
            """)
    }

    private static func make(_ context: MemberContext, _ tx: Tx) async throws -> SealIdentity {
        let (tenant, id, now) = (context.tenant, UUID.v7(), context.now)
        let identity = try SealIdentity.make(organisation: tenant.name, purpose: "Seal", from: now, years: years)
        let sealed = try context.house.sealer.seal(identity.privateKey, for: purpose(tenant.id, id))
        try await tx.execute(
            """
            insert into app.seal_key(tenant_id, id, certificate, private_key, made_at)
            values (\(tenant.id), \(id), \(identity.certificate), \(sealed), \(now))
            """)
        try tx.audit("seal_key.created", "seal_key", id)
        return identity
    }

    private func identity(_ context: MemberContext) throws -> SealIdentity {
        SealIdentity(
            certificate: certificate,
            privateKey: try context.house.sealer.open(sealed, for: Self.purpose(context.tenant.id, id)))
    }

    private static func purpose(_ tenant: Int32, _ id: UUID) -> String { "seal_key:\(tenant):\(id.text)" }
}
