import Database
import Foundation
import Secrets
import Synchronization
import Tenancy
import Threads
import Tokens

/// The keys of all companies as this process last saw them, and the threads that sign. A key never changes; one that is not here is looked
/// for among the company's own, once per token that names it, which is what a token that nobody knows has always cost.
public final class SigningKeys: Sendable {
    /// For how long a key signs; the job that rotates makes the next one then.
    public static let life: TimeInterval = 30 * 86_400
    /// How long before it signs a key is published, which is longer than anybody keeps the set (`keptFor`).
    public static let notice: TimeInterval = 86_400
    /// How long others may keep the set of keys.
    public static let keptFor = 3600
    /// How long a key verifies after the next one has begun to sign: an access token's life, and what clocks differ by.
    public static let afterlife: TimeInterval = AccessSigner.life + 120
    /// A company's first key signs for requests that came in a little earlier, or whose node's clock is behind.
    private static let doubt: TimeInterval = 300
    /// A node signs with the keys that it has seen within this time.
    private static let fresh: Duration = .seconds(60)

    private struct Ring {
        var keys: [HeldKey]
        var seen: ContinuousClock.Instant
    }

    private let sealer: Sealer
    private let threads = BoundedThreads(name: "signing", count: 2)
    private let rings = Mutex<[Int32: Ring]>([:])

    public init(_ sealer: Sealer) {
        self.sealer = sealer
    }

    // MARK: Verifying

    /// What an access token says, when one of the company's own keys has signed it for this company and it is good now.
    func claims(of text: Substring, _ context: TenantContext) async throws -> AccessClaims? {
        guard let token = AccessToken(presented: text), Base64URL.decode(token.kid)?.count == 32,
            let key = try await key(token.kid, context), key.verifiesUntil.map({ $0 > context.arrival.now }) ?? true
        else { return nil }
        return token.claims(verifiedBy: key.verifying, context.tokenPlace, now: context.arrival.now)
    }

    private func key(_ kid: String, _ context: TenantContext) async throws -> HeldKey? {
        let known = rings.withLock { $0[context.tenant.id]?.keys.first { $0.verifying.kid == kid } }
        if let known { return known }
        return try await look(context.walled).first { $0.verifying.kid == kid }
    }

    /// Everything that a program may have to verify with now or soon.
    package func published(_ walled: Walled) async throws -> [JWK] {
        let now = walled.facts.now
        return try await look(walled).filter { $0.verifiesUntil.map { $0 > now } ?? true }.map(\.verifying.jwk)
    }

    // MARK: Signing

    /// Signs with the key of the hour; a company that has none gets its first one.
    package func signer(_ walled: Walled, _ place: TokenPlace) async throws -> AccessSigner {
        let (tenant, now) = (walled.facts.tenant, walled.facts.now)
        var keys =
            rings.withLock { $0[tenant] }
            .flatMap { .now - $0.seen < Self.fresh ? $0.keys : nil } ?? []
        if keys.signing(at: now) == nil { keys = try await look(walled) }
        if keys.signing(at: now) == nil {
            let fresh = try await make(for: tenant, at: now, signsFrom: now - Self.doubt)
            // Of several at once, one key counts.
            _ = try await walled.write { tx in try await tx.execute(fresh.insert) }
            keys = try await look(walled)
        }
        guard let key = keys.signing(at: now) else {
            throw Failure(.serviceUnavailable, "busy", "Too much is going on right now; try again in a moment")
        }
        let (sealer, purpose) = (sealer, HeldKey.purpose(key.id, tenant))
        return AccessSigner(place: place, threads: threads) {
            try SigningKey(der: try sealer.open(key.sealed, for: purpose))
        }
    }

    /// A new key, sealed for its row.
    package func make(for tenant: Int32, at now: Date, signsFrom: Date) async throws -> FreshKey {
        try await threads.run { try self.seal(SigningKey(), for: tenant, at: now, signsFrom: signsFrom) }
    }

    package func seal(_ key: SigningKey, for tenant: Int32, at now: Date, signsFrom: Date) throws -> FreshKey {
        let id = UUID.v7(now: now)
        return FreshKey(
            tenant: tenant, id: id, verifying: key.verifying,
            sealed: try sealer.seal(key.der, for: HeldKey.purpose(id, tenant)), madeAt: now, signsFrom: signsFrom)
    }

