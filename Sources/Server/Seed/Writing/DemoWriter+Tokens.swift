import Database
import Foundation

extension DemoWriter {
    /// Nobody has these tokens: what is hashed is none that could be presented.
    func insertTokens() -> SQL {
        let rows = records.tokens
        return """
            insert into app.personal_token(tenant_id, id, member_id, name, token_hash, scopes, made_at, expires_at, used_at, revoked_at)
            select \(tenant), id, member, name, sha256(convert_to('demo ' || id, 'UTF8')), string_to_array(scopes, ' '), made, expires,
                   used, revoked
              from unnest(\(rows.map(\.id)), \(rows.map { records.members[$0.member].id }), \(rows.map(\.name)),
                          \(rows.map { $0.scopes.joined(separator: " ") }), \(rows.map(\.madeAt)), \(rows.map(\.expiresAt)),
                          \(rows.map(\.usedAt)), \(rows.map(\.revokedAt)))
                   as t(id, member, name, scopes, made, expires, used, revoked)
            """
    }
}
