import Forms
import Foundation
import HTML
import Notifications
import Tenancy
import UI
import Web

/// A company's own configuration: as forms, as text, and as it was.
package struct ConfigurationRoutes: Sendable {
    /// Everything that a role may grant.
    let permissions: [String]
    /// What rules would do to records, by area.
    let impacts: [RuleImpacts]

    package init(permissions: [String], impacts: [RuleImpacts] = []) {
        self.permissions = permissions
        self.impacts = impacts
    }

    package func add(to routes: Routes) {
        routes.chapter("Configuration")
        routes.get("admin/configuration", may: .seeConfiguration, use: overview)
            .tells("The company's files, its last version, and what is wrong with the files as they are.")
            .gives(ConfigurationJSON.self).fails(404)
        place("text", "a file as text", on: routes, asks: [.text("file", max: 200, "`tenant.yaml` unless told")]) {
            try TextForm($1, $0.method == .post ? $0.submission.single("file") : $0.query.single("file"))
        }
        place("brand", "name and colour", on: routes) { _, context in BrandForm(context) }
        routes.get("admin/configuration/brand/contrast", may: .publishConfiguration, on: .page, use: contrast)
        place("roles", "who may do what", on: routes) { _, context in RolesForm(context, permissions) }
        place("categories", "fault categories and deadlines", on: routes) { _, context in CategoriesForm(context) }
        place("identity", "second factor and registration", on: routes) { _, context in IdentityForm(context) }
        place("notices/{kind}", "the company's own words for a notice", on: routes) { incoming, context in
            let name = try incoming.parameter("kind")
            guard let kind = NoticeKind.texts.first(where: { $0.name == name }) else { throw Failure.notFound }
            return NoticeForm(context, kind)
        }
        routes.post("admin/configuration/publications", may: .publishConfiguration) { incoming, context in
            try await submitting(context).submit(FilesForm(context), incoming)
        }
        .tells("Checks or publishes several files at once: all of them, or none.")
        .takes { form, tenant in
            _ = DraftHead(&form)
            _ = FilesForm.draft(&form, tenant)
        }
        .gives(ConfigurationReviewJSON.self).creates(ConfigurationVersionJSON.self, once: false)
        HistoryRoutes(impacts: impacts).add(to: routes)
    }

    /// - Parameters:
    ///   - what: it is about, in the manual.
    ///   - asks: in the address of what shows it.
    private func place<Form: ConfigurationForm>(
        _ path: String, _ what: String, on routes: Routes, asks: [FieldShape] = [],
        _ form: @escaping @Sendable (Incoming, MemberContext) throws -> Form
    ) {
        routes.get("admin/configuration/\(path)", may: .publishConfiguration) { incoming, context in
            try await submitting(context).open(try form(incoming, context))
        }
        .tells("Shows \(what).").asks(asks).gives(Form.Answer.self).fails(404, 409)
        routes.post("admin/configuration/\(path)", may: .publishConfiguration) { incoming, context in
            try await submitting(context).submit(try form(incoming, context), incoming)
        }
        .tells("Checks or publishes \(what). `base` is what was shown; `step` is `check` or, unless told, `publish`.")
        .takes { form, tenant in
            _ = DraftHead(&form)
            _ = Form.draft(&form, tenant)
        }
        .gives(ConfigurationReviewJSON.self).creates(ConfigurationVersionJSON.self, once: false)
    }

    private func submitting(_ context: MemberContext) -> Submitting { Submitting(context: context, impacts: impacts) }

    @Sendable private func overview(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let files = try await submitting(context).files()
        let versions = try await context.read(ConfigurationVersion.page(.first, size: 5, context.tenant.id))
        let problems = context.house.tenants.problems(of: context.tenant.slug)
        let page = ConfigurationDesk(context).overview(files, Array(versions.prefix(5)), problems)
        return .show(page, json: ConfigurationJSON(files, versions.first, problems))
    }

    /// The figures of a brand that is being typed.
    @Sendable private func contrast(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let draft = try incoming.query.read { BrandDraft(&$0) }
        let part = ConfigurationDesk(context).contrast(hue: draft.hue, chroma: draft.chroma)
        return .page(BrandContrastPage(contrast: part))
    }
}

extension ConfigurationDesk {
    func overview(_ files: CompanyFiles, _ versions: [ConfigurationVersion], _ problems: [TenantProblem]) -> ConfigurationPage {
        let tenant = context.tenant
        let links: [(Place, String, Icon)] = [
            (.brand, t.brand.lead, .image), (.roles, t.roles.lead, .key), (.categories, t.categories.lead, .tools),
            (.identity, t.identity.lead, .person)
        ]
        var forms = mayPublish ? links.map { FormLink(path: Self.path($0.0), title: title($0.0), text: $0.1, icon: $0.2) } : []
        forms.append(FormLink(path: "/admin/notices", title: t.notice.list, text: t.notice.listText, icon: .envelope))
        return ConfigurationPage(
            tabs: tabs(.overview), problems: problems.map { problem($0) },
            facts: [
                Fact(t.facts.company, tenant.name), Fact(t.facts.hosts, tenant.hosts.joined(separator: ", ")),
                Fact(t.facts.languages, tenant.locales.joined(separator: ", ")), Fact(t.facts.zone, tenant.timeZone.identifier),
                Fact(t.facts.currency, tenant.currency.code)
            ],
            forms: forms,
            files: files.names.map { name in
                FileRow(
                    name: name,
                    path: mayPublish ? Self.path(.text).adding(query: [("file", name)]) : nil,
                    size: t.bytes(count: (files[name] ?? "").utf8.count))
            }, versions: versions.map(row), history: Self.path(.history))
    }

    func row(_ version: ConfigurationVersion) -> VersionRow {
        VersionRow(
            path: "/admin/configuration/history/\(version.number)", title: t.history.version(number: version.number),
            reason: version.reason, author: author(version), moment: context.format.moment(version.publishedAt, now: context.now),
            size: "\(version.changed.joined(separator: ", ")) · \(size(version.added, version.removed))",
            badge: badge(version))
    }

    func badge(_ version: ConfigurationVersion) -> Badge? {
        if let number = version.revertsTo { return Badge(t.history.back(number: number), tone: .note) }
        return version.author == nil ? Badge(t.history.byHand, tone: .warn) : nil
    }
}
