extension Database {
    /// Refuses a role for which the wall would not hold: superuser, BYPASSRLS, or member of such a role. Call it before serving.
    public func verifyRole() async throws {
        let found = try await withoutTenant { tx in
            try await tx.first(
                """
                select current_user::text as name,
                       coalesce((select string_agg(r.rolname::text, ', ' order by r.rolname) from pg_roles r
                                  where (r.rolsuper or r.rolbypassrls) and pg_has_role(current_user, r.oid, 'member')), '') as powers
                """, RolePowers.self)
        }
        guard let found, found.powers.isEmpty else {
            throw DatabaseError.misuse(
                """
                the role "\(found?.name ?? "?")" passes through the tenant wall (superuser or BYPASSRLS: \(found?.powers ?? "?")); \
                sign in as portico_app or portico_worker
                """)
        }
    }
}

private struct RolePowers: Record {
    var name: String
    var powers: String

    init(row: Row) throws {
        name = try row["name"]
        powers = try row["powers"]
    }
}
