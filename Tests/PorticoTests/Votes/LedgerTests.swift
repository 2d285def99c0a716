import Database
import Foundation
import Testing

@testable import Votes
@testable import portico

@Suite("The ledger of a vote: nobody changes it unseen, and it is counted again from itself alone")
struct LedgerTests {
    @Test("One altered byte in content, hash or link is found, and where; so is an entry that is missing")
    func altered() async throws {
        let house = try await VoteHouse.fresh(["1/4", "1/4", "1/4", "1/4"])
        let vote = try await house.call()
        for owner in house.owners { _ = try await house.cast(vote, "yes", by: owner) }
        _ = try await house.close(vote)
        let intact = try await house.manager.api(.post, "/votes/\(vote)/recount", "{}")
        #expect(intact.json?["intact"] as? Bool == true && intact.json?["agrees"] as? Bool == true, "\(intact.text)")
        #expect(intact.json?["entries"] as? Int == 6)
        // The place of a byte in the content, its other value, and back.
        let cases: [(String, seq: Int, why: String)] = [
            (
                "content = overlay(content placing case substr(content, 40, 1) when 'x' then 'y' else 'x' end from 40 for 1)", 2,
                "altered"
            ),
            ("hash = set_byte(hash, 31, get_byte(hash, 31) # 1)", 3, "altered"),
            ("previous = set_byte(previous, 0, get_byte(previous, 0) # 128)", 4, "unchained"),
            ("kind = 'extended', receipt = null, voter_id = null, revision = null", 1, "altered")
        ]
        for one in cases {
            let kept = try house.superuser(
                "select content, encode(hash, 'hex'), encode(previous, 'hex'), kind, encode(receipt, 'hex'), voter_id::text, revision::text from app.vote_entry where vote_id = $1 and seq = \(one.seq)",
                [vote])[0]
            _ = try house.superuser(
                "update app.vote_entry set \(one.0) where vote_id = $1 and seq = \(one.seq) returning 1", [vote])
            let found = try await house.manager.api(.post, "/votes/\(vote)/recount", "{}")
            #expect(
                found.json?["brokenAt"] as? Int == one.seq && found.json?["why"] as? String == one.why, "\(one): \(found.text)")
            _ = try house.superuser(
                """
                update app.vote_entry set content = $2, hash = decode($3, 'hex'), previous = decode($4, 'hex'), kind = $5,
                       receipt = decode($6, 'hex'), voter_id = $7::uuid, revision = $8::int
                 where vote_id = $1 and seq = \(one.seq) returning 1
                """, [vote] + kept)
        }
        #expect(try await house.manager.api(.post, "/votes/\(vote)/recount", "{}").json?["intact"] as? Bool == true)
        _ = try house.superuser("delete from app.vote_entry where vote_id = $1 and seq = 3 returning 1", [vote])
        let missing = try await house.manager.post("/votes/\(vote)/recount", [], [.acceptLanguage: "en"])
        #expect(missing.text.contains("Entry 4 does not follow the one before it"), "\(missing.text.suffix(3000))")
        let summary = try await command(house, vote)
        #expect(summary?.isGood == false && summary?.text.contains("WRONG  entry 4 is unchained") == true)
    }

    @Test("A ledger that ends too early is found, during the vote and after it; so is one that is another vote's")
    func truncated() async throws {
        let house = try await VoteHouse.fresh()
        let votes = [try await house.call(), try await house.call()]
        for vote in votes { for owner in house.owners { _ = try await house.cast(vote, "yes", by: owner) } }
        func recount(_ vote: String) async throws -> [String: Any] {
            try await house.manager.api(.post, "/votes/\(vote)/recount", "{}").json ?? [:]
        }
        func move(_ seq: String, from: String, to: String) throws {
            _ = try house.superuser(
                "update app.vote_entry set vote_id = $2 where vote_id = $1 and seq \(seq) returning 1", [from, to])
        }
        let elsewhere = UUID.v7().text
        try move("= 3", from: votes[0], to: elsewhere)
        let running = try await recount(votes[0])
        #expect(running["brokenAt"] as? Int == 3 && running["why"] as? String == "missing", "\(running)")
        try move("= 3", from: elsewhere, to: votes[0])
        for vote in votes { _ = try await house.close(vote) }
        let head = try await recount(votes[0])["head"] as? String
        let audited = try await house.company.walled.read(
            Query.values(
                "select after::text from app.audit_line where tenant_id = \(house.company.tenant.id) and action = 'vote.closed'",
                String.self))
        #expect(audited.contains { $0.contains(head ?? "-") }, "\(audited)")
        try move(">= 3", from: votes[0], to: elsewhere)
        let short = try await recount(votes[0])
        #expect(short["brokenAt"] as? Int == 3 && short["why"] as? String == "missing", "\(short)")
        try move(">= 3", from: elsewhere, to: votes[0])
        #expect(try await recount(votes[0])["intact"] as? Bool == true)
        for (from, to) in [(votes[0], elsewhere), (votes[1], votes[0]), (elsewhere, votes[1])] {
            try move(">= 0", from: from, to: to)
        }
        for vote in votes { #expect(try await recount(vote)["why"] as? String == "foreign") }
    }

    @Test("Roles behind the wall can add entries, and neither change nor remove one")
    func appendOnly() async throws {
        let house = try await VoteHouse.fresh()
        _ = try await house.call()
        for sql: SQL in [
            "update app.vote_entry set content = ''", "delete from app.vote_entry", "update app.vote_voter set place = 'x'"
        ] {
            await #expect(throws: DatabaseError.self) { try await house.company.run(sql) }
        }
    }

    private func command(_ house: VoteHouse, _ vote: String) async throws -> RecountSummary? {
        let id = try #require(UUID(uuidString: vote))
        let (tenant, sealer) = (house.company.tenant.id, house.company.app.house.sealer)
        return try await house.company.app.workerDatabase.tenant(TxFacts(tenant: tenant)).read { tx in
            try await RecountSummary.of(id, tx, sealer)
        }
    }

    @Test(
        "400 units with shares of all kinds of fractions are recounted to the last digit, as an independent computation counts them"
    )
    func fourHundred() async throws {
        var random = SeededRandom(state: 4_711)
        let shares = (0..<400).map { index -> String in
            let bottom =
                index % 3 == 0 ? Int.random(in: 2...1_000_000_000, using: &random) : [1000, 10_000, 997, 360, 7][index % 5]
            return "\(Int.random(in: 1...bottom, using: &random))/\(bottom)"
        }
        let house = try await VoteHouse.fresh(shares, members: 3)
        let vote = try await house.call(majority: "absolute")
        let choices = (0..<400).map { _ in Int.random(in: 0...3, using: &random) }
        try await house.castAll(vote) { choices[$0] == 0 ? nil : [[choices[$0]]] }
        let sums = optionSums(try await house.close(vote))
        for option in 1...3 {
            let own = shares.indices.filter { choices[$0] == option }.map { Exact(shares[$0]) }
            #expect(sums[option - 1].ballots == own.count)
            #expect(Exact(sums[option - 1].weight) == own.reduce(Exact("0/1"), +), "option \(option)")
        }
        let (yes, whole) = (Exact(sums[0].weight), shares.map { Exact($0) }.reduce(Exact("0/1"), +))
        let summary = try #require(try await command(house, vote))
        #expect(summary.isGood && summary.text.contains("weight \(sums[0].weight),"))
        #expect(summary.text.contains(yes + yes > whole ? "Roof: passed" : "Roof: rejected"))
    }

    @Test("Tallies of many random votes agree with fractions that are added one by one", arguments: 0..<6)
    func tallies(seed: Int) async throws {
        var random = SeededRandom(state: UInt64(90 + seed))
        let bottoms = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 60, 97, 1000]
        let company = try await TestCompany.fresh()
        for _ in 0..<25 {
            let majority = Majority.allCases.randomElement(using: &random) ?? .simple
            let ballots = (0..<Int.random(in: 0...14, using: &random)).map { _ in
                let bottom = bottoms.randomElement(using: &random) ?? 1
                return CountedBallot(
                    answers: [[Int.random(in: 1...3, using: &random)]],
                    weight: "\(Int.random(in: 0...bottom, using: &random))/\(bottom)",
                    heads: "1/1")
            }
            let all = ballots.map { Exact($0.weight) }.reduce(Exact("0/1"), +)
            let whole = Bool.random(using: &random) ? all : all + Exact("\(Int.random(in: 0...5, using: &random))/7")
            let terms = VoteTerms(
                vote: nil, title: "",
                questions: [
                    .init(
                        title: "", kind: .yesNo, majority: majority, least: 1, most: 1,
                        options: ["yes", "no", "abstain"].map { .init(code: $0, label: "") })
                ], weighting: .share, owners: .joint, secret: false, quorum: .init(weight: "1/3", heads: nil), weight: whole.text,
                heads: "14/1", voters: 14, startsAt: "", endsAt: "")
            let tally = Tally.read(ballots, terms)
            let (lines, turnout) = try await company.walled.read(tally.lines, tally.turnout)
            let result = VoteResult(terms, lines, turnout)
            let sums = (1...3).map { option in
                ballots.filter { $0.answers == [[option]] }.map { Exact($0.weight) }.reduce(Exact("0/1"), +)
            }
            #expect(result.questions[0].options.map { Exact($0.weight) } == sums)
            #expect(Exact(turnout.weight) == all)
            #expect(turnout.reachesWeight == (all * 3 >= whole), "\(turnout) of \(whole.text)")
            let (yes, no, counted) = (sums[0], sums[1], sums[0] + sums[1])
            let zero = Exact("0/1")
            let meets =
                yes > zero
                && {
                    switch majority {
                    case .simple: yes * 2 > counted
                    case .absolute: yes * 2 > whole
                    case .twoThirds: yes * 3 >= counted * 2
                    case .threeQuarters: yes * 4 >= counted * 3
                    case .unanimous: yes == whole
                    }
                }()
            let isLevel = yes == no && ballots.contains { $0.answers == [[1]] } && ballots.contains { $0.answers == [[2]] }
            let expected: QuestionOutcome =
                !turnout.reachesQuorum ? .noQuorum : meets ? .passed : majority == .simple && isLevel ? .tied : .rejected
            #expect(result.questions[0].outcome == expected, "\(majority) \(ballots.map { ($0.answers, $0.weight) })")
        }
    }
}

