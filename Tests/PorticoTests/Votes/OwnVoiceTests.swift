import Database
import Foundation
import Testing

@testable import Votes
@testable import portico

@Suite("Flow 8: whose ballot may take the place of whose, and who votes for what changed hands")
struct OwnVoiceTests {
    @Test("Nobody but the owner in whose name a delegate voted takes the place of that ballot: no co-owner, and no buyer")
    func delegates() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"allowDelegates\":true")
        let (friend, other) = (try await house.delegate(of: 0), try await house.company.member("owner", name: "Other"))
        try await house.own(0, other, since: "'2020-01-01'")
        #expect(try await house.cast(vote, "no", by: friend).status == 201)
        #expect(try await house.cast(vote, "yes", by: other).code == "already_voted")
        #expect(try await house.cast(vote, "abstain", by: house.owners[0]).status == 201)
        let second = try await house.call("\"allowDelegates\":true,\"allowChange\":true")
        #expect(try await house.cast(second, "no", by: friend).status == 201)
        try await house.sell(0, to: try await house.company.member("owner", name: "Buyer"))
        let buyer = try await house.company.member("owner", name: "Last")
        try await house.own(0, buyer)
        #expect(try await house.cast(second, "yes", by: buyer).code == "already_voted")
        #expect(optionSums(try await house.close(second)).map(\.ballots) == [0, 1, 0])
    }

    @Test(
        "A form that comes a second time with other answers is not taken for the first: it is shown again, with a code of its own"
    )
    func otherAnswers() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"allowChange\":true")
        let code = Receipt()
        let sent = "\"receipt\":\"\(code.text)\""
        #expect(try await house.cast(vote, "yes", by: house.owners[0], sent).status == 201)
        let other = try await house.cast(vote, "no", by: house.owners[0], sent)
        #expect(other.status == 422 && other.code == "receipt_used", "\(other.text)")
        let (yours, options) = (
            try await house.owners[0].api(.get, "/votes/\(vote)").json?["yours"], try await house.options(vote)
        )
        let voter = (yours as? [[String: Any]])?.first?["voterId"] as? String ?? ""
        let no = options["no"] ?? ""
        let form = [("receipt", code.text), ("voters", voter), ("answers.0.option_ids", no)]
        let page = try await house.owners[0].post("/votes/\(vote)/ballots", form, [.acceptLanguage: "en"])
        #expect(page.status == 422 && page.text.contains("This form was sent before with other answers"), "\(page.text)")
        #expect(page.text.contains("value=\"\(no)\" checked"), "\(page.text)")
        let fresh = try #require(page.text.firstMatch(of: /name="receipt" value="([^"]+)"/).map { String($0.1) })
        #expect(fresh != code.text)
        let again = try await house.owners[0].post("/votes/\(vote)/ballots", [("receipt", fresh)] + form.dropFirst())
        #expect(again.status == 200, "\(again.text)")
        #expect(optionSums(try await house.close(vote)).map(\.ballots) == [0, 1, 0])
        let final = try await house.call("\"secret\":true")
        #expect(try await house.cast(final, "yes", by: house.owners[0], sent).status == 201)
        #expect(try await house.cast(final, "yes", by: house.owners[0], sent).status == 201)
        #expect(try await house.cast(final, "no", by: house.owners[0], sent).code == "already_voted")
        // In a secret one that can be changed the page fills in the code that a change takes, which nobody may have seen.
        let secret = try await house.call("\"secret\":true,\"allowChange\":true")
        #expect(try await house.cast(secret, "yes", by: house.owners[0], sent).status == 201)
        let mine = try await house.owners[0].api(.get, "/votes/\(secret)").json?["yours"] as? [[String: Any]]
        let entry = try #require(UUID(uuidString: mine?.first?["voterId"] as? String ?? ""))
        let no2 = try await house.options(secret)["no"] ?? ""
        let lost = try await house.owners[0].post(
            "/votes/\(secret)/ballots", [("receipt", code.text), ("voters", entry.text), ("answers.0.option_ids", no2)])
        #expect(lost.status == 422 && lost.text.contains("value=\"\(code.part(entry).text)\""), "\(lost.text)")
    }

    @Test(
        "What was entered from paper can be put right where ballots can be changed, and only there; a paper is an owner's own voice"
    )
    func paper() async throws {
        let house = try await VoteHouse.fresh()
        let final = try await house.call("\"allowDelegates\":true")
        let friend = try await house.delegate(of: 0)
        #expect(try await house.cast(final, "no", by: friend).status == 201)
        #expect(try await house.enter(final, "yes", for: 0).status == 201)
        #expect(try await house.enter(final, "no", for: 0).code == "already_voted")
        #expect(try await house.cast(final, "no", by: house.owners[0]).code == "already_voted")
        #expect(try await house.cast(final, "no", by: house.owners[1]).status == 201)
        #expect(try await house.enter(final, "yes", for: 1).code == "already_voted")
        #expect(optionSums(try await house.close(final)).map(\.ballots) == [1, 1, 0])

        let open = try await house.call("\"allowChange\":true")
        #expect(try await house.enter(open, "yes", for: 0).status == 201)
        let page = try await house.manager.get("/votes/\(open)/paper").text
        #expect(page.contains(try await house.voter(open, 0)))
        #expect(try await house.enter(open, "no", for: 0).status == 201)
        #expect(try await house.cast(open, "abstain", by: house.owners[0]).status == 201)
        #expect(try await house.enter(open, "yes", for: 0).code == "already_voted")
        #expect(try await house.enter(open, "yes", for: 1).status == 201)
        let buyer = try await house.company.member("owner", name: "Buyer")
        try await house.sell(1, to: buyer)
        #expect(try await house.cast(open, "no", by: buyer).code == "already_voted")
        #expect(optionSums(try await house.close(open)).map(\.ballots) == [1, 0, 1])
        let scans = try await house.company.count("app.vote_scan where tenant_id = \(house.company.tenant.id)")
        #expect(scans == 4)
    }

    @Test("A paper that is sent twice is entered once, with one scan")
    func paperTwice() async throws {
        let house = try await VoteHouse.fresh()
        let (vote, sent) = (try await house.call(), "\"receipt\":\"\(Receipt().text)\"")
        let answers = [try await house.enter(vote, "yes", for: 0, sent), try await house.enter(vote, "yes", for: 0, sent)]
        #expect(answers.allSatisfy { $0.status == 201 } && answers[0].text == answers[1].text, "\(answers[1].text)")
        #expect(try await house.company.count("app.vote_scan where tenant_id = \(house.company.tenant.id)") == 1)
    }

    @Test(
        "Where owners vote by their parts, each buyer votes for one part of those who left, and whoever stays for what they took over"
    )
    func succession() async throws {
        let house = try await VoteHouse.fresh(["1/2", "1/2"])
        let tenant = house.company.tenant.id
        let second = try await house.company.member("owner", name: "Second")
        try await house.company.run("update app.occupancy set numerator = 1, denominator = 2 where tenant_id = \(tenant)")
        for unit in [0, 1] { try await house.own(unit, second, part: 2, since: "'2020-01-01'") }
        let vote = try await house.call("\"owners\":\"parts\"")
        // Of the first unit both sell, to two; of the other one sells to the other, who then has all of it.
        let buyers = [
            try await house.company.member("owner", name: "Third"), try await house.company.member("owner", name: "Fourth")
        ]
        try await house.company.run(
            """
            update app.occupancy set until = current_date - 2 where tenant_id = \(tenant) and until is null
               and (unit_id = \(house.units[0]) or member_id = \(house.owners[1].id))
            """)
        for buyer in buyers { try await house.own(0, buyer, part: 2) }
        for buyer in buyers {
            let yours = try await buyer.api(.get, "/votes/\(vote)").json?["yours"] as? [[String: Any]] ?? []
            #expect(yours.count == 1, "\(yours)")
            #expect(try await house.cast(vote, "yes", by: buyer).status == 201)
        }
        let all = try await second.api(.get, "/votes/\(vote)").json?["yours"] as? [[String: Any]] ?? []
        #expect(all.count == 2, "\(all)")
        let no = try await house.options(vote)["no"] ?? ""
        let voters = all.compactMap { $0["voterId"] as? String }.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try await second.api(
            .post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(no)\",\"voters\":[\(voters)]}")
        #expect(answer.status == 201, "\(answer.text)")
        #expect(optionSums(try await house.close(vote)).map(\.weight) == ["1/2", "1/2", "0/1"])
    }

    @Test("All is all: what no owner on record has counts to the whole, and only somebody who comes for it can vote for it")
    func unowned() async throws {
        let house = try await VoteHouse.fresh(["1/4", "1/4", "1/4", "1/4"])
        let tenant = house.company.tenant.id
        try await house.company.run(
            "delete from app.occupancy where tenant_id = \(tenant) and unit_id = any(\(Array(house.units[2...])))")
        try await house.company.run(
            "update app.occupancy set numerator = 1, denominator = 3 where tenant_id = \(tenant) and unit_id = \(house.units[1])")
        let vote = try await house.call("\"owners\":\"parts\"", majority: "absolute")
        let register = try await house.manager.api(.get, "/votes/\(vote)/register").json?["items"] as? [[String: Any]] ?? []
        #expect(register.count == 5, "\(register)")
        let yours = try await house.owners[1].api(.get, "/votes/\(vote)").json?["yours"] as? [[String: Any]] ?? []
        #expect(yours.count == 1, "\(yours)")
        for owner in house.owners[..<2] { #expect(try await house.cast(vote, "yes", by: owner).status == 201) }
        let buyer = try await house.company.member("owner", name: "Buyer")
        try await house.own(3, buyer)
        #expect(try await house.cast(vote, "no", by: buyer).status == 201)
        let results = try await house.close(vote)
        #expect(optionSums(results).map(\.weight) == ["1/3", "1/4", "0/1"])
        #expect(outcome(results) == "rejected")
        // Who comes for a part that somebody left has that, and who comes beside them the rest.
        let second = try await house.call("\"owners\":\"parts\"")
        try await house.company.run(
            "update app.occupancy set until = current_date - 2 where tenant_id = \(tenant) and unit_id = \(house.units[1])")
        let heirs = [try await house.company.member("owner", name: "A"), try await house.company.member("owner", name: "B")]
        for heir in heirs {
            try await house.own(1, heir, part: 3)
            #expect(try await house.cast(second, "yes", by: heir, "\"unitId\":\"\(house.units[1].text)\"").status == 201)
        }
        #expect(optionSums(try await house.close(second)).map(\.weight) == ["1/4", "0/1", "0/1"])
    }
}

