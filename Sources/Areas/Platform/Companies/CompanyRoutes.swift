import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// The companies, and how each of them is doing.
struct CompanyRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.get("companies", use: list)
        routes.get("companies.csv", use: export)
        routes.get("companies/{company}", use: show)
        EntryRoutes().add(to: routes)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let request = try CompanyListRequest(incoming)
        let result = request.page(of: context.house.tenants.all)
        let health = await Companies(context: context).health(of: result.tenants)
        let queue = try await context.write { tx in try await tx.query(QueueFigures.all(now: context.now)) }
        return .page(CompaniesPage(result, health, queue, request, context))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let words = try CompanyListRequest(incoming)
        let tenants = words.page(of: context.house.tenants.all, whole: true).tenants
        try await context.note("companies.exported")
        let health = await Companies(context: context).health(of: tenants)
        var csv = CSV(head: CompanyRow.head)
        for tenant in tenants { csv.append(CompanyRow.cells(tenant, health[tenant.id])) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "companies.csv"))
    }

    @Sendable private func show(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let tenant = try Companies(context: context).find(try incoming.parameter("company"))
        let page = await Self.page(tenant, FormValues([:]), [], context)
        return .page(page)
    }

    static func page(_ tenant: Tenant, _ values: FormValues, _ problems: [FieldProblem], _ context: OperatorContext) async
        -> CompanyPage
    {
        let now = context.now
        // A company that does not answer still has a page that says so.
        let known = try? await context.company(tenant).read(
            CompanyHealth.find(tenant.id, now: now), CompanyHealth.storage(tenant.id),
            SupportEntry.page(tenant.id, .first, size: 20))
        return CompanyPage(
            tenant, known?.0, storage: known?.1, Array((known?.2 ?? []).prefix(20)), values, problems, context)
    }
}