/// A fraction of whole numbers of any size, added the way one learns it at school: nothing of it is shared with what it checks.
struct Exact: Equatable, Comparable {
    let top: Digits
    let bottom: Digits

    init(_ text: String) {
        let halves = text.split(separator: "/")
        (top, bottom) = (Digits(String(halves[0])), Digits(String(halves[1])))
    }

    private init(_ top: Digits, _ bottom: Digits) { (self.top, self.bottom) = (top, bottom) }

    var text: String { "\(top.text)/\(bottom.text)" }

    static func + (left: Exact, right: Exact) -> Exact {
        if left.bottom == right.bottom { return Exact(left.top + right.top, left.bottom) }
        return Exact(left.top * right.bottom + right.top * left.bottom, left.bottom * right.bottom)
    }
    static func * (left: Exact, right: Int) -> Exact { Exact(left.top * Digits(String(right)), left.bottom) }
    static func == (left: Exact, right: Exact) -> Bool { left.top * right.bottom == right.top * left.bottom }
    static func < (left: Exact, right: Exact) -> Bool { left.top * right.bottom < right.top * left.bottom }
}

/// A whole number by its digits, nine at a time, the lowest first.
struct Digits: Equatable, Comparable {
    private var parts: [UInt64]

    init(_ text: String) {
        var rest = Substring(text)
        parts = []
        while !rest.isEmpty {
            parts.append(UInt64(rest.suffix(9)) ?? 0)
            rest = rest.dropLast(9)
        }
        trim()
    }

