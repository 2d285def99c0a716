import Database
import Foundation

extension DemoWriter {
    /// Nobody has these tokens: what is hashed is none that could be presented.
    func insertDelegations() -> SQL {
        // Lists of lists are no values of Postgres' unnest: the rights travel joined.
        let rows = records.delegations
        return """
            insert into app.delegation(tenant_id, id, unit_id, delegator_id, delegate_id, email, rights, state, token_hash,
                                       offered_at, sent_at, expires_at, accepted_at)
            select \(tenant), t.id, unit, delegator, delegate, lower(m.email), string_to_array(rights, ' '),
                   case when accepted is null then 'pending' else 'accepted' end, sha256(convert_to('demo ' || t.id, 'UTF8')),
                   at, at, expires, accepted
              from unnest(\(rows.map(\.id)), \(rows.map { records.units[$0.unit].id }),
                          \(rows.map { records.members[$0.delegator].id }), \(rows.map { records.members[$0.delegate].id }),
                          \(rows.map { $0.rights.joined(separator: " ") }), \(rows.map(\.at)), \(rows.map(\.expiresAt)),
                          \(rows.map(\.acceptedAt)))
                   as t(id, unit, delegator, delegate, rights, at, expires, accepted)
              join app.member m on m.tenant_id = \(tenant) and m.id = t.delegate
            """
    }
}
