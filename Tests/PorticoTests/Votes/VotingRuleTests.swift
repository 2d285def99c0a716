import Database
import Foundation
import Testing

@testable import Votes
@testable import portico

@Suite("Flow 8: who votes, how often, and what happens to a vote on its way")
struct VotingRuleTests {
    @Test(
        "A delegate votes in the owner's name, and the record shows for whom; the owner's own ballot takes its place, and not the other way"
    )
    func delegates() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"allowDelegates\":true", visibility: "live")
        let friend = try await house.delegate(of: 0)
        #expect(try await friend.api(.get, "/votes").json?["total"] as? Int == 1)
        let yours = try await friend.api(.get, "/votes/\(vote)").json?["yours"] as? [[String: Any]] ?? []
        #expect(yours.count == 1 && yours.first?["onBehalfOf"] as? String == "Owner 1")
        let answer = try await house.cast(vote, "no", by: friend)
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try await house.cast(vote, "yes", by: friend).code == "already_voted")
        let ledger = try await house.manager.api(.get, "/votes/\(vote)/ledger").text
        #expect(ledger.contains("behalf") && ledger.lowercased().contains(house.owners[0].id.text))
        #expect(
            try await house.company.count(
                "app.audit_line where tenant_id = \(house.company.tenant.id) and action = 'vote.cast' and on_behalf_of = \(house.owners[0].id)"
            )
                == 1)
        let own = try await house.cast(vote, "yes", by: house.owners[0])
        #expect(own.status == 201, "\(own.text)")
        #expect(try await house.cast(vote, "no", by: friend).code == "already_voted")
        #expect(optionSums(try await house.close(vote)).map(\.ballots) == [1, 0, 0])
        try await house.work()
        #expect(try await house.kinds(house.owners[0]).contains("vote.cast_for_you"))
        let closed = try await house.call("\"allowDelegates\":false")
        #expect(try await house.cast(closed, "no", by: friend).status == 404)
    }

    @Test("The dashboard shows a vote to those whose ballot is missing, as owner or for one, until it is cast")
    func waiting() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"allowDelegates\":true")
        let (friend, stranger) = (try await house.delegate(of: 0), try await house.company.member("technician"))
        func isAsked(_ member: TestMember) async throws -> Bool {
            try await member.api(.get, "/dashboard").text.contains("/votes/\(vote)")
        }
        for member in [house.owners[0], house.owners[1], friend] { #expect(try await isAsked(member)) }
        for member in [stranger, house.manager] { #expect(try await isAsked(member) == false) }
        #expect(try await house.cast(vote, "yes", by: friend).status == 201)
        #expect(try await isAsked(friend) == false)
        #expect(try await isAsked(house.owners[0]) == false)
        #expect(try await isAsked(house.owners[1]))
        try await house.runOut(vote)
        #expect(try await isAsked(house.owners[1]) == false)
    }

    @Test("A ballot is final unless the vote lets people change their minds; then the last one counts and the history stays")
    func changes() async throws {
        let house = try await VoteHouse.fresh()
        let final = try await house.call()
        #expect(try await house.cast(final, "yes", by: house.owners[0]).status == 201)
        #expect(try await house.cast(final, "no", by: house.owners[0]).code == "already_voted")
        let open = try await house.call("\"allowChange\":true")
        for choice in ["yes", "no", "abstain", "no"] {
            #expect(try await house.cast(open, choice, by: house.owners[0]).status == 201)
        }
        let results = try await house.close(open)
        #expect(optionSums(results).map(\.ballots) == [0, 1, 0])
        #expect(try await house.manager.api(.get, "/votes/\(open)/ledger").json?["total"] as? Int == 6)
    }

    @Test("The same form sent twice is one ballot, with the same code")
    func doubleClick() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call()
        let code = Receipt().text
        let first = try await house.cast(vote, "yes", by: house.owners[0], "\"receipt\":\"\(code)\"")
        let second = try await house.cast(vote, "yes", by: house.owners[0], "\"receipt\":\"\(code)\"")
        #expect(first.status == 201 && second.text == first.text, "\(second.text)")
        let page = try await house.owners[1].get("/votes/\(vote)").text
        let (hidden, voter) = (
            page.firstMatch(of: /name="receipt" value="([^"]+)"/), page.firstMatch(of: /name="voters" value="([^"]+)"/)
        )
        let yes = try await house.options(vote)["yes"] ?? ""
        let form = [
            ("receipt", String(hidden?.1 ?? "")), ("voters", String(voter?.1 ?? "")), ("answers.0.option_ids", yes)
        ]
        let answers = [
            try await house.owners[1].post("/votes/\(vote)/ballots", form),
            try await house.owners[1].post("/votes/\(vote)/ballots", form)
        ]
        let codes = answers.map { $0.text.firstMatch(of: /<code>([0-9A-Z-]+)<\/code>/).map { String($0.1) } }
        #expect(answers.allSatisfy { $0.status == 200 } && codes[0] != nil && codes[0] == codes[1])
        #expect(answers[0].headers[.cacheControl]?.contains("no-store") == true)
        let check = try await house.owners[1].api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(codes[0] ?? "")\"}")
        #expect(check.json?["state"] as? String == "counted", "\(check.text)")
        let unknown = try await house.owners[1].api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(Receipt().text)\"}")
        #expect(unknown.json?["state"] as? String == "unknown")
        #expect(try await house.owners[1].post("/votes/\(vote)/receipt", [("code", "nonsense")]).status == 422)
    }

    @Test("Several owners vote jointly with one ballot, or each with their part of the unit")
    func parts() async throws {
        let house = try await VoteHouse.fresh(["1/2", "1/2"])
        let (tenant, second) = (house.company.tenant.id, try await house.company.member("owner", name: "Second"))
        try await house.company.run(
            """
            update app.occupancy set numerator = 2, denominator = 3 where tenant_id = \(tenant) and unit_id = \(house.units[0])
            """)
        try await house.company.run(
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, numerator, denominator)
            values (\(tenant), gen_random_uuid(), \(house.units[0]), \(second.id), 'owner', '2020-01-01', 1, 3)
            """)
        let joint = try await house.call()
        #expect(try await house.cast(joint, "yes", by: second).status == 201)
        #expect(try await house.cast(joint, "no", by: house.owners[0]).code == "already_voted")
        let parts = try await house.call("\"owners\":\"parts\"")
        for (member, choice) in [(second, "no"), (house.owners[0], "yes"), (house.owners[1], "abstain")] {
            #expect(try await house.cast(parts, choice, by: member).status == 201)
        }
        #expect(optionSums(try await house.close(parts)).map(\.weight) == ["1/3", "1/6", "1/2"])
        let heads = try await house.call("\"weighting\":\"head\"")
        _ = try await house.cast(heads, "yes", by: house.owners[0])
        #expect(optionSums(try await house.close(heads)).map(\.weight) == ["2/1", "0/1", "0/1"])
    }

    @Test("Somebody with two units counts as one head, spread over both")
    func heads() async throws {
        let house = try await VoteHouse.fresh(["1/3", "1/3", "1/3"], members: 2)
        let vote = try await house.call("\"weighting\":\"head\",\"quorumHeads\":\"1/2\"")
        let yes = try await house.options(vote)["yes"] ?? ""
        let unsaid = try await house.cast(vote, "yes", by: house.owners[0])
        #expect(unsaid.status == 400 && unsaid.text.contains("unitId"), "\(unsaid.text)")
        let answer = try await house.owners[0].api(
            .post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(yes)\",\"unitId\":\"\(house.units[0].text)\"}")
        #expect((answer.json?["weight"] as? [String: String]) == ["numerator": "1", "denominator": "2"], "\(answer.text)")
        #expect(try await house.manager.api(.get, "/votes/\(vote)/results").json?["quorumReached"] as? Bool == false)
        _ = try await house.owners[0].api(
            .post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(yes)\",\"unitId\":\"\(house.units[2].text)\"}")
        #expect(try await house.manager.api(.get, "/votes/\(vote)/results").json?["quorumReached"] as? Bool == true)
        #expect(optionSums(try await house.close(vote)).map(\.weight) == ["1/1", "0/1", "0/1"])
    }

    @Test("One of several, several of several, level votes and a missing quorum")
    func outcomes() async throws {
        let house = try await VoteHouse.fresh(["1/4", "1/4", "1/4", "1/4"])
        let vote = try await house.call(
            """
            "quorum":"1/2","questions":[{"title":"Colour","kind":"one","options":["red","blue"]},
            {"title":"Board","kind":"several","options":["Ann","Bob","Cem"],"min":1,"max":2},{"title":"Roof"}]
            """)
        try await house.castAll(vote) { [[[1], [1, 2], [1]], [[1], [1, 3], [2]], [[1], [1, 2], [1]], nil][$0] }
        let results = try await house.close(vote)
        #expect((0..<3).map { outcome(results, question: $0) } == ["passed", "passed", "passed"])
        #expect(optionSums(results, question: 1).map(\.ballots) == [3, 2, 1, 0])
        let level = try await house.call("\"options\":[\"red\",\"blue\"]")
        try await house.castAll(level) { [[[1]], [[2]], nil, nil][$0] }
        #expect(outcome(try await house.close(level)) == "tied")
        let few = try await house.call("\"quorum\":\"60 %\"")
        try await house.castAll(few) { [[[1]], [[1]], nil, nil][$0] }
        #expect(outcome(try await house.close(few)) == "no_quorum")
        let unanimous = try await house.call(majority: "unanimous")
        try await house.castAll(unanimous) { [[[1]], [[1]], [[1]], nil][$0] }
        #expect(outcome(try await house.close(unanimous)) == "rejected")
    }

    @Test(
        "Those who have not voted are reminded; a later end and a cancellation are told with a reason, on record and to everybody"
    )
    func onTheWay() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call()
        try await house.work(in: 1)
        #expect(try await house.kinds(house.owners[0]) == ["vote.created"])
        _ = try await house.cast(vote, "yes", by: house.owners[0])
        try await house.work(in: 2.5 * 86_400)
        #expect(try await house.kinds(house.owners[0]).contains("vote.reminder") == false)
        #expect(try await house.kinds(house.owners[1]).contains("vote.reminder"))
        #expect(
            try await house.manager.api(.post, "/votes/\(vote)/extension", "{\"reason\":\"x\",\"endDate\":\"2020-01-01\"}").status
                == 400)
        let later = Date().addingTimeInterval(9 * 86_400).formatted(.iso8601)
        let moved = try await house.manager.api(
            .post, "/votes/\(vote)/extension", "{\"reason\":\"Holidays\",\"endDate\":\"\(later)\"}")
        #expect(moved.status == 200 && moved.json?["endsAt"] as? String == later, "\(moved.text)")
        #expect(try await house.owners[0].api(.post, "/votes/\(vote)/cancellation", "{\"reason\":\"x\"}").status == 403)
        #expect(try await house.manager.post("/votes/\(vote)/cancellation", [("reason", "")]).status == 422)
        let cancelled = try await house.manager.api(.post, "/votes/\(vote)/cancellation", "{\"reason\":\"Wrong offer\"}")
        #expect(cancelled.json?["state"] as? String == "cancelled", "\(cancelled.text)")
        #expect(try await house.cast(vote, "yes", by: house.owners[1]).code == "vote_not_open")
        #expect(try await house.manager.api(.post, "/votes/\(vote)/cancellation", "{\"reason\":\"x\"}").code == "vote_not_open")
        try await house.work(in: 60)
        #expect(Set(try await house.kinds(house.owners[2])).isSuperset(of: ["vote.extended", "vote.cancelled"]))
        let minutes = try await house.manager.get("/votes/\(vote)/minutes", [.acceptLanguage: "en"]).text
        #expect(minutes.contains("Holidays") && minutes.contains("Wrong offer") && minutes.contains("Vera Amt"))
        #expect(try await house.manager.api(.post, "/votes/\(vote)/recount", "{}").json?["intact"] as? Bool == true)
    }

    @Test("A vote to come takes no ballots; its register is taken when it begins")
    func planned() async throws {
        let house = try await VoteHouse.fresh()
        let start = Date().addingTimeInterval(86_400).formatted(.iso8601)
        let vote = try await house.call("\"startDate\":\"\(start)\",\"record\":\"start\"")
        #expect(try await house.cast(vote, "yes", by: house.owners[0]).status == 403)
        #expect(try await house.owners[0].api(.get, "/votes?show=planned").json?["total"] as? Int == 1)
        let buyer = try await house.company.member("owner", name: "Buyer")
        try await house.sell(0, to: buyer)
        let id = UUID(uuidString: vote)
        try await house.company.run(
            "update app.vote set starts_at = clock_timestamp() where tenant_id = \(house.company.tenant.id) and id = \(id)")
        try await house.work(in: 1.5 * 86_400)
        #expect(try await house.cast(vote, "yes", by: buyer).status == 201)
        #expect(try await house.cast(vote, "yes", by: house.owners[0]).status != 201)
        let early = try await house.call("\"startDate\":\"\(start)\"")
        #expect(try await house.cast(early, "yes", by: house.owners[1]).code == "vote_not_open")
    }

    @Test("A paper ballot is entered with its scan, marked as one, and only once")
    func paper() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call()
        let register = try await house.manager.api(.get, "/votes/\(vote)/register").json?["items"] as? [[String: Any]] ?? []
        let voter = try #require(register.first?["voterId"] as? String)
        let question = ((try await house.manager.api(.get, "/votes/\(vote)").json?["questions"] as? [[String: Any]])?.first)?[
            "questionId"]
        let yes = try await house.options(vote)["yes"] ?? ""
        let pdf = Data("%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n".utf8).base64EncodedString()
        func body(_ scan: String) -> String {
            """
            {"voterId":"\(voter)","scan":["\(scan)"],"answers":[{"questionId":"\(question ?? "")","optionIds":["\(yes)"]}]}
            """
        }
        let bad = try await house.manager.api(.post, "/votes/\(vote)/paper", body(Data("hello".utf8).base64EncodedString()))
        #expect(bad.status == 400 && bad.text.contains("no_scan"), "\(bad.text)")
        let answer = try await house.manager.api(.post, "/votes/\(vote)/paper", body(pdf))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try await house.manager.api(.post, "/votes/\(vote)/paper", body(pdf)).code == "already_voted")
        #expect(try await house.owners[0].api(.post, "/votes/\(vote)/paper", body(pdf)).status == 403)
        let scan = try await house.company.walled.read(
            Query.value("select id from app.vote_scan where tenant_id = \(house.company.tenant.id)", UUID.self))
        let file = try await house.manager.api(.get, "/votes/\(vote)/scans/\(scan.text)/file")
        #expect(file.status == 200 && file.headers[.contentType] == "application/pdf")
        #expect(try await house.owners[0].api(.get, "/votes/\(vote)/scans/\(scan.text)/file").status == 403)
        _ = try await house.close(vote)
        let ledger = try await house.manager.api(.get, "/votes/\(vote)/ledger").text
        #expect(ledger.contains("\\\"channel\\\":\\\"paper\\\"") && ledger.uppercased().contains(house.manager.id.uuidString))
        let secret = try await house.call("\"secret\":true")
        #expect(try await house.manager.api(.post, "/votes/\(secret)/paper", body(pdf)).code == "vote_is_secret")
        let page = try await house.manager.get("/votes/\(secret)/paper", [.acceptLanguage: "en"])
        #expect(page.status == 409 && page.text.contains("A scan would say who voted what"), "\(page.text)")
    }

    @Test("Shares are entered as lines, exactly; a line that is none is named")
    func shares() async throws {
        let house = try await VoteHouse.fresh()
        let lines = "0001: 1/2\\n0002; 25 %\\n0003\\t250/1000"
        let answer = try await house.manager.api(
            .post, "/votes/shares", "{\"buildingId\":\"\(house.building.text)\",\"shares\":\"\(lines)\"}")
        #expect(answer.status == 200, "\(answer.text)")
        #expect((answer.json?["sum"] as? [String: String]) == ["numerator": "1", "denominator": "1"])
        let bad = try await house.manager.api(
            .post, "/votes/shares", "{\"buildingId\":\"\(house.building.text)\",\"shares\":\"0001: 1/2\\nAttic: 1/2\"}")
        #expect(bad.status == 400 && bad.text.contains("share_line_2"), "\(bad.text)")
        #expect(try await house.manager.get("/votes/shares?building=\(house.building.text)").text.contains("0001: 1/2"))
        #expect(try await house.owners[0].get("/votes/shares").status == 403)
    }
}
