import Database
import Foundation
import HTTPTypes
import Testing

@testable import Votes
@testable import portico

@Suite("T54 A secret vote: nothing joins a ballot to whoever cast it")
struct SecretVoteTests {
    @Test("While it runs: one transaction on all rows of both tables, no order, no words, all ballots of one length")
    func running() async throws {
        let house = try await VoteHouse.fresh(["1/2", "1/3", "1/6"])
        let vote = try await house.call("\"secret\":true")
        for (index, choice) in ["no", "yes", "abstain"].enumerated() {
            #expect(try await house.cast(vote, choice, by: house.owners[index]).status == 201)
        }
        let rows = try house.superuser(
            """
            select xmin::text, length(sealed)::text, 'box' from app.vote_box where vote_id = $1
            union all select xmin::text, '', 'part' from app.vote_participation where vote_id = $1
            """, [vote])
        #expect(rows.count == 6)
        #expect(Set(rows.map { $0[0] }).count == 1, "every row of both tables was written by the last transaction")
        #expect(Set(rows.filter { $0[2] == "box" }.map { $0[1] }).count == 1)
        // In the table they stand by hash and by register, whoever came first.
        let box = try house.superuser("select id::text from app.vote_box where vote_id = $1 order by ctid", [vote]).map { $0[0] }
        #expect(box == box.sorted())
        let part = try house.superuser("select id::text from app.vote_participation where vote_id = $1 order by ctid", [vote]).map
        { $0[0] }
        #expect(part == part.sorted())
        let columns = try house.superuser(
            """
            select string_agg(attname, ',' order by attnum) from pg_attribute
             where attrelid in ('app.vote_box'::regclass, 'app.vote_participation'::regclass) and attnum > 0 group by attrelid order by 1
            """
        ).map { $0[0] }
        #expect(columns == ["tenant_id,id,vote_id", "tenant_id,id,vote_id,sealed"], "no time, no number")
        #expect(
            try house.superuser("select count(*)::text from app.vote_entry where vote_id = $1 and kind = 'ballot'", [vote]) == [
                ["0"]
            ])
    }

    @Test("After it: ballots enter the ledger at once, without a unit, and with weights that only the server reads")
    func after() async throws {
        let house = try await VoteHouse.fresh(["1/2", "1/3", "1/6"])
        let vote = try await house.call("\"secret\":true,\"quorum\":\"1/2\"")
        var codes: [String] = []
        for (index, choice) in ["no", "yes", "no"].enumerated() {
            let answer = try await house.cast(vote, choice, by: house.owners[index])
            codes.append(try #require(answer.json?["receipt"] as? String))
        }
        let boxed = try house.superuser("select replace(id::text, '-', '') from app.vote_box where vote_id = $1", [vote]).map {
            $0[0]
        }
        let before = try await house.owners[0].api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(codes[0])\"}")
        #expect(before.json?["state"] as? String == "in_box", "\(before.text)")
        let results = try await house.close(vote)
        #expect(optionSums(results).map(\.weight) == ["1/3", "2/3", "0/1"])
        #expect(outcome(results) == "rejected")
        let entries = try house.superuser(
            "select content, coalesce(voter_id::text, ''), xmin::text, encode(receipt, 'hex') from app.vote_entry where vote_id = $1 and kind = 'ballot' order by seq",
            [vote])
        #expect(entries.count == 3 && entries.allSatisfy { $0[1].isEmpty } && Set(entries.map { $0[2] }).count == 1)
        #expect(entries.map { $0[3] } == entries.map { $0[3] }.sorted(), "their order follows from their hashes")
        for entry in entries {
            #expect(!entry[0].contains("weight") && !entry[0].contains("voter") && !entry[0].contains("\"at\""))
            #expect(!boxed.contains { entry[3].contains($0) }, "what named it in the box does not name it here")
        }
        #expect(Set(entries.map { $0[0].count }).count == 1)
        #expect(try house.superuser("select count(*)::text from app.vote_box where vote_id = $1", [vote]) == [["0"]])
        let check = try await house.owners[1].api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(codes[1])\"}")
        #expect(
            check.json?["state"] as? String == "counted" && (check.json?["answers"] as? [[String]])?.count == 1, "\(check.text)")
        let recount = try await house.manager.api(.post, "/votes/\(vote)/recount", "{}")
        #expect(recount.json?["agrees"] as? Bool == true, "\(recount.text)")
    }

    @Test("No audit line, event, job, notice, kept answer or table says what somebody voted, or has a voter's code")
    func traces() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"secret\":true")
        let answer = try await house.cast(vote, "yes", by: house.owners[0])
        let code = try #require(Receipt(typed: answer.json?["receipt"] as? String ?? ""))
        let id = try #require(UUID(uuidString: vote))
        let option = try await house.options(vote)["yes"] ?? ""
        _ = try await house.owners[0].api(.post, "/votes/\(vote)/receipt", "{\"code\":\"\(code.text)\"}")
        try await house.work(in: 60)
        let wanted = [code.text, code.spaced, code.ledgerHash(id).hex, option]
        let tables = try house.superuser(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('app', 'jobs') and c.relkind = 'r' and c.relname not in ('vote_option')
               and exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id')
            """
        ).map { $0[0] }
        #expect(tables.count > 50)
        for table in tables {
            for text in wanted {
                let found = try house.superuser(
                    "select count(*)::text from \(table) t where tenant_id = \(house.company.tenant.id) and strpos(lower(to_jsonb(t)::text), lower($1)) > 0",
                    [text])
                #expect(found == [["0"]], "\(table) has \(text)")
            }
        }
        #expect(try await house.kinds(house.owners[0]).contains("vote.cast"))
        #expect(answer.headers[.cacheControl]?.contains("no-store") == true)
    }

    @Test("A ballot that comes after its sender's sign-in is over is not put aside for later, as other forms are")
    func unkept() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"secret\":true")
        let (owner, yes) = (house.owners[0], try await house.options(vote)["yes"] ?? "")
        let page = try await owner.get("/votes/\(vote)").text
        #expect(page.contains("name=\"unkept\""))
        let token = try await owner.csrf()
        try await house.company.run(
            """
            update app.session set idle_until = now() - interval '1 minute'
             where tenant_id = \(house.company.tenant.id) and member_id = \(owner.id)
            """)
        func send(_ extra: String) async throws -> Int {
            var head: HTTPFields = [.cookie: "portico=\(owner.cookie)", .contentType: "application/x-www-form-urlencoded"]
            if let site = HTTPField.Name("Sec-Fetch-Site") { head[site] = "same-origin" }
            let body = "answers.0.option_ids=\(yes)&csrf_token=\(TestMember.encode(token))\(extra)"
            _ = try await TestAnswer.of(
                house.company.app, house.company.host, .post, "/votes/\(vote)/ballots", head, Array(body.utf8))
            return try await house.company.count("app.kept_form where tenant_id = \(house.company.tenant.id)")
        }
        #expect(try await send("&unkept=1") == 0)
        #expect(try await send("") == 1, "otherwise it would have been kept")
    }

    @Test("The first ballot of a unit counts, also of 32 at once; whoever has its code can change it where that is allowed")
    func once() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"secret\":true,\"allowChange\":true")
        let options = try await house.options(vote)
        let (yes, no) = (options["yes"] ?? "", options["no"] ?? "")
        let (first, path) = (house.owners[0], "/votes/\(vote)/ballots")
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for _ in 0..<32 { group.addTask { try await first.api(.post, path, "{\"optionId\":\"\(yes)\"}") } }
            return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
        }
        #expect(answers.count { $0.status == 201 } == 1)
        #expect(Set(answers.filter { $0.status != 201 }.map(\.withoutRequestID)).count == 1)
        let code = answers.first { $0.status == 201 }?.json?["receipt"] as? String ?? ""
        #expect(try await first.api(.post, path, "{\"optionId\":\"\(no)\"}").code == "already_voted")
        let wrong = try await first.api(.post, path, "{\"optionId\":\"\(no)\",\"earlier\":\"\(Receipt().text)\"}")
        #expect(wrong.code == "unknown_receipt", "\(wrong.text)")
        let changed = try await first.api(.post, path, "{\"optionId\":\"\(no)\",\"earlier\":\"\(code)\"}")
        #expect(changed.status == 201, "\(changed.text)")
        #expect(try await first.api(.post, path, "{\"optionId\":\"\(no)\",\"earlier\":\"\(code)\"}").code == "unknown_receipt")
        #expect(try await first.get("/votes/\(vote)").text.contains("name=\"earlier\""))
        #expect(optionSums(try await house.close(vote)).map(\.weight) == ["0/1", "1/3", "0/1"])
    }

    @Test("A box in which something is missing or was changed is not counted; the job waits for people")
    func tampered() async throws {
        let house = try await VoteHouse.fresh()
        let vote = try await house.call("\"secret\":true")
        for owner in house.owners { _ = try await house.cast(vote, "yes", by: owner) }
        _ = try house.superuser(
            "delete from app.vote_box where id = (select id from app.vote_box where vote_id = $1 order by id limit 1) returning 1",
            [vote])
        try await house.runOut(vote)
        try await house.work()
        #expect(try await house.manager.api(.get, "/votes/\(vote)").text.contains("\"state\":\"counting\""))
        let parked = try await house.company.walled.read(
            Query.value(
                """
                select j.last_error from jobs.queue q join app.job j on j.tenant_id = q.tenant_id and j.id = q.id
                 where q.tenant_id = \(house.company.tenant.id) and q.kind = 'votes.close' and q.state = 'parked'
                """, String.self))
        #expect(parked.contains("3 have taken part, and there are 2 ballots"), "\(parked)")
    }
}
