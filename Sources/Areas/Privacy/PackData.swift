import Archive
import Audit
import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Storage
import Tenancy
import Threads
import UI
import Web

/// Packs what the house knows of a person into a ZIP: each list as JSON and CSV, and what they uploaded themselves.
struct PackData: Job {
    static let kind = "privacy.pack-data"
    let export: UUID
}

/// Removes packed files when their time is over, every night; nobody can fetch them any more by then.
package struct ExpireDataExports: Job {
    package static let kind = "privacy.expire-exports"
    let due: Date

    package init(due: Date) {
        self.due = due
    }
}

package struct PrivacyJobs: Sendable {
    let records: [PersonalData]
    let store: ObjectStore
    let tenants: Tenants
    /// Where a file is put together.
    let spool: URL
    private let threads = BoundedThreads(name: "pack", count: 1, waiting: 20)

    package init(records: [PersonalData], store: ObjectStore, tenants: Tenants, spool: URL) {
        (self.records, self.store, self.tenants, self.spool) = (records, store, tenants, spool)
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(PackData.self) { job, context in
            guard let tenant = tenants.tenant(id: context.tenant) else {
                throw JobFailure.park("The company has no configuration")
            }
            guard let export = try await context.db.read(DataExport.pending(job.export, context.tenant)) else { return }
            let pack = Pack(export: export, tenant: tenant, records: records, store: store, threads: threads, now: context.now)
            let bytes = try await pack.bytes(in: spool, context.db)
            let key = try await store.put(bytes, tenant: context.tenant)
            try await context.write { tx in try await note(key, bytes.count, export, tx) }
        }
        handlers.register(ExpireDataExports.self) { _, context in
            let tenant = context.tenant
            let keys = try await context.db.read(
                Query.values(
                    """
                    select object_key from app.data_export
                     where tenant_id = \(tenant) and object_key is not null and expires_at <= \(context.now)
                    """, String.self))
            for key in keys { try await store.delete(key) }
            try await context.write { tx in
                try await tx.execute(
                    "update app.data_export set object_key = null where tenant_id = \(tenant) and object_key = any(\(keys))")
            }
        }
    }

    /// Tells whoever asked, and the person.
    private func note(_ key: String, _ bytes: Int, _ export: DataExport, _ tx: Tx) async throws {
        try await tx.execute(
            """
            update app.data_export set ready_at = \(tx.facts.now), expires_at = \(tx.facts.now.addingTimeInterval(DataExports.life)),
                   object_key = \(key), bytes = \(bytes)
             where tenant_id = \(tx.facts.tenant) and id = \(export.id)
            """)
        let own = Notice(
            "data.ready", path: "/account/exports", facts: [:], dedupeKey: "data-export:\(export.id.text)")
        try await tx.notify([export.memberID], own)
        guard export.requesterID != export.memberID else { return }
        let other = Notice(
            "data.ready_of", path: "/people/\(export.memberID.text)/exports", facts: ["name": export.member],
            dedupeKey: "data-export:\(export.id.text)")
        try await tx.notify([export.requesterID], other)
    }
}
