import Forms
import Tenancy

/// Which roles the claims of a provider mean.
struct RoleMapping: Sendable {
    struct Rule: Sendable {
        let value: String
        let role: String
    }

    /// When the claims are looked at: at the first sign-in, or at each.
    enum Time: String, CaseIterable, Sendable { case first, always }

    /// For newcomers whom no rule gives a role; without one they do not come in. Never one of staff.
    let standard: String?
    /// The claim that has the values: a name, or names with dots between them for one within another.
    let claim: String?
    let rules: [Rule]
    let apply: Time

    static let none = RoleMapping(standard: nil, claim: nil, rules: [], apply: .first)
    static let schema = Schema<RoleMapping>.object(
        .optional("default", .role, "For newcomers whom no rule gives a role; not a role of staff."),
        .optional("claim", .text(1...200), "The claim whose values the rules name, for example groups."),
        .optional("rules", .list(of: rule, count: 0...100), default: [], "Who has this value has this role."),
        .optional("apply", .choice(), default: .first, "first: newcomers only; always: at each sign-in."),
        make: RoleMapping.init)
    private static let rule = Schema<Rule>.object(
        .required("value", .text(1...200)), .required("role", .role), make: Rule.init)

    /// The roles that the claims name, in the order of the rules.
    func named(by claims: JSONValue) -> [String] {
        guard let claim else { return [] }
        let values = Set(claims.texts(at: claim))
        var roles: [String] = []
        for rule in rules where values.contains(rule.value) && !roles.contains(rule.role) { roles.append(rule.role) }
        return roles
    }

    /// What a newcomer gets; empty for somebody who has no business here.
    func first(_ claims: JSONValue, _ tenant: Tenant) -> [String] {
        let named = named(by: claims)
        if !named.isEmpty { return named }
        guard let standard, tenant.role(standard)?.isStaff == false else { return [] }
        return [standard]
    }

    /// What a member has after this sign-in: of the roles that this mapping can give exactly those that the claims mean, and every role that
    /// somebody gave by hand. Empty when that leaves nothing.
    func next(_ claims: JSONValue, over roles: [String], _ tenant: Tenant) -> [String] {
        guard apply == .always else { return roles }
        let given = Set(rules.map(\.role) + [standard].compactMap { $0 })
        let kept = roles.filter { !given.contains($0) }
        let named = named(by: claims)
        return kept + (named.isEmpty && kept.isEmpty ? first(claims, tenant) : named.filter { !kept.contains($0) })
    }
}

extension JSONValue {
    /// The texts of a claim, one or several.
    func texts(at claim: String) -> [String] {
        var found = self[claim]
        // Names of claims may have dots of their own, as in `https://acme.example/roles`.
        if found == nil {
            found = claim.split(separator: ".").reduce(self as JSONValue?) { value, name in value?[String(name)] }
        }
        switch found {
        case .string(let text): return [text]
        case .array(let items): return items.compactMap(\.string)
        default: return []
        }
    }
}
