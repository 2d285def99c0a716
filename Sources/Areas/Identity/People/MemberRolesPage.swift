import Forms
import Foundation
import HTML
import UI
import Web

/// `/people/{id}/roles`.
package struct MemberRolesPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var roles: Field
    var choices: [Choice]
    var ticked: Set<String>
    /// Roles that only others can take away; they stay.
    var fixed: [HiddenValue]
    /// "Also: Administrator. …"; nil where there are none.
    var fixedNote: String?
    var version: Int
}

extension MemberRolesPage {
    init(_ standing: Standing, ticked: Set<String>, _ problems: [FieldProblem], _ context: MemberContext) {
        let (t, desk) = (IdentityMessages(context.language).standing, RoleDesk(context))
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        let roles = context.tenant.configuration.roles
        let fixed = standing.roles.filter { !desk.mayGive($0) }
        let title = t.rolesOf(name: standing.name)
        let field = Field(
            "roles", label: t.roles, hint: t.rolesHint, error: errors.message(for: "roles"), required: true)
        self.init(
            title: title, crumbs: [Crumb(t.people, "/people"), Crumb(standing.name, standing.path), Crumb(t.roles)],
            action: "/people/\(standing.id.text)/roles", back: standing.path, errors: errors.inOrder(of: [field]), roles: field,
            choices: roles.filter { desk.mayGive($0.key) }.map { Choice($0.key, $0.title[context.language.rawValue]) },
            ticked: ticked, fixed: fixed.map { HiddenValue("roles", $0) },
            fixedNote: fixed.isEmpty
                ? nil : t.fixed(roles: context.tenant.titles(of: fixed, language: context.language.rawValue)),
            version: standing.version)
    }
}
