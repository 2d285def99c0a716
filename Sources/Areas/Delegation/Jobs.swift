import Database
import Foundation
import Jobs
import Property
import Tenancy

/// Notes every night which delegations are over. Nobody waits for it: whoever uses a right is asked about its end each time.
package struct ExpireDelegations: Job {
    package static let kind = "delegation.expire"
    let due: Date

    package init(due: Date) {
        self.due = due
    }
}

/// Ends what somebody lent who owns the unit no longer.
struct EndWithOwnership: Job {
    static let kind = "delegation.end-with-ownership"
    let unit: UUID
    let owner: UUID
}

package struct DelegationJobs: Sendable {
    let tenants: Tenants

    package init(tenants: Tenants) {
        self.tenants = tenants
    }

    /// What a change of a unit's people causes.
    package static func follow(_ event: OccupancyChanged, _ facts: TxFacts) -> [any Job] {
        event.what == "began" ? [] : [EndWithOwnership(unit: event.unit, owner: event.member)]
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(ExpireDelegations.self) { _, context in
            let tenant = try tenant(context)
            while try await context.db.write({ tx in try await Delegations(tx: tx, tenant: tenant).expire() })
                == Delegations.portion
            {}
        }
        handlers.register(EndWithOwnership.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in
                _ = try await Delegations(tx: tx, tenant: tenant)
                    .expire("d.unit_id = \(job.unit) and d.delegator_id = \(job.owner)")
            }
        }
    }

    private func tenant(_ context: JobContext) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }
}
