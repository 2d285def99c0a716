import Foundation
import Testing
import Web

@testable import Database
@testable import Identity
@testable import Tokens

private let plansURL = ProcessInfo.processInfo.environment["PORTICO_PLANS_DATABASE_URL"]

/// What every request of somebody who is signed in asks, in the database of `bin/test --only plans`.
@Suite(.enabled(if: plansURL != nil, "bin/test --only plans brings the database"))
struct SessionPlanTests {
    @Test(
        "A session finds its one member among five thousand of the company, without looking at the others",
        arguments: [SessionKind.browser, .access])
    func member(_ kind: SessionKind) async throws {
        let admin = try AdminSession(
            url: try #require(ProcessInfo.processInfo.environment["PORTICO_PLANS_ADMIN_URL"]), role: nil)
        defer { admin.close() }
        let answer = try admin.rows("select max(id) from app.tenant").first?.first ?? ""
        let tenant = try #require(Int32(answer))
        let token = SessionToken()
        try admin.run(
            """
            insert into app.member(tenant_id, id, email, name, roles)
            select \(tenant), gen_random_uuid(), 'neighbour-' || n || '@company.test', 'Neighbour', '{resident}'
              from generate_series(1, 5000) n on conflict do nothing
            """)
        try admin.run(
            """
            insert into app.session(tenant_id, token_hash, id, member_id, kind, family, idle_until, expires_at)
            select \(tenant), decode('\(Hex.string(token.hash))', 'hex'), gen_random_uuid(), id, '\(kind.rawValue)', gen_random_uuid(),
                   now() + interval '1 hour', now() + interval '1 hour'
              from app.member where tenant_id = \(tenant) limit 1
            """)
        try admin.run("analyze app.member")
        let database = Database(
            .init(url: try #require(plansURL), role: "portico_app", size: 1, checkoutTimeout: .seconds(60)),
            ticketKey: TestDatabase.shared.key, logger: TestDatabase.quiet)
        let walled = database.tenant(TxFacts(tenant: tenant, requestID: "test"))
        let query = Sessions.find(hash: token.hash, kind: kind, tenant: tenant, now: Date())
        #expect(try await walled.read(query) != nil)
        let sql = try #require(query.sql)
        let plan = try await walled.read { tx in
            try await tx.values("explain (analyze, costs off, timing off, summary off) \(sql)", String.self)
        }
        // Who holds it, and whose pages it shows.
        #expect(TableScans(plan, of: ["member"]).rows == 2, "\(plan.joined(separator: "\n"))")
    }
}
