import Foundation
import HTML
import Operations
import Tenancy
import UI
import Web

/// `/jobs` of the platform.
package struct FleetJobsPage: Sendable {
    var tabs: [Tab]
    var summary: String
    var chips: [Chip]
    var rows: [FleetJobRow]
    var pager: Pager
}

package struct FleetJobRow: Sendable {
    /// In plain words.
    var name: String
    /// As the log calls it, with the id.
    var kind: String
    var company: String
    var path: WebPath?
    var state: Badge
    var tries: String
    var moment: Moment
    var error: String?
    /// POST.
    var replay: WebPath?
    var discard: WebPath?
}

extension FleetJobsPage {
    init(
        _ page: KeysetPage<FleetJob>, _ figures: QueueFigures, _ tab: QueueTab, _ tenant: Tenant?, _ errors: [UUID: String],
        _ context: OperatorContext
    ) {
        let t = PlatformMessages(context.language).jobs
        let list: WebPath = "/jobs"
        let names: [QueueTab: String] = [.parked: t.parked, .late: t.late, .queued: t.waiting, .running: t.running]
        let at = { (cursor: Cursor) in list.adding(query: FleetFilter.query(tab.rawValue, tenant, cursor)) }
        let summary = t.summary(count: figures[tab])
        self.init(
            tabs: QueueTab.allCases.map { one in
                Tab(
                    names[one] ?? "", list.adding(query: FleetFilter.query(one.rawValue, tenant)), current: one == tab,
                    count: figures[one])
            }, summary: summary, chips: FleetFilter.chips(list, tab.rawValue, tenant, context.language),
            rows: page.lines.map { FleetJobRow($0, errors[$0.id], context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension FleetJobRow {
    init(_ job: FleetJob, _ error: String?, _ context: OperatorContext) {
        let t = PlatformMessages(context.language).jobs
        // A company whose folder is gone has jobs all the same.
        let tenant = context.house.tenants.tenant(id: job.tenant)
        let act = tenant.map { "/jobs/\($0.slug)/\(job.id.text)" as WebPath }
        let tone: [String: Tone] = ["parked": .bad, "running": .info]
        self.init(
            name: OperationsMessages(context.language).jobName(job.kind), kind: "\(job.kind) · \(job.id.text)",
            company: tenant?.name ?? "#\(job.tenant)", path: tenant.map { "/companies/\($0.slug)" },
            state: Badge(
                t.stateName(state: job.state), tone: tone[job.state] ?? .neutral, mark: job.state == "parked" ? .triangle : .dot),
            tries: t.triesOf(tries: job.attempt, most: job.maxAttempts),
            moment: context.format.moment(job.runAt, now: context.now),
            error: error, replay: job.state == "parked" ? act.map { "\($0)/replay" } : nil,
            discard: job.state == "parked" || job.state == "queued" ? act.map { "\($0)/discard" } : nil)
    }
}
