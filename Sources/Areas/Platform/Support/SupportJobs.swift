import Database
import Foundation
import Identity
import Jobs
import Tenancy
import Web

/// Notes that an entry is over. Nobody waits for it: its session has ended by itself.
package struct EndSupportEntry: Job {
    package static let kind = "platform.end-entry"
    let entry: UUID
    let how: String
}

package struct SupportJobs: Sendable {
    let tenants: Tenants

    package init(tenants: Tenants) {
        self.tenants = tenants
    }

    /// Who has signed out does not come back through the same entry.
    package static func follow(_ event: SupportSignedOut, _ facts: TxFacts) -> [any Job] {
        [EndSupportEntry(entry: event.entry, how: SupportEntry.End.operator.rawValue)]
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(EndSupportEntry.self) { job, context in
            guard let tenant = tenants.tenant(id: context.tenant) else {
                throw JobFailure.park("The company has no configuration")
            }
            let how = SupportEntry.End(rawValue: job.how) ?? .time
            _ = try await context.write { tx in try await SupportEntries(tx: tx, tenant: tenant).end(job.entry, how) }
        }
    }
}
