import Forms
import Foundation
import HTML
import Notifications
import Tenancy
import UI
import Web

/// The company's own words for a notice, in each of its languages, with how they look.
struct NoticeForm: ConfigurationForm {
    let context: MemberContext
    let kind: TextKind

    init(_ context: MemberContext, _ kind: TextKind) {
        self.context = context
        self.kind = kind
    }

    private var languages: [Language] { context.tenant.locales.compactMap(Language.init) }

    private func file(_ language: Language) -> String { "notices/\(kind.name).\(language.rawValue).mustache" }

    var address: WebPath { "/admin/configuration/notices/\(kind.name)" }

    func names(_ draft: [Language: String]?) -> [String] { languages.map(file) }

    func values(_ files: CompanyFiles) -> FormValues {
        var values = FormValues()
        for language in languages { values["text_\(language.rawValue)"] = files[file(language)] ?? "" }
        return values
    }

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> [Language: String] {
        var texts: [Language: String] = [:]
        for language in tenant.locales.compactMap(Language.init) {
            texts[language] = form.source("text_\(language.rawValue)", max: 64 << 10)
        }
        return texts
    }

    /// No text is the standard one.
    func changes(_ draft: [Language: String], _ files: CompanyFiles) -> [String: String?] {
        var changes: [String: String?] = [:]
        for language in languages {
            let text = draft[language] ?? ""
            changes[file(language)] = .some(text.allSatisfy(\.isWhitespace) ? nil : text)
        }
        return changes
    }

    func json(_ files: CompanyFiles, base: String) -> NoticeTextJSON {
        NoticeTextJSON(
            kind: kind.name, fields: kind.samples,
            texts: Dictionary(uniqueKeysWithValues: languages.map { ($0.rawValue, files[file($0)] ?? "") }), base: base)
    }

    func page(_ state: FormState) -> any Page {
        let desk = ConfigurationDesk(context)
        let (t, errors) = (desk.t.notice, desk.errors(state.problems))
        let title = kind.title(context.language)
        let parts = languages.map { language in
            let name = "text_\(language.rawValue)"
            return FormPart(
                kind: .area,
                field: Field(
                    name, label: t.textIn(code: language.rawValue), value: state.values[name], hint: t.textHint,
                    error: errors.message(for: name)))
        }
        // What has mistakes is not shown as if it were sent.
        let tenant =
            state.review == nil
            ? context.tenant : state.review?.configuration.map { Tenant(id: context.tenant.id, configuration: $0) }
        let head = desk.head(state)
        let fields = kind.samples.keys.sorted().joined(separator: ", ")
        return ConfigurationFormPage(
            title: t.own(title: title), lead: t.lead,
            crumbs: [Crumb(t.list, "/admin/notices"), Crumb(title, "/admin/notices/\(kind.name)"), Crumb(t.edit)],
            tabs: desk.tabs(nil), action: address, errors: errors.inOrder(of: parts.map(\.field) + [head.reason]),
            groups: [FormGroup(title: title, hint: t.fields(names: fields), parts: parts)],
            head: head, review: desk.review(state.review), contrast: nil,
            previews: tenant.map { tenant in
                languages.map { language in
                    let sample = kind.sample(tenant, language)
                    return PreviewPart(
                        title: t.preview(code: language.rawValue), code: language.rawValue, subject: sample.subject,
                        text: sample.text)
                }
            } ?? [])
    }
}