extension VoteHouse {
    /// Another owner of a unit, with one of so many parts of it.
    func own(_ unit: Int, _ member: TestMember, part: Int32? = nil, since: SQL = "current_date - 1") async throws {
        try await company.run(
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, numerator, denominator)
            values (\(company.tenant.id), gen_random_uuid(), \(units[unit]), \(member.id), 'owner', \(since),
                    \(part.map { _ in Int32(1) }), \(part))
            """)
    }

    /// The entry of the register of a unit that votes jointly.
    func voter(_ vote: String, _ unit: Int) async throws -> String {
        try await company.walled.read(
            Query.value(
                "select id from app.vote_voter where tenant_id = \(company.tenant.id) and vote_id = \(UUID(uuidString: vote)) and unit_id = \(units[unit])",
                UUID.self)
        ).text
    }

    /// What came on paper, with a scan.
    func enter(_ vote: String, _ choice: String, for unit: Int, _ more: String = "") async throws -> TestAnswer {
        let questions = try await manager.api(.get, "/votes/\(vote)").json?["questions"] as? [[String: Any]]
        let (question, option) = (questions?.first?["questionId"] as? String ?? "", try await options(vote)[choice] ?? "")
        let pdf = Data("%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n".utf8).base64EncodedString()
        return try await manager.api(
            .post, "/votes/\(vote)/paper",
            """
            {"voterId":"\(try await voter(vote, unit))","scan":["\(pdf)"],
             "answers":[{"questionId":"\(question)","optionIds":["\(option)"]}]\(more.isEmpty ? "" : "," + more)}
            """)
    }
}
