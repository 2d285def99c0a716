import Database
import Faults
import Foundation
import Images
import Logging
import Storage
import Tenancy

/// Fills the demo companies among the tenants with 18 months of life: houses, people, faults with timelines and photos, notices.
///
/// The same day gives the same data, ids included. A company that has any member already is left as it is. A company is written
/// in one transaction, so two seeds at once, or one that is killed, leave it either empty or whole.
struct DemoSeed: Sendable {
    /// Stores a JPEG for a tenant and gives the key that it is found by.
    typealias Keep = @Sendable (_ jpeg: [UInt8], _ tenant: Int32) async throws -> String

    struct Summary: Sendable, Equatable {
        /// Slugs that got their data now.
        var seeded: [String] = []
        /// Slugs that had data before.
        var present: [String] = []
        /// Rows written, by table.
        var rows: [String: Int] = [:]
    }

    private let database: Database
    private let companies: [(tenant: Int32, company: DemoCompany)]
    private let keep: Keep
    private let tokens: VisitorTokens
    private let hashPassword: @Sendable (String) async throws -> String
    private let now: Date
    private let logger: Logger

    /// Tenants that are no demo companies are passed over.
    ///
    /// - Parameters:
    ///   - database: in a role behind the wall.
    ///   - hashPassword: called once per company.
    ///   - now: only its day (UTC) counts; everything happened before its midnight.
    init(
        database: Database, tenants: [Tenant], store: ObjectStore, tokens: VisitorTokens,
        hashPassword: @escaping @Sendable (String) async throws -> String, now: Date, logger: Logger
    ) {
        let companies = tenants.compactMap { tenant in DemoCompany.named(tenant.slug).map { (tenant.id, $0) } }
        self.init(
            database: database, companies: companies, keep: { try await store.put($0, tenant: $1) }, tokens: tokens,
            hashPassword: hashPassword,
            now: now, logger: logger)
    }

    init(
        database: Database, companies: [(tenant: Int32, company: DemoCompany)], keep: @escaping Keep, tokens: VisitorTokens,
        hashPassword: @escaping @Sendable (String) async throws -> String, now: Date, logger: Logger
    ) {
        self.database = database
        self.companies = companies
        self.keep = keep
        self.tokens = tokens
        self.hashPassword = hashPassword
        self.now = now
        self.logger = logger
    }

    /// Seeds every demo company that has no members yet.
    func run() async throws -> Summary {
        var summary = Summary()
        var empty: [(tenant: Int32, company: DemoCompany)] = []
        for (tenant, company) in companies {
            if try await isPresent(tenant) { summary.present.append(company.slug) } else { empty.append((tenant, company)) }
        }
        guard !empty.isEmpty, let span = DemoSpan(now: now) else { return summary }
        let records = empty.map { DemoRecords($0.company, span) }
        let prints = try await Darkroom().develop(Set(records.flatMap(\.photos).map(\.sketch)))
        for ((tenant, company), records) in zip(empty, records) {
            let hash = try await hashPassword(company.password)
            let writer = DemoWriter(
                tenant: tenant, records: records, passwordHash: hash, prints: prints, keep: keep, tokens: tokens)
            if let rows = try await write(writer, tenant, company) {
                summary.seeded.append(company.slug)
                summary.rows.merge(rows, uniquingKeysWith: +)
                logger.info("demo company seeded", metadata: ["tenant": "\(company.slug)", "faults": "\(records.faults.count)"])
            } else {
                summary.present.append(company.slug)
            }
        }
        return summary
    }

    private func isPresent(_ tenant: Int32) async throws -> Bool {
        try await walled(tenant).read(DemoWriter.hasMembers(tenant))
    }

    private func walled(_ tenant: Int32) -> Walled {
        database.tenant(TxFacts(tenant: tenant, requestID: "seed", now: now))
    }

    /// Rows by table; `nil` when another seed was faster. While that one is at work, this one waits.
    private func write(_ writer: DemoWriter, _ tenant: Int32, _ company: DemoCompany) async throws -> [String: Int]? {
        for _ in 0..<600 {
            do {
                return try await walled(tenant).write { tx in try await writer.write(tx) }
            } catch is DemoWriter.SomebodyElseWrites {
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        throw DemoWriter.SomebodyElseWrites()
    }
}
