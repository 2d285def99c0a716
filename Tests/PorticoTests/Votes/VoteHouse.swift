import Database
import Foundation
import Jobs
import Testing

@testable import Database
@testable import Votes
@testable import portico

/// A house whose units have owners and shares, and somebody who calls votes there.
struct VoteHouse: Sendable {
    let company: TestCompany
    let manager: TestMember
    let building: UUID
    let units: [UUID]
    /// One for each unit.
    let owners: [TestMember]

    static func fresh(_ shares: [String] = ["1/3", "1/3", "1/3"], members count: Int? = nil) async throws -> VoteHouse {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Vera Amt")
        let (tenant, building) = (company.tenant.id, UUID.v7())
        let units = shares.map { _ in UUID.v7() }
        try await company.run(
            """
            insert into app.building(tenant_id, id, name, street, postal_code, city)
            values (\(tenant), \(building), \("Haus \(building.text.suffix(6))"), 'Weg 1', '10115', 'Berlin')
            """)
        try await company.run(
            """
            insert into app.unit(tenant_id, id, building_id, label, floor)
            select \(tenant), t.id, \(building), lpad(t.n::text, 4, '0'), 1 from unnest(\(units)) with ordinality as t(id, n)
            """)
        try await company.run(
            """
            insert into app.unit_share(tenant_id, id, numerator, denominator)
            select \(tenant), t.id, split_part(t.share, '/', 1)::bigint, split_part(t.share, '/', 2)::bigint
              from unnest(\(units), \(shares)) as t(id, share)
            """)
        var owners: [TestMember] = []
        for index in 0..<(count ?? units.count) { owners.append(try await company.member("owner", name: "Owner \(index + 1)")) }
        try await company.run(
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since)
            select \(tenant), gen_random_uuid(), t.unit, t.member, 'owner', '2020-01-01'
              from unnest(\(units), \(units.indices.map { owners[$0 % owners.count].id })) as t(unit, member)
            """)
        return VoteHouse(company: company, manager: manager, building: building, units: units, owners: owners)
    }

    /// Calls a vote, and gives its id.
    func call(_ more: String = "", majority: String = "simple", visibility: String = "after_end") async throws -> String {
        let end = Date().addingTimeInterval(3 * 86_400).formatted(.iso8601)
        let answer = try await manager.api(
            .post, "/votes",
            """
            {"title":"Roof","buildingId":"\(building.text)","endDate":"\(end)","majority":"\(majority)",
             "resultsVisibility":"\(visibility)"\(more.isEmpty ? "" : "," + more)}
            """)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["voteId"] as? String)
    }

    /// Ids of the options of a question, by code or label.
    func options(_ vote: String, question: Int = 0) async throws -> [String: String] {
        let json = try await manager.api(.get, "/votes/\(vote)").json
        let questions = json?["questions"] as? [[String: Any]] ?? []
        let options = questions[question]["options"] as? [[String: String]] ?? []
        return Dictionary(
            options.map { ((($0["label"] ?? "").isEmpty ? $0["code"] : $0["label"]) ?? "", $0["optionId"] ?? "") },
            uniquingKeysWith: { $1 })
    }

    func cast(_ vote: String, _ choice: String, by member: TestMember, _ more: String = "") async throws -> TestAnswer {
        let option = try await options(vote)[choice] ?? ""
        return try await member.api(
            .post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(option)\"\(more.isEmpty ? "" : "," + more)}")
    }

    /// As if its last moment had passed.
    func runOut(_ vote: String) async throws {
        let id = UUID(uuidString: vote)
        try await company.run(
            """
            update app.vote set starts_at = least(starts_at, clock_timestamp() - interval '1 hour'), ends_at = clock_timestamp()
             where tenant_id = \(company.tenant.id) and id = \(id)
            """)
    }

    /// Runs what votes have left to do.
    func work(in seconds: TimeInterval = 30 * 86_400) async throws {
        var handlers = JobHandlers()
        VoteJobs(tenants: company.app.tenants, sealer: company.app.house.sealer).register(in: &handlers)
        _ = try await Worker(database: company.app.workerDatabase, handlers: handlers, logger: TestHouse.logger)
            .drain(tenant: company.tenant.id, asOf: Date().addingTimeInterval(seconds))
    }

    /// Over and counted.
    func close(_ vote: String) async throws -> [String: Any] {
        try await runOut(vote)
        try await work()
        let answer = try await manager.api(.get, "/votes/\(vote)/results")
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json ?? [:]
    }

    /// Ballots of an open vote for many voters at once, by the code that takes them one by one.
    func castAll(_ vote: String, _ answers: (Int) -> [[Int]]?) async throws {
        let (tenant, id) = (company.tenant.id, try #require(UUID(uuidString: vote)))
        let sealer = company.app.house.sealer
        try await company.walled.write { tx in
            let line = try await tx.query(Vote.find(id, tenant))
            let voters = try await tx.query(VoterLine.page(id, tenant, .first, size: 5000))
            for (index, voter) in voters.enumerated() {
                guard let answer = answers(index) else { continue }
                let places = try await tx.query(
                    BallotPlace.onPaper(voter.id, id, tenant, on: CalendarDate(Date(), in: company.tenant.timeZone)))
                _ = try await Casting(tx: tx, vote: line, sealer: sealer).cast(answer, for: places, Receipt(), by: manager.id)
            }
        }
    }

    func superuser(_ sql: String, _ values: [String] = []) throws -> [[String]] {
        let session = try AdminSession(url: try #require(TestDatabase.shared.adminURL), role: nil)
        defer { session.close() }
        try session.run("set session_replication_role = replica")
        return try session.rows(sql, values)
    }

    func kinds(_ member: TestMember) async throws -> [String] {
        try await company.walled.read(
            Query.values(
                """
                select kind from app.notification where tenant_id = \(company.tenant.id) and member_id = \(member.id)
                   and kind like 'vote.%' order by id
                """, String.self))
    }

    /// Somebody whom an owner has lent their voice on a unit.
    func delegate(of owner: Int) async throws -> TestMember {
        let friend = try await company.member("portal", name: "Jan Weber")
        try await company.run("update app.member set password_hash = 'x' where tenant_id = \(company.tenant.id)")
        let home = TestHome(building: building, unit: units[owner])
        let lent = try await owners[owner].lend(home, to: try await friend.email, ["vote"])
        let id = try #require(lent.json?["delegationId"] as? String, "\(lent.text)")
        let accepted = try await friend.api(.post, "/delegations/\(id)/accept", "{}")
        try #require(accepted.status == 200, "\(accepted.text)")
        return friend
    }
}

/// `results.questions[question].options`, by place.
func optionSums(_ results: [String: Any], question: Int = 0) -> [(ballots: Int, weight: String)] {
    let questions = results["questions"] as? [[String: Any]] ?? []
    guard questions.indices.contains(question) else { return [] }
    return (questions[question]["options"] as? [[String: Any]] ?? []).map { option in
        let weight = option["weight"] as? [String: String] ?? [:]
        return (option["ballots"] as? Int ?? -1, "\(weight["numerator"] ?? "?")/\(weight["denominator"] ?? "?")")
    }
}

func outcome(_ results: [String: Any], question: Int = 0) -> String? {
    let questions = results["questions"] as? [[String: Any]] ?? []
    return questions.indices.contains(question) ? questions[question]["outcome"] as? String : nil
}
