import Audit
import Database
import Foundation
import HTML
import Jobs
import Operations
import Tenancy
import UI
import Web

/// Background jobs of all companies. The list comes from the queue, which holds no words; errors and acts go through each company's own
/// ticket.
struct FleetJobRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.get("jobs", use: list)
        routes.post("jobs/{company}/{id}/replay") { try await act($0, $1, "job.replayed") { try await $0.replay($1) } }
        routes.post("jobs/{company}/{id}/discard") { try await act($0, $1, "job.discarded") { try await $0.discard($1) } }
    }

    @Sendable private func list(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let tab = incoming.query.single("state").flatMap(QueueTab.init) ?? .parked
        let tenant = try FleetFilter.company(incoming, context)
        let (jobs, figures) = try await context.write { tx in
            try await tx.batch(
                FleetJob.page(tab, tenant: tenant?.id, cursor, size: size, now: context.now),
                QueueFigures.all(now: context.now, tenant: tenant?.id))
        }
        let page = KeysetPage(jobs, size: size, cursor: cursor) { $0.id }
        let errors = await Self.errors(of: page.lines, context)
        return .page(FleetJobsPage(page, figures, tab, tenant, errors, context))
    }

    /// What each job's last try said.
    private static func errors(of jobs: [FleetJob], _ context: OperatorContext) async -> [UUID: String] {
        let ids = Dictionary(grouping: jobs, by: \.tenant).mapValues { $0.map(\.id) }
        let tenants = context.house.tenants.all.filter { ids[$0.id] != nil }
        let found = await Companies(context: context).each(tenants) { tenant, walled in
            try await walled.read(
                Query.many(
                    """
                    select id, last_error from app.job where tenant_id = \(tenant.id) and id = any(\(ids[tenant.id] ?? []))
                       and last_error is not null
                    """
                ) { row in (try row["id"] as UUID, try row["last_error"] as String) })
        }
        return Dictionary(found.values.joined(), uniquingKeysWith: { $1 })
    }

    private func act(
        _ incoming: Incoming, _ context: OperatorContext, _ action: String,
        _ change: @Sendable (Queue, UUID) async throws -> Bool
    ) async throws -> Reply {
        let tenant = try Companies(context: context).find(try incoming.parameter("company"))
        let id = try incoming.id()
        try await context.note(action, company: tenant.slug, ["job": id.text])
        try await context.company(tenant).write { tx in
            guard try await change(Queue(tx), id) else { throw Failure.notFound }
            try tx.audit(action, "job", id, AuditChange(after: ["operator": context.session.name]))
        }
        let t = PlatformMessages(context.language).jobs
        return .gone(at: "/jobs", flash: Flash(action == "job.replayed" ? t.replayed : t.discarded))
    }
}

/// What lists of the fleet are narrowed down to.
enum FleetFilter {
    /// - Throws: 404 for a company that there is not.
    static func company(_ incoming: Incoming, _ context: OperatorContext) throws -> Tenant? {
        guard let slug = incoming.query.single("company"), !slug.isEmpty else { return nil }
        return try Companies(context: context).find(slug)
    }

    static func query(_ state: String?, _ tenant: Tenant?, _ cursor: Cursor? = nil) -> [(String, String)] {
        [("company", tenant?.slug), ("state", state), ("cursor", cursor?.text)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }

    /// Takes the company away again.
    static func chips(_ list: WebPath, _ state: String?, _ tenant: Tenant?, _ language: Language) -> [Chip] {
        tenant.map {
            [
                Chip(
                    label: PlatformMessages(language).companies.company, value: $0.name,
                    remove: list.adding(query: query(state, nil)))
            ]
        } ?? []
    }
}
