import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// One file as text.
struct TextForm: ConfigurationForm {
    let context: MemberContext
    let file: String

    /// - Throws: 404 for what can be no file of a configuration.
    init(_ context: MemberContext, _ file: String?) throws {
        self.context = context
        self.file = file ?? TenantFile.name
        guard CompanyFiles.isName(self.file) else { throw Failure.notFound }
    }

    static let most = 256 << 10
    var address: WebPath { ConfigurationDesk.path(.text).adding(query: [("file", file)]) }

    func names(_ draft: String?) -> [String] { [file] }

    func values(_ files: CompanyFiles) -> FormValues { FormValues(["text": files[file] ?? ""]) }

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> String {
        _ = form.optionalText("file", .max(200))
        return form.source("text", max: most)
    }

    /// An empty text takes the file away, but for the one that has to be there.
    func changes(_ draft: String, _ files: CompanyFiles) -> [String: String?] {
        [file: draft.isEmpty && file != TenantFile.name ? nil : draft]
    }

    func json(_ files: CompanyFiles, base: String) -> ConfigurationFileJSON {
        ConfigurationFileJSON(file: file, text: files[file] ?? "", base: base)
    }

    func page(_ state: FormState) -> any Page {
        let desk = ConfigurationDesk(context)
        let errors = desk.errors(state.problems)
        let text = Field(
            "text", label: desk.t.text.label(file: file), value: state.values["text"], hint: desk.t.text.hint,
            error: errors.message(for: "text"), required: true)
        let head = desk.head(state)
        let live = context.house.tenants.problems(of: context.tenant.slug).filter { $0.file.hasSuffix("/\(file)") }
        let standing =
            live.isEmpty
            ? nil
            : ReviewPart(
                summary: desk.t.text.broken, tone: .bad, problems: live.map { desk.problem($0) }, impacts: [], differences: [])
        return ConfigurationTextPage(
            title: desk.t.text.title, crumbs: desk.crumbs(.text), tabs: desk.tabs(.text),
            files: state.files.names.map {
                Tab($0, ConfigurationDesk.path(.text).adding(query: [("file", $0)]), current: $0 == file)
            }, action: ConfigurationDesk.path(.text), errors: errors.inOrder(of: [text, head.reason]), file: file, text: text,
            head: head, review: desk.review(state.review) ?? standing)
    }
}

/// Several files at once, as programs send them and as two versions are brought together.
struct FilesForm: ConfigurationForm {
    struct File: Sendable {
        let name: String
        let text: String
    }

    let context: MemberContext

    init(_ context: MemberContext) {
        self.context = context
    }

    var address: WebPath { ConfigurationDesk.path }

    func names(_ draft: [File]?) -> [String] { draft?.map(\.name) ?? [] }

    func values(_ files: CompanyFiles) -> FormValues { FormValues() }

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> [File] {
        let files = form.rows("files", min: 1, max: 40) { row in
            let name = row.text("name", .required, .max(200))
            if !CompanyFiles.isName(name) { row.fail("name", .notAllowed) }
            return File(name: name, text: row.source("text", max: TextForm.most))
        }
        if Set(files.map(\.name)).count < files.count { form.fail("files", .repeated) }
        return files
    }

    func changes(_ draft: [File], _ files: CompanyFiles) -> [String: String?] {
        Dictionary(
            draft.map { ($0.name, $0.text.isEmpty && $0.name != TenantFile.name ? nil : $0.text) }, uniquingKeysWith: { $1 })
    }

    func json(_ files: CompanyFiles, base: String) -> ConfigurationFileJSON {
        ConfigurationFileJSON(file: "", text: "", base: base)
    }

    func page(_ state: FormState) -> any Page {
        let desk = ConfigurationDesk(context)
        let errors = desk.errors(state.problems)
        let rows = (0..<40).prefix { !state.values["files.\($0).name"].isEmpty }
        let head = desk.head(state)
        return ConfigurationMergePage(
            crumbs: [Crumb(desk.t.title, ConfigurationDesk.path), Crumb(desk.t.merge.title)],
            action: "/admin/configuration/publications", errors: errors.inOrder(of: [head.reason]), theirs: "",
            files: rows.map { index in
                let name = state.values["files.\(index).name"]
                return desk.mergeFile(
                    index, name, text: state.values["files.\(index).text"], now: state.files[name] ?? "", note: "")
            }, head: head, review: desk.review(state.review), back: ConfigurationDesk.path)
    }
}
