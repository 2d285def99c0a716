import Forms
import HTML
import Tenancy
import UI
import Web

/// One form over a company's files: what it shows of them, and what it makes of them. It owns no truth: it changes single values in the
/// text that people also write by hand.
protocol ConfigurationForm: Sendable {
    associatedtype Draft: Sendable
    associatedtype Answer: Codable & Sendable

    var address: WebPath { get }
    /// The files that it may change.
    func names(_ draft: Draft?) -> [String]
    /// - Throws: `TenantProblem` when the file has a mistake that must be mended as text first.
    func values(_ files: CompanyFiles) throws -> FormValues
    /// What somebody sends; the company decides which fields there are.
    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> Draft
    func changes(_ draft: Draft, _ files: CompanyFiles) throws -> [String: String?]
    func page(_ state: FormState) throws -> any Page
    func json(_ files: CompanyFiles, base: String) throws -> Answer
}

/// What a form's page shows this time.
struct FormState: Sendable {
    let files: CompanyFiles
    let values: FormValues
    let base: String
    var problems: [FieldProblem] = []
    var review: Review?
}

extension ConfigurationForm {
    func editor(_ files: CompanyFiles) throws -> YAMLEditor { try YAMLEditor(files[TenantFile.name] ?? "") }

    func names(_ draft: Draft?) -> [String] { [TenantFile.name] }
}
