import Tenancy
import Web

/// What a publication must not do, however right its files are: shut out whoever publishes, or everybody, from publishing again; or take
/// hosts, which the operator of the server gives.
struct LockOut {
    let context: MemberContext
    let t: SetupMessages.Guarded

    init(_ context: MemberContext) {
        self.context = context
        t = SetupMessages(context.language).guarded
    }

    func problems(_ after: TenantConfiguration) -> [TenantProblem] {
        var problems: [TenantProblem] = []
        func refuse(_ path: String, _ message: String) {
            problems.append(TenantProblem(file: TenantFile.name, line: 1, path: path, message: message))
        }
        let needed = [Permission.publishConfiguration, .seeConfiguration].map(\.name)
        if !after.roles.contains(where: { $0.permissions.isSuperset(of: needed) }) {
            refuse("roles", t.nobody(permission: Permission.publishConfiguration.name))
        } else {
            let rights = context.session.roles.reduce(into: Set<String>()) { $0.formUnion(after.role($1)?.permissions ?? []) }
            for name in needed where !rights.contains(name) { refuse("roles", t.yourself(permission: name)) }
        }
        for host in after.hosts where !context.tenant.hosts.contains(host) { refuse("hosts", t.newHost(host: host)) }
        if !after.hosts.contains(context.outer.host) { refuse("hosts", t.thisHost(host: context.outer.host)) }
        return problems
    }
}
