import Database
import Identity

extension PersonalData {
    /// How somebody came in.
    package static let arrival = PersonalData(
        [
            Table("registrations", ["name", "email", "phone", "asked_for", "at", "verified_at"]) { member, tenant in
                """
                select array[name, email, phone, requested_role, \(SQL.instant("created_at")), \(SQL.instant("verified_at"))] as cells
                  from app.registration where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("invitations", ["email", "role", "invited_at", "accepted_at"]) { member, tenant in
                """
                select array[email, role, \(SQL.instant("invited_at")), \(SQL.instant("accepted_at"))] as cells
                  from app.invitation where tenant_id = \(tenant) and accepted_by = \(member) order by id
                """
            }
        ],
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                "delete from app.mailed_link where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.registration where tenant_id = \(tenant) and (member_id = \(member) or email = \(person.email))",
                """
                update app.invitation set revoked_at = \(person.now), revoked_by = \(person.by)
                 where tenant_id = \(tenant) and email = \(person.email) and accepted_at is null and revoked_at is null
                """,
                """
                update app.invitation set email = \(person.newEmail)
                 where tenant_id = \(tenant) and (accepted_by = \(member) or email = \(person.email))
                """
            ]
        })
}
