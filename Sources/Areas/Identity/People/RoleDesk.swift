import Tenancy
import Web

/// Who decides about whom: nobody gives, takes or touches more than they may do themselves, unless they manage roles.
package struct RoleDesk: Sendable {
    let tenant: Tenant
    /// By roles of their own; what was lent to them is not theirs to give.
    private let rights: Set<String>
    private let managesRoles: Bool

    package init(_ context: MemberContext) {
        tenant = context.tenant
        rights = context.tenant.permissions(of: context.session.roles).intersection(context.rights)
        managesRoles = context.may(.manageRoles)
    }

    /// Of somebody with these roles.
    init(tenant: Tenant, roles: [String]) {
        self.tenant = tenant
        rights = tenant.permissions(of: roles)
        managesRoles = rights.contains(Permission.manageRoles.name)
    }

    /// Roles that the file no longer knows grant nothing, so anybody may take them away.
    func mayGive(_ role: String) -> Bool { mayTouch([role]) }

    /// Whether somebody with these roles may be disabled, looked at or forgotten.
    package func mayTouch(_ roles: [String]) -> Bool {
        managesRoles || tenant.permissions(of: roles).isSubset(of: rights)
    }

}

extension Tenant {
    /// Of which somebody always has one: they can give every role. In a company where none does, those that look after its
    /// configuration.
    var indispensableRoles: [String] {
        let keys = roleKeys(granting: .manageRoles)
        return keys.isEmpty ? roleKeys(granting: .seeConfiguration) : keys
    }
}
