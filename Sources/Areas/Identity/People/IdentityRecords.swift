import Database

extension PersonalData {
    /// The account, how it is signed in, and what was done with it.
    package static let identity = PersonalData(
        [
            Table(
                "account",
                [
                    "id", "name", "email", "roles", "language", "time_zone", "appearance", "created_at", "last_signed_in_at",
                    "second_factor_since"
                ]
            ) { member, tenant in
                """
                select array[id::text, name, email, array_to_string(roles, ' '), locale, time_zone, theme, \(SQL.instant("created_at")),
                             \(SQL.instant("signed_in_at")), \(SQL.instant("factor_since"))] as cells
                  from app.member where tenant_id = \(tenant) and id = \(member)
                """
            },
            Table("sign-ins", ["kind", "browser_or_program", "address", "signed_in_at", "last_used_at"]) { member, tenant in
                """
                select array[kind, agent, address, \(SQL.instant("coalesce(signed_in_at, created_at)")), \(SQL.instant("seen_at"))] as cells
                  from app.session where tenant_id = \(tenant) and member_id = \(member) order by created_at
                """
            },
            Table("tokens", ["name", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at"]) { member, tenant in
                """
                select array[name, array_to_string(scopes, ' '), \(SQL.instant("made_at")), \(SQL.instant("expires_at")),
                             \(SQL.instant("used_at")), \(SQL.instant("revoked_at"))] as cells
                  from app.personal_token where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("passkeys", ["name", "made_at", "last_used_at"]) { member, tenant in
                """
                select array[name, \(SQL.instant("made_at")), \(SQL.instant("used_at"))] as cells
                  from app.passkey where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("identity-providers", ["provider", "issuer", "subject", "email", "linked_at", "last_used_at"]) {
                member, tenant in
                """
                select array[provider, issuer, subject, email, \(SQL.instant("linked_at")), \(SQL.instant("used_at"))] as cells
                  from app.identity where tenant_id = \(tenant) and member_id = \(member) order by id
                """
            },
            Table("looked-at", ["who", "why", "from", "until"]) { member, tenant in
                """
                select array[v.name, p.reason, \(SQL.instant("p.began_at")), \(SQL.instant("coalesce(p.ended_at, p.ends_at)"))] as cells
                  from app.preview p join app.member v on v.tenant_id = p.tenant_id and v.id = p.viewer_id
                 where p.tenant_id = \(tenant) and p.member_id = \(member) order by p.id
                """
            },
            Table("activity", ["at", "what", "record", "record_id", "address"]) { member, tenant in
                """
                select array[\(SQL.instant("at")), action, entity, entity_id::text, address] as cells
                  from app.audit_line where tenant_id = \(tenant) and actor_id = \(member) order by id
                """
            }
        ],
        forget: { person in
            let (member, tenant) = (person.member, person.tenant)
            return [
                "delete from app.personal_token where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.totp where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.recovery_code where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.identity where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.passkey where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.sign_in_challenge where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.kept_form where tenant_id = \(tenant) and member_id = \(member)",
                "delete from app.idempotency where tenant_id = \(tenant) and member_id = \(member)",
                "update app.preview set reason = '–' where tenant_id = \(tenant) and member_id = \(member)"
            ]
        })
}
