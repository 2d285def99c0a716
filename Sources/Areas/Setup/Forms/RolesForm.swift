import Forms
import Foundation
import HTML
import Identity
import Tenancy
import UI
import Web

/// Who may do what: every role by every permission. Titles, and roles that come or go, are a matter of the text.
struct RolesForm: ConfigurationForm {
    let context: MemberContext
    let permissions: [String]

    init(_ context: MemberContext, _ permissions: [String]) {
        self.context = context
        self.permissions = permissions
    }

    /// By role; a role that is not named stays as it is.
    typealias Draft = [String: Set<String>]

    var address: WebPath { ConfigurationDesk.path(.roles) }

    func values(_ files: CompanyFiles) throws -> FormValues {
        let yaml = try editor(files)
        var values = FormValues()
        for role in yaml.keys("roles") {
            values.add("roles", role)
            for permission in yaml.items("roles", role, "permissions") ?? [] { values.add("grants", "\(role) \(permission)") }
        }
        return values
    }

    /// A page without ticks says nothing of a role whose last tick went; so the form names its roles, too.
    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> Draft {
        var draft: Draft = [:]
        for role in form.texts("roles", max: 50, .required, .max(40)) { draft[role] = [] }
        for grant in form.texts("grants", max: 1_000, .max(120)) {
            let words = grant.split(separator: " ").map(String.init)
            guard words.count == 2, draft[words[0]] != nil else {
                form.fail("grants", .notAllowed)
                continue
            }
            draft[words[0]]?.insert(words[1])
        }
        return draft
    }

    func changes(_ draft: Draft, _ files: CompanyFiles) throws -> [String: String?] {
        guard draft.values.joined().allSatisfy(permissions.contains) else {
            throw FormErrors([FieldProblem("grants", .notAllowed)])
        }
        var yaml = try editor(files)
        for role in yaml.keys("roles") {
            guard let wanted = draft[role] else { continue }
            let now = yaml.items("roles", role, "permissions") ?? []
            guard Set(now) != wanted else { continue }
            try yaml.setItems(
                ["roles", role, "permissions"],
                now.filter(wanted.contains) + permissions.filter { wanted.contains($0) && !now.contains($0) })
        }
        return [TenantFile.name: yaml.text]
    }

    func json(_ files: CompanyFiles, base: String) throws -> RolesJSON {
        let yaml = try editor(files)
        return RolesJSON(
            roles: yaml.keys("roles").map { .init(key: $0, permissions: yaml.items("roles", $0, "permissions") ?? []) },
            permissions: permissions, base: base)
    }

    func page(_ state: FormState) throws -> any Page {
        let desk = ConfigurationDesk(context)
        let language = context.language
        let roles = try editor(state.files).keys("roles")
        let title = { (role: String) in context.tenant.role(role)?.title[language.rawValue] ?? role }
        let ticked = Set(state.values.all("grants"))
        let head = desk.head(state)
        return RolesPage(
            crumbs: desk.crumbs(.roles), tabs: desk.tabs(.roles), action: address,
            errors: desk.errors(state.problems).inOrder(of: [head.reason]), roles: roles.map(title),
            rows: permissions.map { permission in
                let words = PermissionWords.title(permission, language)
                return RightRow(
                    title: words, name: permission,
                    cells: roles.map { role in
                        let value = "\(role) \(permission)"
                        return RightCell(
                            label: "\(title(role)): \(words)", role: title(role), value: value,
                            isTicked: ticked.contains(value))
                    })
            }, keys: roles, head: head, review: desk.review(state.review))
    }
}
