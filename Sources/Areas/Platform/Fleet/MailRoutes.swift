import Audit
import Database
import Foundation
import HTML
import Notifications
import Tenancy
import UI
import Web

/// What all companies sent, and what could not be sent.
struct FleetMailRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.get("mail", use: list)
        routes.post("mail/{company}/{id}/retry", use: retry)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let wanted = incoming.query.single("state") ?? ""
        let state = FleetDelivery.states.contains(wanted) ? wanted : FleetDelivery.states[0]
        let tenant = try FleetFilter.company(incoming, context)
        let tenants = tenant.map { [$0] } ?? context.house.tenants.all
        let lines = await FleetDelivery.page(of: tenants, state, cursor, size: size, context)
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .page(FleetMailPage(page, state, tenant, context))
    }

    @Sendable private func retry(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let tenant = try Companies(context: context).find(try incoming.parameter("company"))
        let id = try incoming.id()
        try await context.note("delivery.retried", company: tenant.slug, ["delivery": id.text])
        try await context.company(tenant).write { tx in
            guard try await Deliveries(tx).retry(id) else { throw Failure.notFound }
        }
        return .gone(at: "/mail", flash: Flash(PlatformMessages(context.language).mail.retried))
    }
}

/// `/mail` of the platform.
package struct FleetMailPage: Sendable {
    var tabs: [Tab]
    var chips: [Chip]
    var rows: [FleetMailRow]
    var pager: Pager
}

package struct FleetMailRow: Sendable {
    var kind: String
    var company: String
    var path: WebPath
    /// "mail to …@example.org".
    var whereTo: String
    var state: Badge
    var tries: String
    var moment: Moment
    var detail: String
    /// POST.
    var retry: WebPath?
}

extension FleetMailPage {
    init(_ page: KeysetPage<FleetDelivery>, _ state: String, _ tenant: Tenant?, _ context: OperatorContext) {
        let t = PlatformMessages(context.language).mail
        let list: WebPath = "/mail"
        let at = { (cursor: Cursor) in list.adding(query: FleetFilter.query(state, tenant, cursor)) }
        self.init(
            tabs: FleetDelivery.states.map { one in
                Tab(t.stateName(state: one), list.adding(query: FleetFilter.query(one, tenant)), current: one == state)
            }, chips: FleetFilter.chips(list, state, tenant, context.language),
            rows: page.lines.compactMap { FleetMailRow($0, t, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: ""))
    }
}

extension FleetMailRow {
    init?(_ line: FleetDelivery, _ t: PlatformMessages.Mail, _ context: OperatorContext) {
        guard let tenant = context.house.tenants.tenant(id: line.tenant) else { return nil }
        let tones: [String: Tone] = ["parked": .bad, "failed": .warn, "sent": .ok]
        self.init(
            kind: line.kind, company: tenant.name, path: "/companies/\(tenant.slug)",
            whereTo: line.channel == "mail" ? t.mailTo(domain: line.whereTo) : t.smsTo(digits: line.whereTo),
            state: Badge(
                t.stateName(state: line.state), tone: tones[line.state] ?? .info, mark: line.state == "parked" ? .triangle : .dot),
            tries: t.tries(count: line.tries), moment: context.format.moment(line.moment, now: context.now),
            detail: line.detail, retry: line.state == "parked" ? "/mail/\(tenant.slug)/\(line.id.text)/retry" : nil)
    }
}
