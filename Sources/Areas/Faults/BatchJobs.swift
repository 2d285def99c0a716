import Database
import Foundation
import Jobs
import Tenancy
import Web

/// Does what a manager asked for to everything that a filter found, portion by portion; each in a transaction of its own, so that
/// others get at the faults meanwhile, and a killed worker's successor goes on where it stopped.
package struct RunBatch: Job {
    package static let kind = "faults.batch"
    package static let retry = Retry(tries: 8, first: .seconds(5))
    let batch: UUID

    func run(_ context: JobContext, _ tenant: Tenant) async throws {
        let draft = try await context.db.read(
            Query.one(
                """
                select act, assignee_id, priority, comment, internal from app.fault_batch
                 where tenant_id = \(tenant.id) and id = \(batch)
                """, BatchDraft.self))
        while try await portion(draft, context, tenant) > 0 {}
        try await context.write { tx in try await Batches(faults: .system(tx, tenant)).finish(batch) }
    }

    private func portion(_ draft: BatchDraft, _ context: JobContext, _ tenant: Tenant) async throws -> Int {
        try await context.db.write { tx in
            let batches = Batches(faults: try await .of(tx.facts.actor, tx, tenant))
            guard batches.faults.viewer.manages, try await batches.isPossible(draft) else {
                try await batches.giveUp(batch)
                return 0
            }
            return try await batches.work(batch, draft)
        }
    }
}

/// Takes such an act back.
package struct UndoBatch: Job {
    package static let kind = "faults.undo-batch"
    package static let retry = Retry(tries: 8, first: .seconds(5))
    let batch: UUID

    func run(_ context: JobContext, _ tenant: Tenant) async throws {
        let summary = try await context.db.read(BatchSummary.find(batch, tenant.id))
        let portion = { (tx: Tx) in
            try await Batches(faults: try await .of(tx.facts.actor, tx, tenant)).takeBack(batch, summary.act)
        }
        while try await context.db.write(portion) > 0 {}
        try await context.write { tx in try await Batches(faults: .system(tx, tenant)).finishUndo(batch) }
    }
}

extension Batches {
    /// Whoever gets the faults is still an active member who works on them.
    fileprivate func isPossible(_ draft: BatchDraft) async throws -> Bool {
        guard draft.act == .assign else { return true }
        guard let assignee = draft.assignee else { return false }
        return try await !tx.query(Assignable.all(tenant, faults.workers, only: assignee)).isEmpty
    }
}

extension Faults {
    /// In the name of a member, with the rights that they have now.
    static func of(_ member: UUID?, _ tx: Tx, _ tenant: Tenant) async throws -> Faults {
        let roles = try await tx.firstValue(
            "select roles from app.member where tenant_id = \(tenant.id) and id = \(member) and disabled_at is null",
            [String].self)
        let rights = tenant.permissions(of: roles ?? [])
        func may(_ permission: Permission) -> Bool { rights.contains(permission.name) }
        let viewer = FaultViewer(
            tenant: tenant.id, member: member ?? FaultViewer.system(tenant.id).member, seesAll: may(.seeAllFaults),
            manages: may(.assignFaults), works: may(.workOnFaults), reports: may(.reportFaults) || may(.confirmFaults))
        return Faults(
            tx: tx, viewer: viewer, settings: tenant[FaultSettings.section], workers: tenant.roleKeys(granting: .workOnFaults),
            staff: tenant.faultStaff, zone: tenant.timeZone)
    }
}
