import Forms

/// All roles that somebody is to have from now on.
struct RolesDraft: Sendable {
    let roles: [String]
    /// As the form showed it; programs may leave it out.
    let version: Int?

    init(roles: [String], version: Int?) {
        (self.roles, self.version) = (roles, version)
    }

    init(_ form: inout FormReader, _ desk: RoleDesk, held: [String]) {
        let given = form.texts("roles", max: 50, .required, .max(40))
        // In the order of the file; what the file no longer knows can stay, but is not given anew.
        let known = desk.tenant.configuration.roles.map(\.key)
        if !given.allSatisfy({ known.contains($0) || held.contains($0) }) { form.fail("roles", .notAllowed) }
        roles = known.filter(given.contains) + held.filter { given.contains($0) && !known.contains($0) }
        version = form.version()
    }
}

/// Why.
struct ReasonDraft: Sendable {
    let reason: String?

    init(_ form: inout FormReader) {
        reason = form.optionalText("reason", .max(500), .lines)
    }
}
