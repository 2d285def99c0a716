import Database
import Foundation
import Testing

@testable import Property
@testable import portico

@Suite("Ownership shares are exact and never exceed one whole")
struct ShareTests {
    @Test("What people write as a share is read exactly, everything else is refused")
    func reading() {
        #expect(Share("1/3")?.text == "1/3")
        #expect(Share(" 271 / 1000 ")?.text == "271/1000")
        #expect(Share("1") == .whole)
        #expect(Share("33,5 %")?.text == "335/1000")
        #expect(Share("100%")?.text == "100/100")
        #expect(Share("9223372036854775807/9223372036854775807") != nil)
        for text in [
            "", "0/3", "4/3", "1/0", "-1/3", "1/-3", "1/3/5", "½", "1.5", "101 %", "9223372036854775808/9223372036854775809",
            "١/٣"
        ] {
            #expect(Share(text) == nil, "\(text)")
        }
    }

    @Test("Taking a part away is exact, and says when the rest does not fit into 64 bits")
    func difference() throws {
        let half = try #require(Share(1, 2))
        #expect(try half.minus(try #require(Share(1, 6)))?.text == "1/3")
        #expect(try half.minus(half) == nil)
        #expect(throws: Share.TooLarge.self) { try half.minus(.whole) }
        let fine = try #require(Share(1, 9_223_372_036_854_775_783))
        #expect(throws: Share.Overflow.self) { try half.minus(fine) }
    }

    @Test("Three thirds are a whole; one part more than the whole on any day is 409 and changes nothing")
    func thirds() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        for _ in 0..<3 {
            let owner = try await company.member("owner")
            #expect(try await manager.own(home, owner, "1/3").status == 201)
        }
        let fourth = try await company.member("owner")
        let refused = try await manager.own(home, fourth, "1/9223372036854775807")
        #expect(refused.status == 409)
        #expect(refused.code == "shares_exceed_whole")
        let page = try await manager.post(
            "/units/\(home.unit)/owners",
            [("person", "owner-\(fourth.id.text)@example.test"), ("since", "2024-05-01"), ("share", "1/1000")])
        #expect(page.status == 409)
        #expect(page.text.contains("würden ein Ganzes übersteigen") && page.text.contains("value=\"1/1000\""))
        #expect(try await manager.api(.get, "/units/\(home.unit)").occupancies.count == 3)
    }

    @Test("Shares count by the day: who follows on the day after may have the whole")
    func days() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let (first, second) = (try await company.member("owner"), try await company.member("owner"))
        #expect(try await manager.own(home, first, "1/1", since: "2020-01-01", until: "2023-12-31").status == 201)
        #expect(try await manager.own(home, second, "1/1", since: "2023-12-31").status == 409)
        #expect(try await manager.own(home, second, "1/1", since: "2024-01-01").status == 201)
    }

    @Test("Of two at once that together exceed one whole, one is 201 and the other 409", arguments: 0..<3)
    func race(_: Int) async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let (one, two) = (try await company.member("owner"), try await company.member("owner"))
        async let first = manager.own(home, one, "2/3")
        async let second = manager.own(home, two, "2/3")
        let statuses = try await [first.status, second.status].sorted()
        #expect(statuses == [201, 409])
    }

    @Test("The database itself refuses, whatever way the rows come")
    func trigger() async throws {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        let (one, two) = (try await company.member("owner"), try await company.member("owner"))
        func insert(_ member: TestMember) -> SQL {
            """
            insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since, numerator, denominator)
            values (\(company.tenant.id), \(UUID.v7()), \(home.unit), \(member.id), 'owner', '2024-01-01', 2, 3)
            """
        }
        await #expect(throws: DatabaseError.self) {
            try await company.walled.write { tx in
                try await tx.execute(insert(one))
                try await tx.execute(insert(two))
            }
        }
        #expect(
            try await company.walled.read(.value("select count(*) from app.occupancy where unit_id = \(home.unit)", Int.self))
                == 0)
    }

    @Test("A transfer ends the old owner the day before; handing over a part leaves the exact rest")
    func transfer() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        let (seller, buyer) = (try await company.member("owner"), try await company.member("owner"))
        let id = try #require(try await manager.own(home, seller, "1/2", since: "2020-01-01").json?["id"] as? String)
        let early = try await manager.api(
            .post, "/occupancies/\(id)/transfer", "{\"memberId\":\"\(buyer.id)\",\"on\":\"2020-01-01\"}")
        #expect(early.status == 400)
        let tooMuch = try await manager.api(
            .post, "/occupancies/\(id)/transfer", "{\"memberId\":\"\(buyer.id)\",\"on\":\"2025-03-01\",\"share\":\"2/3\"}")
        #expect(tooMuch.status == 400)
        let answer = try await manager.api(
            .post, "/occupancies/\(id)/transfer",
            "{\"memberId\":\"\(buyer.id)\",\"on\":\"2025-03-01\",\"share\":{\"numerator\":1,\"denominator\":3}}")
        #expect(answer.status == 200, "\(answer.text)")
        let lines = try await manager.api(.get, "/units/\(home.unit)").occupancies.map { line in
            let share = line["share"] as? [String: Any]
            return
                "\(line["since"] ?? "") \(line["until"] as? String ?? "–") \(share?["numerator"] ?? "")/\(share?["denominator"] ?? "")"
        }
        #expect(Set(lines) == ["2020-01-01 2025-02-28 1/2", "2025-03-01 – 1/6", "2025-03-01 – 1/3"])
        let history = try await manager.get("/people/\(seller.id)")
        #expect(history.text.contains("1/6") && history.text.contains("1/2"))
    }
}

extension TestMember {
    func own(_ home: TestHome, _ owner: TestMember, _ share: String, since: String = "2020-01-01", until: String? = nil)
        async throws
        -> TestAnswer
    {
        let end = until.map { ",\"until\":\"\($0)\"" } ?? ""
        return try await api(
            .post, "/units/\(home.unit)/owners",
            "{\"memberId\":\"\(owner.id)\",\"share\":\"\(share)\",\"since\":\"\(since)\"\(end)}")
    }
}

extension TestAnswer {
    var occupancies: [[String: Any]] { json?["occupancies"] as? [[String: Any]] ?? [] }
}
