import Database
import Delegation
import Foundation
import Jobs
import Testing

@testable import portico

/// An owner, what they own, and somebody they trust who has an account.
struct DelegationHouse {
    let company: TestCompany
    let home: TestHome
    let owner: TestMember
    let friend: TestMember

    static func fresh(_ role: String = "technician") async throws -> DelegationHouse {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        let owner = try await company.member("owner", name: "Maria Kern")
        try await company.moveIn(owner, home, kind: "owner")
        let friend = try await company.member(role, name: "Jan Weber")
        try await company.run("update app.member set password_hash = 'x' where tenant_id = \(company.tenant.id)")
        return DelegationHouse(company: company, home: home, owner: owner, friend: friend)
    }

    /// Offers it, and gives its id.
    func offer(_ rights: [String] = ["report_fault"], to email: String? = nil, until: String? = nil) async throws -> String {
        var address = email
        if address == nil { address = try await friend.email }
        let answer = try await owner.lend(home, to: address ?? "", rights, until: until)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["delegationId"] as? String)
    }

    /// Offered and accepted.
    func lent(_ rights: [String] = ["report_fault"]) async throws -> String {
        let id = try await offer(rights)
        let answer = try await friend.api(.post, "/delegations/\(id)/accept", "{}")
        try #require(answer.status == 200, "\(answer.text)")
        return id
    }

    func state(_ id: String) async throws -> String? {
        let id = UUID(uuidString: id)
        return try await company.walled.read(
            Query.firstValue(
                "select state from app.delegation where tenant_id = \(company.tenant.id) and id = \(id)", String.self))
    }

    /// As if its last moment had passed, with nobody having noticed.
    func runOut(_ id: String) async throws {
        let id = UUID(uuidString: id)
        try await company.run(
            """
            update app.delegation set offered_at = now() - interval '2 days', expires_at = now() - interval '1 second'
             where tenant_id = \(company.tenant.id) and id = \(id)
            """)
    }

    /// The owner sold it yesterday.
    func sell() async throws {
        try await company.run(
            """
            update app.occupancy set until = current_date - 2
             where tenant_id = \(company.tenant.id) and unit_id = \(home.unit) and kind = 'owner'
            """)
    }

    /// What the nightly job does.
    func night() async throws {
        var handlers = JobHandlers()
        DelegationJobs(tenants: company.app.tenants).register(in: &handlers)
        try await company.walled.write { tx in _ = try tx.enqueue(ExpireDelegations(due: Date())) }
        _ = try await Worker(database: company.app.workerDatabase, handlers: handlers, logger: TestHouse.logger)
            .drain(tenant: company.tenant.id, asOf: Date().addingTimeInterval(1))
    }

    /// Kinds of the notices that somebody has about delegations, oldest first.
    func notices(_ member: TestMember) async throws -> [String] {
        try await company.walled.read(
            Query.values(
                """
                select kind from app.notification where tenant_id = \(company.tenant.id) and member_id = \(member.id)
                   and kind like 'delegation.%' order by id
                """, String.self))
    }
}

extension TestMember {
    var email: String {
        get async throws {
            try await company.walled.read(
                Query.value("select email from app.member where tenant_id = \(company.tenant.id) and id = \(id)", String.self))
        }
    }

    func lend(_ home: TestHome, to email: String, _ rights: [String] = ["report_fault"], until: String? = nil) async throws
        -> TestAnswer
    {
        let list = rights.map { "\"\($0)\"" }.joined(separator: ",")
        let end = until.map { ",\"expiresAt\":\"\($0)\"" } ?? ""
        return try await api(
            .post, "/delegations",
            "{\"delegateEmail\":\"\(email)\",\"rights\":[\(list)],\"unitId\":\"\(home.unit.text)\"\(end)}")
    }

    func report(_ home: TestHome, _ title: String = "The tap drips") async throws -> TestAnswer {
        try await api(
            .post, "/faults",
            "{\"title\":\"\(title)\",\"description\":\"In the bath\",\"category\":\"plumbing\",\"unitId\":\"\(home.unit.text)\"}")
    }
}
