import Tenancy

extension Tenant {
    /// Everything that any of the roles grants; roles that the configuration no longer knows grant nothing.
    public func permissions(of roles: [String]) -> Set<String> {
        roles.reduce(into: []) { rights, key in rights.formUnion(role(key)?.permissions ?? []) }
    }

    /// Keys of the roles that grant a permission.
    public func roleKeys(granting permission: Permission) -> [String] {
        configuration.roles.filter { $0.permissions.contains(permission.name) }.map(\.key)
    }

    /// Whether any of the roles belongs to people who work for the company.
    public func isStaff(_ roles: [String]) -> Bool {
        roles.contains { role($0)?.isStaff == true }
    }

    /// "Manager, Technician", in the reader's language.
    public func titles(of roles: [String], language: String) -> String {
        roles.compactMap { role($0)?.title[language] }.joined(separator: ", ")
    }

    var brandPath: String { "/brand/\(configuration.slug)-\(configuration.brand.revision).css" }
    var logoPath: String? {
        configuration.brand.logo == nil ? nil : "/brand/\(configuration.slug)-\(configuration.brand.revision).svg"
    }
}
