import Database
import Foundation
import Jobs
import Logging
import Notifications
import Storage
import Tenancy
import Web

/// Nightly housekeeping of one company: what has run out, and objects that no row knows.
package struct Sweep: Job {
    package static let kind = "house.sweep"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}

/// Removes forms that waited in vain for a sign-in, after an hour.
package struct ForgetForms: Job {
    package static let kind = "house.forget-forms"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}

package enum HouseJobs {
    /// A job that was given up is a notice for everybody who looks after jobs, once.
    package static func tellAdmins(of job: ParkedJob, tenants: Tenants, database: Database) async {
        guard let tenant = tenants.tenant(id: job.tenant) else { return }
        let roles = tenant.roleKeys(granting: .seeJobs)
        let facts = TxFacts(tenant: job.tenant, actor: nil, requestID: job.id.text, address: nil, now: Date())
        // The job is parked whether or not its notice can be written; it shows at /admin/jobs all the same.
        try? await database.tenant(facts).write { tx in
            let admins = try await tx.values(
                """
                select id from app.member where tenant_id = \(job.tenant) and disabled_at is null
                   and exists (select from unnest(roles) as r where r = any(\(roles)))
                """, UUID.self)
            try await tx.notify(
                admins, Notice("job.parked", path: "/admin/jobs", facts: ["kind": job.kind], dedupeKey: "parked:\(job.id.text)"))
        }
    }

    package static func register(in handlers: inout JobHandlers, store: ObjectStore) {
        handlers.register(FlushSpool.self) { job, context in try await job.run(context, store) }
        handlers.register(ClearSpool.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(ForgetForms.self) { _, context in
            _ = try await context.write { tx in try await tx.query(KeptForms.forget(context.tenant, now: context.now)) }
        }
        handlers.register(Sweep.self) { job, context in
            let tenant = context.tenant
            try await context.db.write { tx in
                let now = context.now
                _ = try await tx.batch(
                    Query.execute(
                        "delete from app.session where tenant_id = \(tenant) and expires_at < \(now.addingTimeInterval(-86_400))"),
                    Query.execute(
                        "delete from app.sign_in_challenge where tenant_id = \(tenant) and expires_at < \(now)"),
                    Query.execute(
                        "delete from app.spent_challenge where tenant_id = \(tenant) and expires_at < \(now.addingTimeInterval(-3600))"
                    ),
                    Query.execute(
                        "delete from app.returned_sign_in where tenant_id = \(tenant) and at < \(now.addingTimeInterval(-3600))"),
                    Query.execute(
                        "delete from app.known_device where tenant_id = \(tenant) and seen_at < \(now.addingTimeInterval(-400 * 86_400))"
                    ),
                    Query.execute(
                        "delete from app.idempotency where tenant_id = \(tenant) and created_at < \(now.addingTimeInterval(-86_400))"
                    ),
                    Query.execute(
                        "delete from app.rate_limit where tenant_id = \(tenant) and starts_at < \(now.addingTimeInterval(-86_400))"
                    ))
                let waits = try await tx.value(
                    "select exists (select from app.blob_spool where tenant_id = \(tenant) and stored_at is null)", Bool.self)
                if waits { try tx.enqueue(FlushSpool()) }
            }
            _ = try await store.sweep(tenant: tenant, olderThan: context.now.addingTimeInterval(-86_400)) { keys in
                let known = try await context.db.read(
                    Query.values(
                        """
                        select object_key from app.fault_photo where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select thumb_key from app.fault_photo where tenant_id = \(tenant) and thumb_key = any(\(keys))
                        union all select object_key from app.message_file where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select thumb_key from app.message_file where tenant_id = \(tenant) and thumb_key = any(\(keys))
                        union all select object_key from app.vote_scan where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select object_key from app.document_version where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select thumb_key from app.document_version where tenant_id = \(tenant) and thumb_key = any(\(keys))
                        union all select preview_key from app.document_version where tenant_id = \(tenant) and preview_key = any(\(keys))
                        union all select object_key from app.announcement_file where tenant_id = \(tenant) and object_key = any(\(keys))
                        union all select thumb_key from app.announcement_file where tenant_id = \(tenant) and thumb_key = any(\(keys))
                        union all select object_key from app.data_export where tenant_id = \(tenant) and object_key = any(\(keys))
                        """, String.self))
                return Set(known)
            }
        }
    }
}
