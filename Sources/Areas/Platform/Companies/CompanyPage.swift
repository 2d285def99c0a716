import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// `/companies/{slug}`: how one company is doing, who entered it, and the form to enter it.
package struct CompanyPage: Sendable {
    var name: String
    var crumbs: [Crumb]
    var state: Badge
    var stats: [Stat]
    var facts: [Fact]
    /// What is wrong with its files.
    var problems: [String]
    var errors: [FieldError]
    /// POST.
    var enter: WebPath
    var reason: Field
    var minutes: Field
    var spans: [Choice]
    var mode: Field
    var modes: [Choice]
    var entries: [EntryRow]
}

/// One entry, as operators and the company's admins see it.
package struct EntryRow: Sendable {
    var name: String
    /// Nil where there is no page of its own.
    var path: WebPath?
    var reason: String
    var mode: String
    var state: Badge
    var asked: Moment
    var until: Moment
    /// POST; nil once it is over, or for those who may only look.
    var end: WebPath?
    /// What was done meanwhile, for the company's admins.
    var acts: WebPath?
}

extension CompanyPage {
    init(
        _ tenant: Tenant, _ health: CompanyHealth?, storage: Int?, _ entries: [SupportEntry], _ values: FormValues,
        _ problems: [FieldProblem], _ context: OperatorContext
    ) {
        let t = PlatformMessages(context.language)
        let (format, path) = (context.format, "/companies/\(tenant.slug)" as WebPath)
        let errors = ProblemText.errors(problems, context.language)
        func moment(_ date: Date?) -> String { date.map { format.dateTime($0) } ?? t.companies.never }
        let trouble = context.house.tenants.problems(of: tenant.slug).map(\.description)
        self.init(
            name: tenant.name, crumbs: [Crumb(t.companies.title, "/companies"), Crumb(tenant.name)],
            state: Badge(tenant, health, context), stats: health.map { Self.stats($0, tenant, t, format) } ?? [],
            facts: [
                Fact(t.companies.hosts, tenant.hosts.joined(separator: ", ")),
                Fact(t.companies.lastRequest, moment(health?.lastRequest)),
                Fact(t.companies.lastSignIn, moment(health?.lastSignIn)),
                Fact(t.companies.oldest, health?.oldestDue.map { format.dateTime($0) } ?? t.companies.nothingDue),
                Fact(t.companies.storage, storage.map { format.fileSize(bytes: $0) } ?? "–"),
                Fact(t.companies.configuration, tenant.revision), Fact(t.companies.lastSeal, moment(health?.lastSeal)),
                Fact(t.companies.log, t.companies.showLog, path: ("/log" as WebPath).adding(query: [("company", tenant.slug)]))
            ], problems: trouble, errors: errors, enter: "\(path)/entries",
            reason: Field(
                "reason", label: t.entry.reason, value: values["reason"], hint: t.entry.reasonHint,
                error: errors.message(for: "reason"), required: true, maxLength: 500),
            minutes: Field(
                "minutes", label: t.entry.minutes, value: values["minutes"].isEmpty ? "30" : values["minutes"],
                error: errors.message(for: "minutes"), required: true),
            spans: EntryForm.spans.map { Choice(String($0), t.entry.minutesOf(count: $0)) },
            mode: Field(
                "mode", label: t.entry.mode, value: values["mode"].isEmpty ? SupportMode.look.rawValue : values["mode"],
                error: errors.message(for: "mode"), required: true),
            modes: SupportMode.allCases.map { Choice($0.rawValue, t.entry.modeName(mode: $0.rawValue)) },
            entries: entries.map { EntryRow($0, tenant, context) })
        self.errors = errors.inOrder(of: [reason, minutes, mode])
    }

    private static func stats(
        _ health: CompanyHealth, _ tenant: Tenant, _ t: PlatformMessages, _ format: Format
    ) -> [Stat] {
        func at(_ list: WebPath, _ state: String) -> WebPath {
            list.adding(query: [("company", tenant.slug), ("state", state)])
        }
        return [
            Stat(t.companies.members, value: format.number(health.members)),
            Stat(t.jobs.waiting, value: format.number(health.waiting), path: at("/jobs", "queued")),
            Stat(
                t.jobs.parked, value: format.number(health.parked), tone: health.parked > 0 ? .bad : .ok,
                path: at("/jobs", "parked")),
            Stat(t.jobs.late, value: format.number(health.late), tone: health.late > 0 ? .warn : .ok, path: at("/jobs", "late")),
            Stat(t.mail.waiting, value: format.number(health.mailWaiting), path: at("/mail", "queued")),
            Stat(
                t.mail.failed, value: format.number(health.mailFailed), tone: health.mailFailed > 0 ? .bad : .ok,
                path: at("/mail", "parked"))
        ]
    }
}

extension EntryRow {
    /// As operators see it.
    init(_ entry: SupportEntry, _ tenant: Tenant, _ context: OperatorContext) {
        let t = PlatformMessages(context.language).entry
        let path: WebPath = "/companies/\(tenant.slug)/entries/\(entry.id.text)"
        self.init(
            name: entry.name, path: path, reason: entry.reason, mode: t.modeName(mode: entry.mode.rawValue),
            state: entry.badge(context.language, now: context.now), asked: context.format.moment(entry.askedAt),
            until: context.format.moment(entry.endedAt ?? entry.expiresAt),
            end: entry.isOpen(context.now) ? "\(path)/revocation" : nil)
    }
}
