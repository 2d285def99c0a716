import Database
import Foundation
import HTML
import Jobs
import Mail
import Tenancy
import UI
import Web

/// Sends one delivery, once: a try that was cut off is shown to somebody instead of being repeated.
package struct SendDelivery: Job {
    package static let kind = "notices.send"
    package let delivery: UUID
    package var uniqueKey: String? { delivery.text }
}

/// Everything that sends: the channels of this process, and what makes a message of a notice.
package struct PostOffice: Sendable {
    let channels: Channels
    let push: PushChannel
    let tenants: Tenants
    let site: Site
    let current: [OwnPush: OwnPush.Current]

    /// - Parameter current: by whom it is known what a push says when its time comes, and whether it is still needed.
    package init(
        channels: Channels, push: PushChannel, tenants: Tenants, site: Site, current: [OwnPush: OwnPush.Current] = [:]
    ) {
        self.channels = channels
        self.push = push
        self.current = current
        self.tenants = tenants
        self.site = site
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(SendDelivery.self, send)
        handlers.register(ForgetDevices.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(TellOfRoles.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(TellOfSignIns.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(WriteDigests.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await job.run(tx, tenant.timeZone) }
        }
    }

    private func tenant(_ context: JobContext) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }

    @Sendable private func send(_ job: SendDelivery, _ context: JobContext) async throws {
        let tenant = try tenant(context)
        guard let due = try await context.db.read(DueDelivery.find(job.delivery, tenant.id)) else { return }
        switch due.step(tenant, channels, push, now: context.now) {
        case .nothing: return
        case .wait(let until):
            try await context.write { tx in try await Deliveries(tx).wait(due.id, until: until) }
        case .settle(let state, let reason):
            try await context.write { tx in
                try await Deliveries(tx).settle(due.id, state, reason)
                if state == .parked { try await tellAdmins(tenant, tx) }
            }
        case .send(let channel, let address):
            try await send(due, channel, to: address, tenant, context)
        case .push(let device):
            try await push.lane.run(context, urgent: due.isUrgent) { try await push(due, to: device, tenant, context) }
        }
    }

    private func send(_ due: DueDelivery, _ channel: any Channel, to address: String, _ tenant: Tenant, _ context: JobContext)
        async throws
    {
        let news = due.kind == Digest.kind ? try await context.db.read(Digest.news(due.id, tenant.id)) : []
        if due.kind == Digest.kind, news.isEmpty {
            try await context.write { tx in try await Deliveries(tx).settle(due.id, .suppressed, .read) }
            return
        }
        let message = Composer(tenant: tenant, site: site).message(due, to: address, news: news, now: context.now)
        guard let attempt = try await context.db.write({ tx in try await Deliveries(tx).begin(due.id, to: address) }) else {
            return
        }
        let verdict: Verdict
        do {
            verdict = .sent(try await channel.send(message))
        } catch {
            verdict = .failed(error)
        }
        if case .failed(.later(let detail)) = verdict, !context.isLastTry {
            try await context.db.write { tx in
                try await Deliveries(tx).end(attempt, verdict.name, detail)
                try await Deliveries(tx).failed(due.id)
            }
            throw NotYet(detail: detail)
        }
        try await conclude(context) { tx in try await note(due, attempt, verdict, address, tenant, tx) }
    }

    /// With the end of the job, or by itself when another worker has taken the job over meanwhile: what was sent was sent.
    func conclude(_ context: JobContext, _ body: (Tx) async throws -> Void) async throws {
        do {
            try await context.write(body)
        } catch JobFailure.leaseLost {
            try await context.db.write(body)
        }
    }

    private func note(
        _ due: DueDelivery, _ attempt: UUID, _ verdict: Verdict, _ address: String, _ tenant: Tenant, _ tx: Tx
    ) async throws {
        let deliveries = Deliveries(tx)
        try await deliveries.end(attempt, verdict.name, verdict.detail)
        switch verdict {
        case .sent: try await deliveries.settle(due.id, .sent)
        case .failed(.rejected): try await deliveries.settle(due.id, .suppressed, .rejected)
        case .failed(.refused(let detail)):
            try await deliveries.suppress(address, due.medium, detail)
            try await deliveries.settle(due.id, .suppressed, .bounced)
            if due.medium == .sms { try await deliveries.mailInstead(of: due) }
        case .failed(.later):
            try await deliveries.settle(due.id, .parked, .undeliverable)
            try await tellAdmins(tenant, tx)
        case .failed(.uncertain):
            try await deliveries.settle(due.id, .parked, .uncertain)
            try await tellAdmins(tenant, tx)
        }
    }

    /// Once a day, in the inbox.
    private func tellAdmins(_ tenant: Tenant, _ tx: Tx) async throws {
        let roles = tenant.roleKeys(granting: .seeDeliveries)
        let admins = try await tx.values(
            """
            select id from app.member where tenant_id = \(tenant.id) and disabled_at is null
               and exists (select from unnest(roles) as r where r = any(\(roles)))
            """, UUID.self)
        let day = CalendarDate(tx.facts.now, in: tenant.timeZone)
        try await tx.notify(
            admins,
            Notice("delivery.parked", path: "/admin/deliveries?state=parked", facts: [:], dedupeKey: "deliveries-parked:\(day)"))
    }
}

private enum Verdict {
    case sent(String)
    case failed(SendingFailure)

    var name: String {
        switch self {
        case .sent: "sent"
        case .failed(.later): "later"
        case .failed(.refused): "refused"
        case .failed(.rejected): "rejected"
        case .failed(.uncertain): "uncertain"
        }
    }

    var detail: String {
        switch self {
        case .sent(let receipt): receipt
        case .failed(let failure): failure.detail
        }
    }
}

/// The queue tries again.
struct NotYet: Error, CustomStringConvertible {
    let detail: String
    var description: String { "not sent yet: \(detail)" }
}
