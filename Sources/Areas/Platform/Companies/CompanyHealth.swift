import Database
import Foundation
import Tenancy
import Web

/// How one company is doing, by counts and times alone: nothing of what it keeps.
struct CompanyHealth: Record, Sendable {
    let members: Int
    let lastRequest: Date?
    let lastSignIn: Date?
    let waiting: Int
    let running: Int
    let parked: Int
    /// Wait although their time came more than a minute ago.
    let late: Int
    let oldestDue: Date?
    let mailWaiting: Int
    let mailFailed: Int
    let lastSeal: Date?

    init(row: Row) throws {
        members = try row["members"]
        lastRequest = try row["last_request"]
        lastSignIn = try row["last_sign_in"]
        waiting = try row["waiting"]
        running = try row["running"]
        parked = try row["parked"]
        late = try row["late"]
        oldestDue = try row["oldest_due"]
        mailWaiting = try row["mail_waiting"]
        mailFailed = try row["mail_failed"]
        lastSeal = try row["last_seal"]
    }

    var isWell: Bool { parked == 0 && late == 0 && mailFailed == 0 }

    static func find(_ tenant: Int32, now: Date) -> Query<CompanyHealth> {
        .one(
            """
            select (select count(*) from app.member where tenant_id = \(tenant) and disabled_at is null) as members,
                   (select max(seen_at) from app.session where tenant_id = \(tenant)) as last_request,
                   (select at from app.audit_line where tenant_id = \(tenant) and action = 'member.signed_in'
                     order by id desc limit 1) as last_sign_in,
                   q.waiting, q.running, q.parked, q.late, q.oldest_due,
                   (select count(*) from app.delivery where tenant_id = \(tenant) and state = 'queued') as mail_waiting,
                   (select count(*) from app.delivery where tenant_id = \(tenant) and state in ('failed', 'parked')) as mail_failed,
                   (select sealed_at from app.audit_seal where tenant_id = \(tenant) order by id desc limit 1) as last_seal
              from (select count(*) filter (where state = 'queued') as waiting, count(*) filter (where state = 'running') as running,
                           count(*) filter (where state = 'parked') as parked,
                           count(*) filter (where state = 'queued' and run_at < \(now.addingTimeInterval(-60))) as late,
                           min(run_at) filter (where state = 'queued' and run_at < \(now)) as oldest_due
                      from jobs.queue where tenant_id = \(tenant) and state <> 'done') q
            """)
    }

    /// Bytes of the photos that the company keeps.
    static func storage(_ tenant: Int32) -> Query<Int> {
        .value("select coalesce(sum(bytes), 0)::bigint from app.fault_photo where tenant_id = \(tenant)", Int.self)
    }
}

/// All companies, each asked behind its own ticket, as a worker does it: nobody may ask all of them at once.
struct Companies: Sendable {
    let context: OperatorContext

    /// A few at a time. Nil for a company that does not answer, so that one in trouble hides no other.
    func each<Answer: Sendable>(
        _ tenants: [Tenant], _ ask: @escaping @Sendable (Tenant, Walled) async throws -> Answer
    ) async -> [Int32: Answer] {
        await withTaskGroup(of: (Int32, Answer?).self) { group in
            var (answers, waiting) = ([Int32: Answer](), tenants[...])
            func begin() {
                guard let tenant = waiting.popFirst() else { return }
                let walled = context.company(tenant)
                group.addTask { (tenant.id, try? await ask(tenant, walled)) }
            }
            for _ in 0..<8 { begin() }
            while let (id, answer) = await group.next() {
                answers[id] = answer
                begin()
            }
            return answers
        }
    }

    func health(of tenants: [Tenant]) async -> [Int32: CompanyHealth] {
        let now = context.now
        return await each(tenants) { tenant, walled in try await walled.read(CompanyHealth.find(tenant.id, now: now)) }
    }

    /// - Throws: 404 when no company has that slug.
    func find(_ slug: String) throws -> Tenant {
        guard let tenant = context.house.tenants.tenant(slug) else { throw Failure.notFound }
        return tenant
    }
}