    private func look(_ walled: Walled) async throws -> [HeldKey] {
        let keys = try await walled.read(HeldKey.all(walled.facts.tenant))
        rings.withLock { $0[walled.facts.tenant] = Ring(keys: keys, seen: .now) }
        return keys
    }
}

/// A key that is about to be stored.
package struct FreshKey: Sendable {
    let tenant: Int32
    package let id: UUID
    let verifying: VerifyingKey
    let sealed: [UInt8]
    let madeAt: Date
    package let signsFrom: Date

    package var kid: String { verifying.kid }

    /// Touches no row when the company has one already that no other follows.
    package var insert: SQL {
        """
        insert into app.signing_key(tenant_id, id, kid, public_key, sealed_key, made_at, signs_from)
        values (\(tenant), \(id), \(verifying.kid), \(verifying.der), \(sealed), \(madeAt), \(signsFrom)) on conflict do nothing
        """
    }
}

/// A row of `app.signing_key`.
package struct HeldKey: Record, Sendable {
    package let id: UUID
    let verifying: VerifyingKey
    let sealed: [UInt8]
    package let madeAt: Date
    package let signsFrom: Date
    package let verifiesUntil: Date?

    package init(row: Row) throws {
        id = try row["id"]
        verifying = try VerifyingKey(der: row["public_key"])
        sealed = try row["sealed_key"]
        madeAt = try row["made_at"]
        signsFrom = try row["signs_from"]
        verifiesUntil = try row["verifies_until"]
    }

    package static func all(_ tenant: Int32) -> Query<[HeldKey]> {
        .many(
            """
            select id, public_key, sealed_key, made_at, signs_from, verifies_until from app.signing_key
             where tenant_id = \(tenant) order by signs_from desc limit 20
            """)
    }

    static func purpose(_ id: UUID, _ tenant: Int32) -> String { "signing_key:\(tenant):\(id.text)" }
}

extension [HeldKey] {
    /// The newest that may sign already.
    fileprivate func signing(at now: Date) -> HeldKey? {
        filter { $0.signsFrom <= now && ($0.verifiesUntil.map { $0 > now } ?? true) }.max { $0.signsFrom < $1.signsFrom }
    }
}

/// Signs access tokens for one company.
public struct AccessSigner: Sendable {
    /// Seconds that an access token is good for.
    public static let life: TimeInterval = 900

    let place: TokenPlace
    let threads: BoundedThreads
    let key: @Sendable () throws -> SigningKey

    /// A token for one sign-in of a member. The same arguments give the same text, as long as the key does not change.
    public func sign(_ member: UUID, session: UUID, id: UUID, at now: Date) async throws -> SignedAccess {
        // Whole seconds, as the token says them: its row is over at the same moment.
        let begin = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let claims = AccessClaims(
            place, sub: member.text, session: session.text, jti: id.text, iat: Int(begin.timeIntervalSince1970),
            exp: Int((begin + Self.life).timeIntervalSince1970))
        let key = key
        let text = try await threads.run { try key().token(claims) }
        return SignedAccess(text: text, id: id, member: member, session: session, begins: begin, ends: begin + Self.life)
    }
}

/// A signed access token, and what its row has to say.
public struct SignedAccess: Sendable {
    public let text: String
    public let id: UUID
    public let member: UUID
    public let session: UUID
    public let begins: Date
    public let ends: Date

    /// SHA-256 of the text, 32 bytes.
    public var hash: [UInt8] { Bearer.hash(text) }
}

extension TenantContext {
    /// Signs access tokens for this company. Ask for it outside a transaction: a company's first key is stored by one of its own.
    public func accessSigner() async throws -> AccessSigner { try await house.keys.signer(walled, tokenPlace) }

    var tokenPlace: TokenPlace { house.tokenPlace(tenant) }
}

extension House {
    /// The company's first host stands for all of them, so that a token is good on each.
    package func tokenPlace(_ tenant: Tenant) -> TokenPlace {
        let origin = "\(settings.secure ? "https" : "http")://\(tenant.hosts.first ?? "localhost")"
        return TokenPlace(issuer: origin, audience: "\(origin)/api/v1", tenant: tenant.slug)
    }
}
