import Database
import Foundation
import Web

/// Both spellings, because two of the documents define this answer.
struct TokenAnswer: Encodable, Sendable {
    let accessToken: String
    let refreshToken: String
    let tokenType = "bearer"
    let expiresIn = Int(AccessSigner.life)

    enum CodingKeys: String, CodingKey {
        case accessToken, refreshToken, tokenType, expiresIn
        case access = "access_token"
        case refresh = "refresh_token"
        case type = "token_type"
        case expires = "expires_in"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        for key in [CodingKeys.accessToken, .access] { try container.encode(accessToken, forKey: key) }
        for key in [CodingKeys.refreshToken, .refresh] { try container.encode(refreshToken, forKey: key) }
        for key in [CodingKeys.tokenType, .type] { try container.encode(tokenType, forKey: key) }
        for key in [CodingKeys.expiresIn, .expires] { try container.encode(expiresIn, forKey: key) }
    }

    /// As `encode(to:)` writes it.
    static let shape = JSONShape.object(
        .init(
            "Tokens",
            [CodingKeys.accessToken, .access, .refreshToken, .refresh, .tokenType, .type].map { .init($0.stringValue, .text) }
                + [CodingKeys.expiresIn, .expires].map { .init($0.stringValue, .integer) }))

    /// Opens a program's sign-in.
    static func open(_ member: UUID, _ signer: AccessSigner, agent: String?, _ tx: Tx) async throws -> TokenAnswer {
        let family = UUID.v7(now: tx.facts.now)
        let access = try await Sessions.openAccess(member, family: family, signer, agent: agent, proved: true, tx)
        let refresh = Sessions.open(.refresh, member, family: family, staff: false, agent: agent, tx)
        return TokenAnswer(accessToken: access.text, refreshToken: refresh.text)
    }
}

extension Sessions {
    /// Signs an access token and writes the row that it needs: a token whose row is gone is good for nothing, on every node.
    ///
    /// - Parameters:
    ///   - id: of the token.
    ///   - begin: when its 15 minutes begin; nil for now.
    package static func openAccess(
        _ member: UUID, family: UUID, id: UUID? = nil, at begin: Date? = nil, _ signer: AccessSigner, agent: String?,
        proved: Bool = false, _ tx: Tx
    ) async throws -> SignedAccess {
        let now = tx.facts.now
        let provedAt = proved ? now : nil
        let access = try await signer.sign(member, session: family, id: id ?? UUID.v7(now: now), at: begin ?? now)
        tx.atCommit(
            """
            insert into app.session(tenant_id, token_hash, id, member_id, kind, family, created_at, seen_at, idle_until, expires_at, address, agent,
                                    proved_at)
            values (\(tx.facts.tenant), \(access.hash), \(access.id), \(member), 'access', \(family), \(access.begins), \(now),
                    \(access.ends), \(access.ends), \(tx.facts.address), \(agent), \(provedAt)) on conflict do nothing
            """)
        return access
    }
}
