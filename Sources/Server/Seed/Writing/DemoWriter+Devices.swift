import Database
import Foundation

extension DemoWriter {
    /// Each is a member that cannot sign in, a device, and a token that nobody has.
    func insertDevices() -> [SQL] {
        let rows = records.devices
        let makers = rows.map { records.members[$0.maker].id }
        return [
            """
            insert into app.member(tenant_id, id, kind, email, name, roles, created_at, disabled_at)
            select \(tenant), id, 'device', 'device:' || id, name, '{}', made, revoked
              from unnest(\(rows.map(\.id)), \(rows.map(\.name)), \(rows.map(\.madeAt)), \(rows.map(\.revokedAt)))
                   as t(id, name, made, revoked)
            """,
            """
            insert into app.device(tenant_id, id, place, made_by, made_at, revoked_by)
            select \(tenant), id, place, maker, made, case when revoked is not null then maker end
              from unnest(\(rows.map(\.id)), \(rows.map(\.place)), \(makers), \(rows.map(\.madeAt)), \(rows.map(\.revokedAt)))
                   as t(id, place, maker, made, revoked)
            """,
            """
            insert into app.personal_token(tenant_id, id, member_id, name, token_hash, scopes, made_at, expires_at, used_at, revoked_at)
            select \(tenant), id, device, name, sha256(convert_to('demo ' || id, 'UTF8')), string_to_array(scopes, ' '), made, expires,
                   used, revoked
              from unnest(\(rows.map(\.token)), \(rows.map(\.id)), \(rows.map(\.name)),
                          \(rows.map { $0.scopes.joined(separator: " ") }), \(rows.map(\.madeAt)), \(rows.map(\.expiresAt)),
                          \(rows.map(\.usedAt)), \(rows.map(\.revokedAt)))
                   as t(id, device, name, scopes, made, expires, used, revoked)
            """
        ]
    }
}
