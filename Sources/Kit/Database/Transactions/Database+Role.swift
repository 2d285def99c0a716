extension Database {
    /// Refuses a role for which the wall would not hold: superuser, BYPASSRLS, member of such a role, or one that may write the note
    /// of the proved tenant (migration 0021) or finds it written before any proof. Call it before serving.
    public func verifyRole() async throws {
        let found = try await withoutTenant { tx in
            try await tx.first(
                """
                select current_user::text as name,
                       coalesce((select string_agg(r.rolname::text, ', ' order by r.rolname) from pg_roles r
                                  where (r.rolsuper or r.rolbypassrls) and pg_has_role(current_user, r.oid, 'member')), '') as powers,
                       has_parameter_privilege('backtrace_functions', 'set') or current_setting('backtrace_functions') <> '' as is_named
                """, RolePowers.self)
        }
        guard let found, found.powers.isEmpty else {
            throw DatabaseError.misuse(
                """
                the role "\(found?.name ?? "?")" passes through the tenant wall (superuser or BYPASSRLS: \(found?.powers ?? "?")); \
                sign in as portico_app or portico_worker
                """)
        }
        guard !found.isNamed else {
            throw DatabaseError.misuse(
                """
                for the role "\(found.name)" backtrace_functions is set, or may be: that is where the tenant wall notes the proved tenant; \
                reset it for the server, the database and the role, and revoke the right
                """)
        }
    }
}

extension Database {
    /// Refuses a role that could read or change anything: what strangers hand in enters through one that only inserts
    /// (migration 0027). Call it besides `verifyRole`.
    public func verifyBlindness() async throws {
        let seen = try await withoutTenant { tx in
            try await tx.values(
                """
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('app', 'jobs', 'sec') and c.relkind in ('r', 'p', 'v', 'm', 'f')
                   and (has_table_privilege(c.oid, 'select, update, delete, truncate')
                        or has_any_column_privilege(c.oid, 'select, update'))
                 order by 1
                """, String.self)
        }
        guard seen.isEmpty else {
            throw DatabaseError.misuse(
                """
                the role "\(settings.role ?? "?")" may read or change \(seen.joined(separator: ", ")); visitors' reports enter through a \
                role that only inserts
                """)
        }
    }
}

private struct RolePowers: Record {
    var name: String
    var powers: String
    /// Whether somebody without a ticket can name, or has named, a tenant.
    var isNamed: Bool

    init(row: Row) throws {
        name = try row["name"]
        powers = try row["powers"]
        isNamed = try row["is_named"]
    }
}
