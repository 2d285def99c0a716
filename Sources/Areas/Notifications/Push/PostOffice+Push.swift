import Database
import Foundation
import Jobs
import Push
import Tenancy
import Web

/// Sending to devices. What fails does so without anybody having to look: nobody can do anything about somebody's browser, and what is
/// hours late is worth nothing.
extension PostOffice {
    /// Failures in a row after which a device is forgotten.
    private static let patience = 10
    /// Tries altogether, where a service asks again and again to be left alone.
    private static let mostTries = 10

    func push(_ due: DueDelivery, to device: PushTarget, _ tenant: Tenant, _ context: JobContext) async throws {
        guard let due = try await current(due, tenant, context) else {
            try await context.write { tx in try await Deliveries(tx).settle(due.id, .suppressed, .read) }
            return
        }
        let note = Composer(tenant: tenant, site: site).push(due)
        guard let attempt = try await context.db.write({ tx in try await Deliveries(tx).begin(due.id, to: device.label) }) else {
            return
        }
        do {
            let receipt = try await push.send(note, to: device, tenant: tenant.id, now: context.now)
            try await conclude(context) { tx in try await reached(due, attempt, device, receipt, tx) }
        } catch let failure as PushFailure {
            try await record(failure, due, attempt, device, context)
        }
    }

    /// Quiet hours may lie between what was told and the telling.
    private func current(_ due: DueDelivery, _ tenant: Tenant, _ context: JobContext) async throws -> DueDelivery? {
        guard let current = OwnPush(rawValue: due.kind).flatMap({ current[$0] }), let member = due.member else { return due }
        guard let facts = try await context.db.read(current(member, due.facts, tenant.id)) else { return nil }
        var due = due
        due.facts = facts
        return due
    }

    private func reached(_ due: DueDelivery, _ attempt: UUID, _ device: PushTarget, _ receipt: String, _ tx: Tx) async throws {
        try await Deliveries(tx).end(attempt, "sent", receipt)
        try await Deliveries(tx).settle(due.id, .sent)
        try await tx.execute(
            """
            update app.push_registration set last_ok_at = \(tx.facts.now), failures = 0
             where tenant_id = \(tx.facts.tenant) and id = \(device.id)
            """)
    }

    private func record(
        _ failure: PushFailure, _ due: DueDelivery, _ attempt: UUID, _ device: PushTarget, _ context: JobContext
    ) async throws {
        switch failure {
        case .gone(let detail):
            try await conclude(context) { tx in
                try await Deliveries(tx).end(attempt, "refused", detail)
                try await Deliveries(tx).settle(due.id, .suppressed, .bounced)
                try await tx.execute(
                    "delete from app.push_registration where tenant_id = \(tx.facts.tenant) and id = \(device.id)")
            }
        case .rejected(let detail):
            try await conclude(context) { tx in
                try await Deliveries(tx).end(attempt, "rejected", detail)
                try await Deliveries(tx).settle(due.id, .suppressed, .rejected)
                try await count(device, tx)
            }
        case .later(let detail, let seconds?) where due.tries < Self.mostTries:
            // As long as the service asks for; the job's own tries are for what says nothing.
            let due = (id: due.id, at: context.now.addingTimeInterval(Double(max(1, min(seconds, 86_400)))))
            try await conclude(context) { tx in
                try await Deliveries(tx).end(attempt, "later", detail)
                try await Deliveries(tx).failed(due.id)
                try await Deliveries(tx).wait(due.id, until: due.at)
            }
        case .later(let detail, _) where !context.isLastTry && due.tries < Self.mostTries:
            try await context.db.write { tx in
                try await Deliveries(tx).end(attempt, "later", detail)
                try await Deliveries(tx).failed(due.id)
            }
            throw NotYet(detail: detail)
        case .later(let detail, _):
            try await conclude(context) { tx in
                try await Deliveries(tx).end(attempt, "later", detail)
                try await Deliveries(tx).settle(due.id, .suppressed, .undeliverable)
                try await count(device, tx)
            }
        }
    }

    private func count(_ device: PushTarget, _ tx: Tx) async throws {
        let failures = try await tx.firstValue(
            """
            update app.push_registration set failures = failures + 1
             where tenant_id = \(tx.facts.tenant) and id = \(device.id) returning failures
            """, Int32.self)
        guard let failures, failures >= Self.patience else { return }
        try await tx.execute("delete from app.push_registration where tenant_id = \(tx.facts.tenant) and id = \(device.id)")
    }
}
