import Audit
import Database
import Foundation
import Jobs
import Tenancy

/// Forgets what visitors said of themselves: name, mail address and phone number, and the letters that went there. The report and its
/// private link stay.
struct VisitorContacts {
    let tx: Tx

    /// How many at a time, so that no transaction holds many rows for long.
    static let portion = 500

    private var tenant: Int32 { tx.facts.tenant }

    /// Because the visitor asked for it. A second time changes nothing.
    func forget(_ fault: UUID) async throws {
        guard try await forget([fault]) > 0 else { return }
        try tx.audit("fault.visitor_forgotten", "fault", fault)
    }

    /// Of faults that have been over for so many days.
    ///
    /// - Returns: how many there were, at most a portion.
    func forgetOld(days: Int) async throws -> Int {
        let end = tx.facts.now.addingTimeInterval(-Double(days) * 86_400)
        let old = try await tx.values(
            """
            select v.id from app.fault_visitor v join app.fault f on f.tenant_id = v.tenant_id and f.id = v.id
             where v.tenant_id = \(tenant) and (v.name is not null or v.email is not null or v.phone is not null)
               and f.state in ('closed', 'cancelled') and coalesce(f.closed_at, f.state_at) < \(end)
             order by v.id limit \(Self.portion)
            """, UUID.self)
        guard !old.isEmpty else { return 0 }
        let count = try await forget(old)
        try tx.audit("fault.visitors_forgotten", "fault", nil, AuditChange(after: ["count": String(count)]))
        return old.count
    }

    private func forget(_ faults: [UUID]) async throws -> Int {
        try await tx.execute(
            """
            delete from app.delivery d using app.fault_visitor v
             where v.tenant_id = \(tenant) and v.id = any(\(faults)) and d.tenant_id = v.tenant_id and d.member_id is null
               and lower(d.address) = lower(v.email) and d.dedupe_key like 'visitor:' || v.id || ':%'
            """)
        return try await tx.execute(
            """
            update app.fault_visitor set name = null, email = null, phone = null, forgotten_at = \(tx.facts.now)
             where tenant_id = \(tenant) and id = any(\(faults)) and (name is not null or email is not null or phone is not null)
            """)
    }
}

/// Every night, by `visitorContactDays` of tenant.yaml.
package struct ForgetVisitors: Job {
    package static let kind = "faults.forget-visitors"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}
