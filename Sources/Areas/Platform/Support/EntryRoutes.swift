import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// Entering a company, as operators do it: with a reason, for an hour at most.
struct EntryRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.post("companies/{company}/entries", use: ask)
        routes.get("companies/{company}/entries/{id}", use: show)
        routes.post("companies/{company}/entries/{id}/revocation", use: end)
    }

    @Sendable private func ask(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let tenant = try Companies(context: context).find(try incoming.parameter("company"))
        let draft: EntryForm
        do { draft = try incoming.submission.read { EntryForm(&$0) } } catch let errors as FormErrors {
            let page = await CompanyRoutes.page(tenant, errors.values, errors.problems, context)
            return .refused(page: { page }, errors.problems)
        }
        let id = UUID.v7(now: context.now)
        try await context.note(
            "entry.asked", company: tenant.slug,
            ["entry": id.text, "reason": draft.reason, "mode": draft.mode.rawValue, "minutes": String(draft.minutes)])
        try await context.company(tenant, as: id).write { tx in
            try await SupportEntries(tx: tx, tenant: tenant).ask(draft, id, by: context.session)
        }
        return .gone(at: "/companies/\(tenant.slug)/entries/\(id.text)", flash: nil)
    }

    @Sendable private func show(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let (tenant, entry) = try await find(incoming, context)
        return .secret(.page(EntryPage(entry, tenant, context)))
    }

    @Sendable private func end(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let (tenant, entry) = try await find(incoming, context)
        try await context.note("entry.ended", company: tenant.slug, ["entry": entry.id.text])
        _ = try await context.company(tenant, as: entry.id).write { tx in
            try await SupportEntries(tx: tx, tenant: tenant).end(entry.id, .operator)
        }
        return .gone(
            at: "/companies/\(tenant.slug)", flash: Flash(PlatformMessages(context.language).entry.hasEnded))
    }

    private func find(_ incoming: Incoming, _ context: OperatorContext) async throws -> (Tenant, SupportEntry) {
        let tenant = try Companies(context: context).find(try incoming.parameter("company"))
        let id = try incoming.id()
        return (tenant, try await context.company(tenant).read(SupportEntry.find(id, tenant.id)))
    }
}

struct EntryForm: Sendable {
    static let spans = [15, 30, 60]

    let reason: String
    let minutes: Int
    let mode: SupportMode

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .min(10), .max(500))
        minutes = form.int("minutes", in: 1...60)
        mode = form.choice("mode", SupportMode.self, default: .look)
    }
}

/// `/companies/{slug}/entries/{id}`: the way in, and how the entry stands.
package struct EntryPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var state: Badge
    var facts: [Fact]
    /// Into the company; nil once it was used, or is too old, and for other operators.
    var link: SafeURL?
    var host: String
    /// POST.
    var end: WebPath?
}

extension EntryPage {
    init(_ entry: SupportEntry, _ tenant: Tenant, _ context: OperatorContext) {
        let t = PlatformMessages(context.language)
        let format = context.format
        let path: WebPath = "/companies/\(tenant.slug)"
        let host = tenant.hosts.first ?? "localhost"
        let leads = entry.isLinkGood(context.now) && entry.operatorID == context.session.operatorID
        let token = EntryLink.token(entry.id, tenant.id, context.house.secret)
        self.init(
            title: t.entry.title(company: tenant.name),
            crumbs: [
                Crumb(t.companies.title, "/companies"), Crumb(tenant.name, path), Crumb(t.entry.title(company: tenant.name))
            ],
            state: entry.badge(context.language, now: context.now),
            facts: [
                Fact(t.entry.who, entry.name), Fact(t.entry.reason, entry.reason),
                Fact(t.entry.mode, t.entry.modeName(mode: entry.mode.rawValue)),
                Fact(t.entry.askedAt, format.dateTime(entry.askedAt)),
                Fact(t.entry.enteredAt, entry.enteredAt.map { format.dateTime($0) } ?? t.entry.notYet),
                Fact(t.entry.until, format.dateTime(entry.endedAt ?? entry.expiresAt))
            ],
            link: leads ? SafeURL(context.house.url(host, "/support/\(entry.id.text)/\(token)")) : nil, host: host,
            end: entry.isOpen(context.now) ? "\(path)/entries/\(entry.id.text)/revocation" : nil)
    }
}
