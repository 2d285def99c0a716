import Forms
import HTML
import Identity
import Tenancy
import UI
import Web

/// Fields of a form with what was typed and what was wrong with it.
struct EntryFields: Sendable {
    let t: ArrivalMessages
    let values: FormValues
    let errors: [FieldError]

    init(_ language: Language, _ values: FormValues = FormValues(), _ problems: [FieldProblem] = []) {
        let t = ArrivalMessages(language)
        self.t = t
        self.values = values
        errors = ProblemText.errors(problems, language) { t.problem(code: $0) }
    }

    func field(
        _ name: String, _ label: String, hint: String? = nil, required: Bool = false, most: Int? = nil,
        autocomplete: String? = nil,
        standard: String = ""
    ) -> Field {
        let typed = values[name]
        return Field(
            name, label: label, value: typed.isEmpty ? standard : typed, hint: hint, error: errors.message(for: name),
            required: required, maxLength: most, autocomplete: autocomplete)
    }

    func email(standard: String = "") -> EntryItem {
        EntryItem(field("email", t.field.email, required: true, most: 254, autocomplete: "username", standard: standard), .email)
    }

    func password(_ label: String) -> EntryItem {
        EntryItem(
            field("password", label, hint: t.field.passwordHint, required: true, autocomplete: "new-password"), .password)
    }

    var passwordAgain: EntryItem {
        EntryItem(field("password_confirm", t.field.passwordAgain, required: true, autocomplete: "new-password"), .password)
    }
}

extension EntryPage {
    /// In the order of the fields, each with its label.
    mutating func sortErrors() { errors = errors.inOrder(of: items.map(\.field)) }

    /// The same with buttons of identity providers above.
    func with(_ providers: [ProviderLink], _ context: TenantContext) -> EntryPage {
        let t = ArrivalMessages(context.language).register
        var page = self
        page.ways = providers.map { EntryLink(t.with(provider: $0.title), $0.path) }
        page.takesPassword = providers.isEmpty || context.tenant.takesPassword()
        return page
    }

    /// `/register?code=…`.
    static func invited(
        _ context: TenantContext, code: String, email: String, next: WebPath? = nil, _ values: FormValues,
        _ problems: [FieldProblem]
    ) -> EntryPage {
        let form = EntryFields(context.language, values, problems)
        let t = form.t
        var items = [
            form.email(standard: email),
            EntryItem(
                form.field(
                    "display_name", t.field.name, hint: t.field.nameHint, required: true, most: 120, autocomplete: "name")),
            form.password(t.field.password), form.passwordAgain
        ]
        // Whoever came by the link need not see the code, unless it does not work.
        let hides = !code.isEmpty && form.errors.message(for: "invitation_code") == nil
        if !hides {
            let field = form.field(
                "invitation_code", t.field.code, hint: t.field.codeHint, required: true, most: 80, autocomplete: "off",
                standard: code)
            items.insert(EntryItem(field), at: 0)
        }
        var page = EntryPage(
            title: t.register.title, lead: t.register.lead(company: context.tenant.name), action: "/register",
            errors: form.errors,
            items: items,
            hidden: (hides ? [HiddenValue("invitation_code", code)] : []) + (next.map { [HiddenValue("next", $0.string)] } ?? []),
            submit: t.register.submit,
            links: [EntryLink(t.toSignIn, ("/login" as WebPath).adding(query: next.map { [("next", $0.string)] } ?? []))])
        page.sortErrors()
        return page
    }

    /// `/register` where people may come in by themselves.
    static func open(
        _ context: TenantContext, _ terms: RegistrationSettings.Terms, _ values: FormValues, _ problems: [FieldProblem]
    ) -> EntryPage {
        let form = EntryFields(context.language, values, problems)
        let t = form.t
        let roles = terms.mayAsk.compactMap { context.tenant.role($0) }
        var items = [
            EntryItem(
                form.field("full_name", t.field.name, hint: t.field.nameHint, required: true, most: 120, autocomplete: "name")),
            form.email(),
            EntryItem(form.field("phone", t.field.phone, hint: t.field.phoneHint, most: 40, autocomplete: "tel")),
            form.password(t.field.password)
        ]
        if !roles.isEmpty {
            items.append(
                EntryItem(
                    form.field("requested_role", t.register.role, hint: t.register.roleHint), .select,
                    choices: roles.map { Choice($0.key, $0.title[context.language.rawValue]) }, prompt: t.register.noRole))
        }
        items.append(
            EntryItem(
                form.field("accept_terms", t.register.terms(company: context.tenant.name), required: true), .tick,
                page: terms.page))
        var page = EntryPage(
            title: t.register.openTitle, lead: t.register.openLead, action: "/register", errors: form.errors, items: items,
            submit: t.register.openTitle,
            links: [
                EntryLink(t.register.haveCode, ("/register" as WebPath).adding(query: [("code", "")])),
                EntryLink(t.toSignIn, "/login")
            ])
        page.sortErrors()
        return page
    }

    /// One address and a button: the mail again, a new password.
    static func address(
        _ context: TenantContext, _ action: WebPath, _ words: (title: String, lead: String, submit: String), _ values: FormValues,
        _ problems: [FieldProblem]
    ) -> EntryPage {
        let form = EntryFields(context.language, values, problems)
        var page = EntryPage(
            title: words.title, lead: words.lead, action: action, errors: form.errors, items: [form.email()],
            submit: words.submit,
            links: [EntryLink(form.t.toSignIn, "/login")])
        page.sortErrors()
        return page
    }
}
