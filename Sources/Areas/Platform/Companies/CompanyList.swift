import Foundation
import HTML
import Tenancy
import UI
import Web

/// Which companies the list shows: by words, from a slug on.
struct CompanyListRequest: Sendable {
    let words: String
    private let after: String?
    private let before: String?
    private let size: Int

    init(_ incoming: Incoming) throws {
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
        after = incoming.query.single("after")
        before = incoming.query.single("before")
        size = try incoming.limit()
    }

    struct Result: Sendable {
        let tenants: [Tenant]
        let total: Int
        let previous: WebPath?
        let next: WebPath?
    }

    /// By slug; a page begins after or before one.
    /// - Parameter whole: all of them in one.
    func page(of all: [Tenant], whole: Bool = false) -> Result {
        let size = whole ? Int.max : size
        let wanted = words.lowercased()
        let found = all.filter { tenant in
            wanted.isEmpty || tenant.slug.contains(wanted) || tenant.name.lowercased().contains(wanted)
                || tenant.hosts.contains { $0.contains(wanted) }
        }
        let (later, earlier) = (found.filter { $0.slug > (after ?? "") }, found.filter { $0.slug < (before ?? "") })
        let shown = before == nil ? Array(later.prefix(size)) : Array(earlier.suffix(size))
        let first = shown.first.flatMap { first in found.contains { $0.slug < first.slug } ? first.slug : nil }
        let last = shown.last.flatMap { last in found.contains { $0.slug > last.slug } ? last.slug : nil }
        return Result(
            tenants: shown, total: found.count, previous: first.map { path([("before", $0)]) },
            next: last.map { path([("after", $0)]) })
    }

    private func path(_ more: [(String, String)]) -> WebPath {
        let words = words.isEmpty ? [] : [("q", words)]
        return ("/companies" as WebPath).adding(query: words + more + (size == 20 ? [] : [("limit", String(size))]))
    }
}

/// `/companies`.
package struct CompaniesPage: Sendable {
    var action: WebPath
    var words: Field
    var stats: [Stat]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    /// What is wrong with files of companies that are not live at all.
    var problems: [String]
    var rows: [CompanyRow]
    var pager: Pager
}

package struct CompanyRow: Sendable {
    var path: WebPath
    var name: String
    /// Slug and first host.
    var place: String
    var state: Badge
    var members: String
    /// "3 waiting, 1 parked".
    var jobs: String
    var mail: String
    var seen: Moment?
}

extension CompaniesPage {
    init(
        _ result: CompanyListRequest.Result, _ health: [Int32: CompanyHealth], _ queue: QueueFigures,
        _ request: CompanyListRequest, _ context: OperatorContext
    ) {
        let t = PlatformMessages(context.language)
        let tenants = context.house.tenants
        let live = Set(tenants.all.map(\.slug))
        let summary = t.companies.summary(count: result.total)
        let format = context.format
        self.init(
            action: "/companies", words: Field("q", label: t.companies.search, value: request.words),
            stats: [
                Stat(t.companies.all, value: format.number(tenants.all.count)),
                Stat(
                    t.jobs.parked, value: format.number(queue.parked), tone: queue.parked > 0 ? .bad : .ok,
                    path: "/jobs?state=parked"),
                Stat(t.jobs.late, value: format.number(queue.late), tone: queue.late > 0 ? .warn : .ok, path: "/jobs?state=late"),
                Stat(t.jobs.waiting, value: format.number(queue.waiting), path: "/jobs?state=queued")
            ], summary: summary,
            chips: request.words.isEmpty ? [] : [Chip(label: t.companies.search, value: request.words, remove: "/companies")],
            clear: request.words.isEmpty ? nil : "/companies",
            csv: ("/companies.csv" as WebPath).adding(query: request.words.isEmpty ? [] : [("q", request.words)]),
            problems: tenants.problems.filter { !live.contains($0.tenant) }.map(\.description),
            rows: result.tenants.map { CompanyRow($0, health[$0.id], context) },
            pager: Pager(previous: result.previous, next: result.next, summary: summary))
    }
}

extension CompanyRow {
    init(_ tenant: Tenant, _ health: CompanyHealth?, _ context: OperatorContext) {
        let t = PlatformMessages(context.language)
        let format = context.format
        self.init(
            path: "/companies/\(tenant.slug)", name: tenant.name, place: "\(tenant.slug) · \(tenant.hosts.first ?? "–")",
            state: Badge(tenant, health, context), members: health.map { format.number($0.members) } ?? "–",
            jobs: health.map { t.companies.jobsOf(waiting: $0.waiting, parked: $0.parked, late: $0.late) } ?? "–",
            mail: health.map { t.companies.mailOf(waiting: $0.mailWaiting, failed: $0.mailFailed) } ?? "–",
            seen: health?.lastRequest.map { format.moment($0, now: context.now) })
    }

    static let head = [
        "slug", "name", "host", "configuration", "members", "last_request", "last_sign_in", "jobs_waiting", "jobs_running",
        "jobs_parked", "jobs_late", "mail_waiting", "mail_failed", "last_seal"
    ]

    static func cells(_ tenant: Tenant, _ health: CompanyHealth?) -> [String] {
        let figures = health.map { [$0.waiting, $0.running, $0.parked, $0.late, $0.mailWaiting, $0.mailFailed].map(String.init) }
        return [tenant.slug, tenant.name, tenant.hosts.first ?? "", tenant.revision, health.map { String($0.members) } ?? ""]
            + [health?.lastRequest, health?.lastSignIn].map { $0?.formatted(.iso8601) ?? "" }
            + (figures ?? Array(repeating: "", count: 6)) + [health?.lastSeal?.formatted(.iso8601) ?? ""]
    }
}

extension Badge {
    /// The worst of what there is to say.
    init(_ tenant: Tenant, _ health: CompanyHealth?, _ context: OperatorContext) {
        let t = PlatformMessages(context.language).companies
        if health == nil {
            self = Badge(t.silent, tone: .bad, mark: .triangle)
        } else if !context.house.tenants.problems(of: tenant.slug).isEmpty {
            self = Badge(t.refused, tone: .bad, mark: .triangle)
        } else if health?.isWell == false {
            self = Badge(t.needsLook, tone: .warn, mark: .half)
        } else {
            self = Badge(t.well, tone: .ok, mark: .check)
        }
    }
}
