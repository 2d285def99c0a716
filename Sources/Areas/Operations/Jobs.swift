import Database
import Foundation
import Jobs
import Logging
import Storage

/// Nightly housekeeping of one company: what has run out, and objects that no row knows.
package struct Sweep: Job {
    package static let kind = "house.sweep"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}

package enum HouseJobs {
    package static func register(in handlers: inout JobHandlers, store: ObjectStore) {
        handlers.register(Sweep.self) { job, context in
            let tenant = context.tenant
            try await context.db.write { tx in
                let now = context.now
                _ = try await tx.batch(
                    Query.execute(
                        "delete from app.session where tenant_id = \(tenant) and expires_at < \(now.addingTimeInterval(-86_400))"),
                    Query.execute(
                        "delete from app.idempotency where tenant_id = \(tenant) and created_at < \(now.addingTimeInterval(-86_400))"
                    ),
                    Query.execute(
                        "delete from app.rate_limit where tenant_id = \(tenant) and starts_at < \(now.addingTimeInterval(-86_400))"
                    ))
            }
            _ = try await store.sweep(tenant: tenant, olderThan: context.now.addingTimeInterval(-86_400)) { keys in
                let known = try await context.db.read(
                    Query.values(
                        """
                        select object_key from app.fault_photo where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select thumb_key from app.fault_photo where tenant_id = \(tenant) and thumb_key = any(\(keys))
                        """, String.self))
                return Set(known)
            }
        }
    }
}
