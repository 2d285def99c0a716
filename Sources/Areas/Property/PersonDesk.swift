import Audit
import HTML
import Identity
import UI
import Web

extension PersonLine {
    var state: PersonState { isAnonymised ? .anonymised : isDisabled ? .disabled : .active }

    /// What is out of the ordinary; most people have none.
    func badges(_ t: PropertyMessages) -> [Badge] {
        var badges: [Badge] = []
        if state != .active { badges.append(Badge(t.persons.stateName(state: state.rawValue), mark: .strike)) }
        if hasFactor { badges.append(Badge(t.persons.factor, tone: .ok, mark: .check)) }
        return badges
    }
}

extension PersonDesk {
    /// Nothing is offered that would be refused anyway: to oneself, about somebody who may do more, after anonymising.
    init?(_ line: PersonLine, _ context: MemberContext) {
        let path: WebPath = "/people/\(line.id.text)"
        let isOther = line.id != context.memberID
        let mayTouch = isOther && !line.isAnonymised && RoleDesk(context).mayTouch(line.roles)
        func offer(_ permission: Permission, _ path: WebPath, _ condition: Bool) -> WebPath? {
            context.may(permission) && condition ? path : nil
        }
        roles = offer(.changeRoles, "\(path)/roles", !line.isAnonymised)
        preview = offer(.seeAs, "\(path)/preview", mayTouch && !line.isDisabled)
        disable = offer(.disablePeople, "\(path)/suspension", mayTouch && !line.isDisabled)
        enable = offer(.disablePeople, "\(path)/suspension/revocation", mayTouch && line.isDisabled)
        export = offer(.exportPeople, "\(path)/exports", !line.isAnonymised)
        anonymise = offer(.anonymisePeople, "\(path)/anonymisation", mayTouch)
        activity = offer(.seeAudit, ("/admin/audit" as WebPath).adding(query: [("actor", line.id.text)]), true)
        guard hasMore || [roles, preview, disable, enable].contains(where: { $0 != nil }) else { return nil }
    }

    var hasMore: Bool { export != nil || anonymise != nil || activity != nil }
}
