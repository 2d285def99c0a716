import Database
import Foundation
import Testing

@testable import Votes
@testable import portico

@Suite("Flow 8: owners vote, and every ballot counts exactly")
struct VoteTests {
    @Test("Three thirds, two of them for it: exactly 2/3, which is what two thirds ask for")
    func thirds() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call(majority: "two_thirds")
        for (index, choice) in ["yes", "yes", "no"].enumerated() {
            let answer = try await house.cast(vote, choice, by: house.owners[index])
            #expect(answer.status == 201, "\(answer.text)")
            #expect((answer.json?["weight"] as? [String: String]) == ["numerator": "1", "denominator": "3"])
            #expect((answer.json?["receipt"] as? String)?.count == 31)
        }
        let results = try await house.close(vote)
        #expect(optionSums(results).map(\.weight) == ["2/3", "1/3", "0/1"])
        #expect(outcome(results) == "passed")
        let strict = try await house.call(majority: "three_quarters")
        for (index, choice) in ["yes", "yes", "no"].enumerated() {
            _ = try await house.cast(strict, choice, by: house.owners[index])
        }
        #expect(outcome(try await house.close(strict)) == "rejected")
    }

    @Test("T51 of 64 ballots for one unit at once one counts, and the 63 others get one and the same answer")
    func race() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call()
        let yes = try await house.options(vote)["yes"] ?? ""
        let (first, path) = (house.owners[0], "/votes/\(vote)/ballots")
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for _ in 0..<64 { group.addTask { try await first.api(.post, path, "{\"optionId\":\"\(yes)\"}") } }
            return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
        }
        #expect(answers.count { $0.status == 201 } == 1)
        let others = answers.filter { $0.status != 201 }
        #expect(Set(others.map(\.status)) == [409], "\(Set(others.map(\.text)))")
        #expect(Set(others.map(\.withoutRequestID)).count == 1)
        #expect(others.first?.code == "already_voted")
        #expect(optionSums(try await house.close(vote)).map(\.ballots) == [1, 0, 0])
    }

    @Test("T52 what comes at the end counts by the clock of the database: none after it, all before it")
    func atTheEnd() async throws {
        let house = try await VoteHouse.fresh(Array(repeating: "1/40", count: 40), members: 20)
        let vote = try await house.call("\"owners\":\"joint\"")
        let yes = try await house.options(vote)["yes"] ?? ""
        let id = UUID(uuidString: vote)
        // Somewhere in the middle of the rush.
        try await house.company.run(
            """
            update app.vote set ends_at = clock_timestamp() + interval '400 milliseconds'
             where tenant_id = \(house.company.tenant.id) and id = \(id)
            """)
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for (index, unit) in house.units.enumerated() {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(20 * index))
                    return try await house.owners[index % 20].api(
                        .post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(yes)\",\"unitId\":\"\(unit.text)\"}")
                }
            }
            return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
        }
        let counted = answers.count { $0.status == 201 }
        let late = answers.filter { $0.status != 201 }
        #expect(late.allSatisfy { $0.code == "vote_not_open" }, "\(Set(late.map(\.text)))")
        #expect(!late.isEmpty)
        try await house.work()
        let results = try await house.manager.api(.get, "/votes/\(vote)/results").json ?? [:]
        #expect(optionSums(results).map(\.ballots) == [counted, 0, 0])
        // What was counted was written before the end, whatever the clock of the process said.
        let after = try await house.company.walled.read(
            Query.value(
                """
                select count(*) from app.vote_entry where tenant_id = \(house.company.tenant.id) and vote_id = \(id) and kind = 'ballot'
                """, Int.self))
        #expect(after == counted)
    }

    @Test(
        "T53 a unit that is sold during the vote has one ballot, with the weight of the record date, and whoever owns it then casts it"
    )
    func sold() async throws {
        let house = try await VoteHouse.fresh(["1/2", "1/4", "1/4"])
        let vote = try await house.call()
        let buyer = try await house.company.member("owner", name: "Buyer")
        try await house.sell(0, to: buyer)
        try await house.company.run(
            "update app.unit_share set numerator = 1, denominator = 100 where tenant_id = \(house.company.tenant.id) and id = \(house.units[0])"
        )
        let refused = try await house.cast(vote, "no", by: house.owners[0])
        #expect(refused.status == 403 && refused.code == "not_eligible", "\(refused.text)")
        let answer = try await house.cast(vote, "yes", by: buyer)
        #expect((answer.json?["weight"] as? [String: String]) == ["numerator": "1", "denominator": "2"], "\(answer.text)")
        let second = try await house.call()
        #expect(try await house.cast(second, "yes", by: house.owners[1]).status == 201)
        try await house.sell(1, to: buyer)
        let late = try await house.cast(second, "no", by: buyer, "\"unitId\":\"\(house.units[1].text)\"")
        #expect(late.code == "already_voted")
        #expect(optionSums(try await house.close(vote)).map(\.weight) == ["1/2", "0/1", "0/1"])
    }

    @Test("With results after the end nobody sees totals before it: not on pages, in JSON or CSV, in the ledger or by a recount")
    func hidden() async throws {
        let house = try await VoteHouse.fresh(["1/7", "2/7", "4/7"])
        let vote = try await house.call()
        #expect(try await house.cast(vote, "no", by: house.owners[1]).status == 201)
        for path in [
            "/votes/\(vote)", "/votes/\(vote)/ledger", "/votes/\(vote)/register", "/votes/\(vote)/ledger.csv", "/votes.csv"
        ] {
            for answer in [try await house.manager.api(.get, path), try await house.manager.get(path)] {
                #expect(answer.status == 200)
                #expect(!answer.text.contains("\"answers\"") && !answer.text.contains("&quot;answers"), "\(path)")
            }
        }
        let results = try await house.manager.api(.get, "/votes/\(vote)/results")
        #expect(results.json?["questions"] == nil || results.json?["questions"] is NSNull)
        #expect(try await house.owners[0].get("/votes/\(vote)").text.contains("<progress max=\"10000\" value=\"10000\"") == false)
        let recount = try await house.manager.api(.post, "/votes/\(vote)/recount", "{}")
        #expect(recount.json?["intact"] as? Bool == true)
        #expect(recount.json?["weights"] == nil || recount.json?["weights"] is NSNull)
        #expect(try await house.manager.get("/votes/\(vote)/minutes").status == 404)
        #expect(optionSums(try await house.close(vote)).map(\.weight) == ["0/1", "2/7", "0/1"])
    }

    @Test("With live results the second reader sees the first one's ballot at once")
    func live() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"quorum\":\"1/2\"", visibility: "live")
        _ = try await house.cast(vote, "yes", by: house.owners[0])
        let results = try await house.owners[1].api(.get, "/votes/\(vote)/results").json ?? [:]
        #expect(optionSums(results).map(\.weight) == ["1/3", "0/1", "0/1"])
        #expect(results["quorumReached"] as? Bool == false)
        #expect(outcome(results) == nil, "it is not over")
        _ = try await house.cast(vote, "abstain", by: house.owners[1])
        #expect(try await house.owners[1].api(.get, "/votes/\(vote)/results").json?["quorumReached"] as? Bool == true)
        let page = try await house.owners[2].get("/votes/\(vote)", [.acceptLanguage: "en"]).text
        #expect(page.contains("1 ballot, heads 1, weight 1/3, 100.00\u{a0}%"))
        #expect(page.contains("data-live=\"vote:\(vote)\""))
        #expect(try await house.owners[2].get("/votes", [.acceptLanguage: "en"]).text.contains("2 of 3 ballots"))
    }

    @Test("Of another company's vote nobody sees or does anything, and of another house's vote neither")
    func walls() async throws {
        let house = try await VoteHouse.fresh()
        let (elsewhere, neighbour) = (try await VoteHouse.fresh(), try await house.company.member("owner"))
        let vote = try await house.call()
        let yes = try await house.options(vote)["yes"] ?? ""
        for member in [elsewhere.owners[0], elsewhere.manager, neighbour] {
            for path in ["/votes/\(vote)", "/votes/\(vote)/results"] {
                #expect(try await member.api(.get, path).status == 404)
            }
            #expect(try await member.api(.post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(yes)\"}").status == 404)
            #expect(try await member.api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(Receipt().text)\"}").status == 404)
        }
        for path in ["register", "ledger", "ledger.csv", "register.csv"] {
            #expect(try await elsewhere.manager.api(.get, "/votes/\(vote)/\(path)").status == 404)
            #expect(try await house.owners[0].api(.get, "/votes/\(vote)/\(path)").status == 403)
        }
        #expect(try await neighbour.api(.get, "/votes").json?["total"] as? Int == 0)
        #expect(try await house.owners[0].api(.get, "/votes").json?["total"] as? Int == 1)
        let resident = try await house.company.member("resident")
        #expect(try await resident.api(.get, "/votes").status == 403)
    }

    @Test("What cannot be a vote or a ballot is refused field by field, and the form comes back with what was typed")
    func refusals() async throws {
        let house = try await VoteHouse.fresh()
        let soon = Date().addingTimeInterval(3600).formatted(.iso8601)
        let cases: [(String, field: String, code: String)] = [
            ("{\"title\":\"\",\"endDate\":\"\(soon)\"}", "title", "required"),
            ("{\"title\":\"x\",\"endDate\":\"2020-01-01T00:00:00Z\"}", "endDate", "ends_too_early"),
            ("{\"title\":\"x\",\"endDate\":\"\(soon)\",\"options\":[\"a\"]}", "options", "options_few"),
            ("{\"title\":\"x\",\"endDate\":\"\(soon)\",\"options\":[\"a\",\"A\"]}", "options", "options_repeat"),
            ("{\"title\":\"x\",\"endDate\":\"\(soon)\",\"quorum\":\"3/2\"}", "quorum", "no_fraction"),
            ("{\"title\":\"x\",\"endDate\":\"\(soon)\",\"buildingId\":\"\(UUID().text)\"}", "audience", "not_found"),
            (
                "{\"title\":\"x\",\"endDate\":\"\(soon)\",\"settings\":{\"secret\":true,\"resultsVisibility\":\"live\"}}",
                "settings.resultsVisibility", "secret_live"
            )
        ]
        for one in cases {
            let answer = try await house.manager.api(.post, "/votes", one.0)
            #expect(answer.status == 400, "\(answer.text)")
            let errors = answer.json?["errors"] as? [[String: String]] ?? []
            #expect(errors.contains { $0["field"] == one.field && $0["code"] == one.code }, "\(answer.text)")
        }
        try await house.company.run("delete from app.unit_share where tenant_id = \(house.company.tenant.id)")
        let bare = try await house.manager.api(.post, "/votes", "{\"title\":\"x\",\"endDate\":\"\(soon)\"}")
        #expect(bare.text.contains("shares_missing"), "\(bare.text)")
        let page = try await house.manager.post(
            "/votes", [("title", "New roof"), ("end_date", ""), ("questions.0.title", "Shall we?")])
        #expect(page.status == 422 && page.text.contains("New roof") && page.text.contains("Shall we?"))
        #expect(try await house.owners[0].api(.post, "/votes", "{}").status == 403)
        let vote = try await house.call("\"weighting\":\"unit\"")
        let other = try await house.call("\"weighting\":\"unit\"")
        let foreign = try await house.options(other)["yes"] ?? ""
        let wrong = try await house.owners[0].api(.post, "/votes/\(vote)/ballots", "{\"optionId\":\"\(foreign)\"}")
        #expect(wrong.status == 400 && wrong.text.contains("not_allowed"), "\(wrong.text)")
        let none = try await house.owners[0].api(.post, "/votes/\(vote)/ballots", "{}")
        #expect(none.status == 400 && none.text.contains("required"))
        let notMine = try await house.cast(vote, "yes", by: house.owners[0], "\"unitId\":\"\(house.units[1].text)\"")
        #expect(notMine.status == 404)
    }

    @Test("The form grows by a button, without a script, and keeps what was typed")
    func growing() async throws {
        let house = try await VoteHouse.fresh()
        let answer = try await house.manager.post(
            "/votes", [("title", "Roof"), ("question_count", "1"), ("questions.0.title", "Shall we?"), ("more", "1")])
        #expect(answer.status == 200)
        #expect(answer.text.contains("questions.1.title") && answer.text.contains("Shall we?"))
        let end = Date().addingTimeInterval(86_400).formatted(.iso8601)
        let both = try await house.manager.post(
            "/votes",
            [
                ("title", "Roof"), ("end_date", end), ("audience", "building-\(house.building.text)"), ("question_count", "2"),
                ("questions.0.title", "Shall we?"), ("questions.0.kind", "yes_no"), ("questions.1.title", "Which colour?"),
                ("questions.1.kind", "one"), ("questions.1.options", "red\nblue\n\ngreen"), ("results_visibility", "after_end")
            ])
        #expect(both.status == 303, "\(both.text.suffix(2000))")
        let path = try #require(both.location)
        let page = try await house.owners[0].get(path).text
        #expect(page.contains("Which colour?") && page.contains("green") && page.contains("name=\"answers.1.option_ids\""))
    }

    @Test("The minutes are a PDF that bears the company's seal, once the vote is over")
    func minutes() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call()
        #expect(try await house.cast(vote, "yes", by: house.owners[0]).status == 201)
        #expect(try await house.manager.api(.post, "/votes/\(vote)/minutes", "{}").status == 404)
        _ = try await house.close(vote)
        let answer = try await house.owners[1].api(.post, "/votes/\(vote)/minutes", "{}")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/pdf")
        #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"minutes-") == true)
        #expect(answer.bytes.starts(with: Array("%PDF-".utf8)))
        let folder = FileManager.default.temporaryDirectory.appending(path: "minutes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(answer.bytes).write(to: folder.appending(path: "m.pdf"))
        #expect(try Program.run("/usr/bin/pdfsig", ["m.pdf"], in: folder).text.contains("Signature is Valid"))
        #expect(try Program.run("/usr/bin/pdftotext", ["m.pdf", "-"], in: folder).text.contains("Roof"))
    }
}

extension VoteHouse {
    func sell(_ unit: Int, to buyer: TestMember) async throws {
        let tenant = company.tenant.id
        try await company.run(
            "update app.occupancy set until = current_date - 2 where tenant_id = \(tenant) and unit_id = \(units[unit])")
        try await company.run(
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since)
            values (\(tenant), gen_random_uuid(), \(units[unit]), \(buyer.id), 'owner', current_date - 1)
            """)
    }
}
