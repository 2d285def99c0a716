import Database
import Foundation

extension DemoWriter {
    /// Nobody has these codes: what is hashed is no code that could be presented.
    func insertInvitations() -> SQL {
        let rows = records.invitations
        return """
            insert into app.invitation(tenant_id, id, email, role, building_id, unit_id, code_hash, invited_by, invited_at, sent_at,
                                       expires_at, accepted_at, accepted_by, revoked_at, revoked_by)
            select \(tenant), id, email, role, building, unit, sha256(convert_to('demo ' || id, 'UTF8')), inviter, at, at, expires,
                   case when member is not null then at + interval '5 hours' end, member, revoked,
                   case when revoked is not null then inviter end
              from unnest(\(rows.map(\.id)), \(rows.map(\.email)), \(rows.map(\.role)),
                          \(rows.map { row in row.unit.map { records.buildings[records.units[$0].building].id } }),
                          \(rows.map { row in row.unit.map { records.units[$0].id } }),
                          \(rows.map { records.members[$0.inviter].id }), \(rows.map(\.at)), \(rows.map(\.expiresAt)),
                          \(rows.map { row in row.acceptedBy.map { records.members[$0].id } }), \(rows.map(\.revokedAt)))
                   as t(id, email, role, building, unit, inviter, at, expires, member, revoked)
            """
    }

    func insertRegistrations() -> SQL {
        let rows = records.registrations
        let admin = records.faces["admin"].map { records.members[$0].id }
        return """
            insert into app.registration(tenant_id, id, email, name, language, requested_role, password_hash, created_at, verified_at,
                                         member_id, decided_at, decided_by, granted)
            select \(tenant), id, email, name, 'en', role, case when member is null then \(passwordHash) end, at,
                   case when member is not null then at + interval '20 minutes' end, member,
                   case when granted is not null then at + interval '1 day' end, case when granted is not null then \(admin) end,
                   granted
              from unnest(\(rows.map(\.id)), \(rows.map(\.email)), \(rows.map(\.name)), \(rows.map(\.requestedRole)),
                          \(rows.map(\.at)), \(rows.map { row in row.member.map { records.members[$0].id } }),
                          \(rows.map(\.granted)))
                   as t(id, email, name, role, at, member, granted)
            """
    }
}
