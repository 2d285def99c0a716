import Audit
import Database
import Foundation
import Jobs
import Web

/// Makes a company's next signing key in time and removes those whose last token is over. A company without programs has no key.
package struct RotateKeys: Job {
    package static let kind = "identity.rotate-keys"
    let due: Date

    package init(due: Date) {
        self.due = due
    }

    func run(_ context: JobContext, _ keys: SigningKeys) async throws {
        let now = context.now
        let last = try await context.db.read(HeldKey.all(context.tenant)).first { $0.verifiesUntil == nil }
        let next: FreshKey? =
            if let last, now >= last.signsFrom + SigningKeys.life - SigningKeys.notice {
                try await keys.make(for: context.tenant, at: now, signsFrom: max(now, last.signsFrom) + SigningKeys.notice)
            } else { nil }
        try await context.write { tx in
            try await tx.execute("delete from app.signing_key where tenant_id = \(context.tenant) and verifies_until <= \(now)")
            if let last, let next { try await next.follow(last, tx) }
        }
    }
}

extension FreshKey {
    /// Once it signs, the one before it only verifies what it has signed.
    fileprivate func follow(_ last: HeldKey, _ tx: Tx) async throws {
        let ends = signsFrom + SigningKeys.afterlife
        let isStillLast = try await tx.execute(
            """
            update app.signing_key set verifies_until = \(ends)
             where tenant_id = \(tx.facts.tenant) and id = \(last.id) and verifies_until is null
            """)
        guard isStillLast == 1 else { return }
        try await tx.execute(insert)
        try tx.audit("signing_key.made", "signing_key", id, AuditChange(after: ["kid": kid]))
    }
}

package enum IdentityJobs {
    package static func register(in handlers: inout JobHandlers, keys: SigningKeys) {
        handlers.register(RotateKeys.self) { job, context in try await job.run(context, keys) }
    }
}
