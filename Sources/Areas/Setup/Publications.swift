import Audit
import Database
import Foundation
import Jobs
import Tenancy
import Web

/// A change of a company's files that somebody asks for.
struct PublicationDraft: Sendable {
    /// By path in the folder; nil takes the file away.
    let changes: [String: String?]
    /// What these files were when the form was opened (`CompanyFiles.digest(of:)`).
    let base: String
    let reason: String
    /// The number of the version that comes back.
    var revertsTo: Int?
}

/// Somebody else's change of the same files came first.
struct PublicationConflict: Error {
    /// The files as they are now.
    let now: CompanyFiles
}

/// A company's publications, one after the other. The table keeps what was published; the folder is the source of truth, and is brought
/// to the last publication by whoever comes first: the publisher, the worker, a node that hears of it.
struct Publications {
    let tx: Tx
    let tenants: Tenants
    let tenant: Tenant

    private var id: Int32 { tenant.id }

    /// Writes the change down; `settle` puts the files in place afterwards.
    ///
    /// - Parameter approve: throws when the files may not become the company's. Asked under the lock, because other files may have
    ///   changed since the draft was looked at.
    /// - Throws: `PublicationConflict`; 404 when the company has no folder; 503 when nobody may write into it.
    func publish(_ draft: PublicationDraft, approve: (_ now: CompanyFiles, _ next: CompanyFiles) throws -> Void) async throws
        -> Int
    {
        try await bringUp()
        guard let now = try await tenants.files(of: tenant.slug) else { throw Failure.notFound }
        guard tenants.isWritable(tenant.slug) else { throw Failure.configurationReadOnly }
        guard now.digest(of: draft.changes.keys) == draft.base else { throw PublicationConflict(now: now) }
        let next = now.changed(draft.changes)
        try approve(now, next)
        let number = try await noteFound(now) + 1
        let difference = FileDifference.all(now, next)
        let version = UUID.v7(now: tx.facts.now)
        let files = difference.map(\.file)
        let (added, removed) = (difference.reduce(0) { $0 + $1.added }, difference.reduce(0) { $0 + $1.removed })
        try await tx.execute(
            """
            insert into app.configuration_version(tenant_id, id, number, published_at, published_by, reason, base, digest, files,
                                                  changed, added, removed, reverts_to)
            values (\(id), \(version), \(number), \(tx.facts.now), \(tx.facts.actor), \(draft.reason), \(now.digest), \(next.digest),
                    \(try JSONBytes(encoding: next.texts)), \(files), \(added), \(removed), \(draft.revertsTo))
            """)
        try tx.audit(
            draft.revertsTo == nil ? "configuration.published" : "configuration.reverted", "configuration", version,
            AuditChange(after: [
                "number": String(number), "reason": draft.reason, "files": files.joined(separator: ", "),
                "lines_added": String(added), "lines_removed": String(removed)
            ]))
        try tx.publish(ConfigurationPublished(version: version, number: number))
        return number
    }

    /// Brings the folder to the last publication where it lags behind, as after a crash or on a node with a folder of its own. A file
    /// that somebody has changed by hand since then is never touched.
    ///
    /// - Returns: whether files were written.
    @discardableResult
    func bringUp() async throws -> Bool {
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended('configuration', \(Int(id))))")
        guard let last = try await tx.query(VersionFiles.last(id)), let here = try await tenants.files(of: tenant.slug) else {
            return false
        }
        let mark = try await tenants.published(of: tenant.slug)
        guard mark < last.number, tenants.isWritable(tenant.slug) else { return false }
        if here.digest != last.digest {
            let isKnown = try await tx.value(
                """
                select exists (select from app.configuration_version where tenant_id = \(id) and number > \(mark)
                                  and (base = \(here.digest) or digest = \(here.digest)))
                """, Bool.self)
            guard isKnown else { return false }
        }
        try await tenants.place(last.files, number: last.number, of: tenant.slug)
        return true
    }

    /// Keeps what somebody wrote by hand since the last version, so that history has no gap and every state can come back.
    ///
    /// - Returns: the number of the last version.
    private func noteFound(_ now: CompanyFiles) async throws -> Int {
        let last = try await tx.query(VersionFiles.last(id))
        if let last, last.digest == now.digest { return last.number }
        let number = (last?.number ?? 0) + 1
        let difference = FileDifference.all(last?.files ?? now, now)
        // A moment earlier than what follows it, so that the order of ids is the order of numbers.
        let at = tx.facts.now.addingTimeInterval(-0.002)
        try await tx.execute(
            """
            insert into app.configuration_version(tenant_id, id, number, published_at, reason, digest, files, changed, added, removed)
            values (\(id), \(UUID.v7(now: at)), \(number), \(at), '', \(now.digest), \(try JSONBytes(encoding: now.texts)),
                    \(difference.map(\.file)), \(difference.reduce(0) { $0 + $1.added }), \(difference.reduce(0) { $0 + $1.removed }))
            """)
        return number
    }
}

/// Puts published files in place.
package struct ConfigurationFolder: Sendable {
    let tenants: Tenants

    package init(_ tenants: Tenants) {
        self.tenants = tenants
    }

    /// Brings one company's folder up to date, and lets this process read it.
    package func settle(_ tenant: Tenant, _ walled: Walled) async throws {
        _ = try await bringUp(tenant, walled)
        await tenants.reload()
    }

    /// The same for all companies, read once at the end, and only when something was written. What does not succeed is tried again by
    /// the publication's job.
    package func settleAll(_ database: Database) async {
        var isChanged = false
        for tenant in tenants.all {
            let written = try? await bringUp(tenant, database.tenant(TxFacts(tenant: tenant.id)))
            isChanged = isChanged || written == true
        }
        if isChanged { await tenants.reload() }
    }

    private func bringUp(_ tenant: Tenant, _ walled: Walled) async throws -> Bool {
        try await walled.write { tx in try await Publications(tx: tx, tenants: tenants, tenant: tenant).bringUp() }
    }
}

extension Failure {
    static let configurationReadOnly = Failure(
        .serviceUnavailable, "configuration_read_only", "This server may not write into the company's folder")
}
