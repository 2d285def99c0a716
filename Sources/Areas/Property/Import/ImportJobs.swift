import Audit
import Database
import Foundation
import Jobs
import Tenancy
import Threads
import Web

/// Reads every row of a file by its mapping, finds what is wrong, and counts what the import would do.
struct CheckImport: Job {
    static let kind = "property.check-import"
    let importID: UUID
    var uniqueKey: String? { importID.uuidString }
}

/// Takes a checked file over, in one transaction.
struct RunImport: Job {
    static let kind = "property.run-import"
    let importID: UUID
    var uniqueKey: String? { importID.uuidString }
}

/// Deletes the rows of imports that nobody carried out: they are people's data. That there was an import stays on record.
package struct ExpireImports: Job {
    package static let kind = "property.expire-imports"
    package static let days = 30
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    func run(_ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        let old = try await tx.values(
            """
            update app.import set state = 'expired', counts = null, errors = 0, finished_at = \(tx.facts.now), version = version + 1
             where tenant_id = \(tenant) and state in ('mapping', 'checked', 'failed')
               and added_at < \(tx.facts.now.addingTimeInterval(-Double(Self.days) * 86_400)) returning id
            """, UUID.self)
        guard !old.isEmpty else { return }
        for table: SQL in ["app.import_row", "app.import_error"] {
            try await tx.execute("delete from \(table) where tenant_id = \(tenant) and import_id = any(\(old))")
        }
        for id in old { try tx.audit("import.expired", "import", id) }
    }
}

package enum ImportJobs {
    /// Files are cut and read here, so that pages do not wait for them.
    package static let readers = BoundedThreads(name: "csv", count: 1, waiting: 16)

    package static func register(in handlers: inout JobHandlers, tenants: Tenants) {
        handlers.register(CheckImport.self) { job, context in
            let tenant = try tenant(context, tenants)
            try await orFail(job.importID, context) {
                let check = ImportCheck(id: job.importID, db: context.db, today: tenant.day(context.now))
                guard try await check.readRows() else { return }
                try await context.write { tx in try await check.finish(tx) }
            }
        }
        handlers.register(ExpireImports.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(RunImport.self) { job, context in
            let tenant = try tenant(context, tenants)
            try await orFail(job.importID, context) {
                try await context.write { tx in
                    try await ImportRun(id: job.importID, tx: tx, today: tenant.day(context.now), roles: tenant.importRoles).run()
                }
            }
        }
    }

    private static func tenant(_ context: JobContext, _ tenants: Tenants) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }

    /// An import that cannot be done says so on its page instead of being at work for ever.
    private static func orFail(_ id: UUID, _ context: JobContext, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as DatabaseError where error.constraint == "occupancy_whole" {
            try await context.write { tx in fail(id, "shares_exceed_whole", tx) }
        } catch  where context.isLastTry && !(error is CancellationError) {
            try await context.db.write { tx in fail(id, "failed", tx) }
            throw error
        }
    }

    private static func fail(_ id: UUID, _ problem: String, _ tx: Tx) {
        tx.atCommit(
            """
            update app.import set state = 'failed', problem = \(problem), finished_at = \(tx.facts.now), version = version + 1
             where tenant_id = \(tx.facts.tenant) and id = \(id) and state in ('checking', 'importing')
            """)
    }
}

/// The roles that new people get.
struct ImportRoles: Sendable {
    let resident: String
    let owner: String
}

extension Tenant {
    fileprivate func day(_ now: Date) -> CalendarDate { CalendarDate(now, in: configuration.timeZone) }

    /// Those of that name, else the first that is not staff.
    fileprivate var importRoles: ImportRoles {
        let outside = configuration.roles.first { !$0.isStaff }?.key ?? "resident"
        func key(_ name: String) -> String { configuration.roles.contains { $0.key == name && !$0.isStaff } ? name : outside }
        return ImportRoles(resident: key("resident"), owner: key("owner"))
    }
}