    private mutating func trim() { while parts.last == 0 { parts.removeLast() } }

    var text: String {
        guard let last = parts.last else { return "0" }
        return parts.dropLast().reversed().reduce(String(last)) { text, part in
            let digits = String(part)
            return text + String(repeating: "0", count: 9 - digits.count) + digits
        }
    }

    static func + (left: Digits, right: Digits) -> Digits {
        var (sum, carry) = (left, UInt64(0))
        for index in 0..<max(left.parts.count, right.parts.count) + 1 {
            let value =
                (index < left.parts.count ? left.parts[index] : 0) + (index < right.parts.count ? right.parts[index] : 0) + carry
            if index < sum.parts.count {
                sum.parts[index] = value % 1_000_000_000
            } else {
                sum.parts.append(value % 1_000_000_000)
            }
            carry = value / 1_000_000_000
        }
        sum.trim()
        return sum
    }

    static func * (left: Digits, right: Digits) -> Digits {
        var product = Digits("")
        product.parts = Array(repeating: 0, count: left.parts.count + right.parts.count + 1)
        for (i, one) in left.parts.enumerated() {
            var carry: UInt64 = 0
            for j in 0..<right.parts.count + 1 {
                let value = product.parts[i + j] + one * (j < right.parts.count ? right.parts[j] : 0) + carry
                product.parts[i + j] = value % 1_000_000_000
                carry = value / 1_000_000_000
            }
        }
        product.trim()
        return product
    }

    static func < (left: Digits, right: Digits) -> Bool {
        if left.parts.count != right.parts.count { return left.parts.count < right.parts.count }
        return left.parts.reversed().lexicographicallyPrecedes(right.parts.reversed())
    }
}
