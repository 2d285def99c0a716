import Database
import Faults
import Foundation
import Images
import Synchronization
import Testing
import Web

@testable import portico

@Suite("Demo data in the database")
struct DemoSeedTests {
    /// A demo company with few photos under a tenant of this test.
    private func company() -> DemoCompany {
        var company = DemoCompany.harbour
        company.photographed = 4
        return company
    }

    private func seed(_ database: Database, _ tenant: Int32, _ company: DemoCompany, objects: Objects = Objects()) throws
        -> DemoSeed
    {
        DemoSeed(
            database: database, companies: [(tenant, company)], keep: { bytes, tenant in objects.keep(bytes, tenant) },
            tokens: try Self.tokens(), hashPassword: { "hash of \($0)" }, now: DemoPlanTests.noon, logger: TestDatabase.quiet)
    }

    private static func tokens() throws -> VisitorTokens { VisitorTokens(try Secret(Array(repeating: 7, count: 32))) }

    /// An object store for one test.
    private final class Objects: Sendable {
        private let objects = Mutex<[[UInt8]]>([])
        var all: [[UInt8]] { objects.withLock { $0 } }

        func keep(_ bytes: [UInt8], _ tenant: Int32) -> String {
            objects.withLock { objects in
                objects.append(bytes)
                return "\(tenant)/\(objects.count)"
            }
        }
    }

    /// Every row of the company but what may differ: its number, the salted hash, where the object store put things.
    private func digest(_ database: Database, _ tenant: Int32) async throws -> [String] {
        try await database.tenant(TxFacts(tenant: tenant)).read { tx in
            var digests: [String] = []
            for table: SQL in [
                "app.member", "app.building", "app.unit", "app.occupancy", "app.fault", "app.fault_entry", "app.notification",
                "app.audit_line", "app.delivery", "app.delivery_try", "app.invitation", "app.unit_share", "app.vote",
                "app.vote_voter", "app.vote_entry", "app.delegation", "app.registration",
                "app.personal_token", "app.device", "app.push_registration",
                "app.audit_line", "app.delivery", "app.delivery_try", "app.fault_comment", "app.fault_suggestion", "app.incident",
                "app.fault_photo", "app.announcement", "app.announcement_comment", "app.folder", "app.document",
                "app.document_version"
            ] {
                digests.append(
                    try await tx.value(
                        """
                        select count(*) || ' ' || coalesce(md5(string_agg(md5((to_jsonb(t) - array['tenant_id', 'object_key', 'thumb_key', 'written_xid'])::text), '' order by t.id)), '')
                          from \(table) t where t.tenant_id = \(tenant)
                        """, String.self))
            }
            return digests
        }
    }

    @Test("A second seed changes nothing and is quick; two companies seeded on the same day are equal")
    func repeated() async throws {
        let database = try await TestDatabase.shared.database()
        let (first, second) = (try await TestDatabase.shared.freshTenant(), try await TestDatabase.shared.freshTenant())
        let summary = try await seed(database, first, company()).run()
        #expect(summary.seeded == ["harbour"] && summary.rows["fault"] == 800 && summary.rows["unit"] == 160)
        #expect(summary.rows["delegation"] == 2)
        #expect(summary.rows["report_code"] == 2 && summary.rows["fault_visitor"] == 1)
        let before = try await digest(database, first)
        let start = ContinuousClock.now
        #expect(try await seed(database, first, company()).run() == DemoSeed.Summary(present: ["harbour"]))
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try await digest(database, first) == before)
        _ = try await seed(database, second, company()).run()
        #expect(try await digest(database, second) == before)
    }

    @Test("Of two seeds at once one writes, and both end well")
    func twoAtOnce() async throws {
        let database = try await TestDatabase.shared.database()
        let tenant = try await TestDatabase.shared.freshTenant()
        let one = try seed(database, tenant, company())
        async let left = one.run()
        async let right = one.run()
        let summaries = try await [left, right]
        #expect(summaries.flatMap(\.seeded).count == 1 && summaries.flatMap(\.present).count == 1)
        let faults = try await database.tenant(TxFacts(tenant: tenant)).read(
            Query.value("select count(*) from app.fault where tenant_id = \(tenant)", Int.self))
        #expect(faults == 800)
    }

    @Test("A seed that dies leaves nothing, and the next one starts again")
    func broken() async throws {
        struct DiskFull: Error {}
        let database = try await TestDatabase.shared.database()
        let tenant = try await TestDatabase.shared.freshTenant()
        let dying = DemoSeed(
            database: database, companies: [(tenant, company())], keep: { _, _ in throw DiskFull() },
            tokens: try Self.tokens(), hashPassword: { $0 }, now: DemoPlanTests.noon, logger: TestDatabase.quiet)
        await #expect(throws: DiskFull.self) { try await dying.run() }
        let members = try await database.tenant(TxFacts(tenant: tenant)).read(DemoWriter.hasMembers(tenant))
        #expect(!members)
        #expect(try await seed(database, tenant, company()).run().seeded == ["harbour"])
    }

    private func kept(_ objects: Objects, _ head: [UInt8]) -> Int { objects.all.count { $0.starts(with: head) } }

    @Test("Every fault stands where its timeline ends; the counters go on where the numbers end; photos are JPEGs in the store")
    func consistent() async throws {
        let database = try await TestDatabase.shared.database()
        let tenant = try await TestDatabase.shared.freshTenant()
        let objects = Objects()
        let summary = try await seed(database, tenant, company(), objects: objects).run()
        let (torn, uncounted, missing) = try await database.tenant(TxFacts(tenant: tenant)).read(
            Query.value(
                """
                select count(*) from app.fault f where f.tenant_id = \(tenant) and f.state is distinct from
                  (select e.to_state from app.fault_entry e where e.tenant_id = f.tenant_id and e.fault_id = f.id order by e.id desc limit 1)
                """, Int.self),
            Query.value(
                """
                select count(*) from app.counter c where c.tenant_id = \(tenant) and c.kind like 'fault-%' and c.value is distinct from
                  (select count(*) from app.fault f where f.tenant_id = c.tenant_id and f.number like replace(c.kind, 'fault', 'F') || '-%')
                """, Int.self),
            Query.value(
                "select count(*) from app.fault_photo where tenant_id = \(tenant) and (bytes < 5000 or width <> 640 or height <> 480)",
                Int.self))
        #expect((torn, uncounted, missing) == (0, 0, 0))
        #expect(summary.rows["fault_suggestion"] == 800 && summary.rows["incident"] == 1)
        #expect((summary.rows["fault_comment"] ?? 0) > 100)
        let photos = 2 * ["fault_photo", "message_file"].reduce(0) { $0 + (summary.rows[$1] ?? 0) }
        let (pictures, papers) = (kept(objects, [0xFF, 0xD8, 0xFF]), kept(objects, Array("%PDF-1.".utf8)))
        #expect(photos >= 8 && pictures >= photos && papers > 5)
        #expect((summary.rows["announcement"], summary.rows["document"]) == (12, 9))
        let texts = objects.all.filter { $0.allSatisfy { $0 != 0 } && String(validating: $0, as: UTF8.self) != nil }
        #expect(objects.all.count - pictures - papers <= texts.count)
    }
}
