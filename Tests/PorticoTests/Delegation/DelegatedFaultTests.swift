import Database
import Foundation
import Property
import Testing
import Web

@testable import portico

@Suite("T25 A delegate reports faults in an owner's name, visibly, and sees nothing else")
struct DelegatedFaultTests {
    @Test("The fault, its history and the audit log say who did it and in whose name; the owner can follow it and confirm it")
    func visible() async throws {
        let house = try await DelegationHouse.fresh("portal")
        _ = try await house.lent()
        let answer = try await house.friend.report(house.home)
        let number = try #require(answer.json?["number"] as? String)
        #expect((answer.json?["reporter"] as? [String: String])?["name"] == "Jan Weber")
        #expect((answer.json?["onBehalfOf"] as? [String: String])?["name"] == "Maria Kern")
        _ = try await house.friend.api(.post, "/faults/\(number)/comments", "{\"comment\":\"It is worse now\"}")
        let page = try await house.owner.get("/faults/\(number)", [.acceptLanguage: "en"]).text
        #expect(page.components(separatedBy: "Jan Weber on behalf of Maria Kern").count == 4, "facts, history and comment")
        let manager = try await house.company.member("manager")
        #expect(try await manager.get("/faults/\(number)").text.contains("Jan Weber im Namen von Maria Kern"))
        let admin = try await house.company.member("admin")
        let log = try await admin.get("/admin/audit?entity=fault").text
        #expect(log.contains("im Namen von Maria Kern"))
        #expect(
            try await house.company.count(
                """
                app.audit_line where tenant_id = \(house.company.tenant.id) and actor_id = \(house.friend.id)
                   and on_behalf_of = \(house.owner.id) and action in ('fault.reported', 'fault.commented')
                """) == 2)
        // It is the owner's own: they may take it back as if they had reported it.
        #expect(try await house.owner.api(.post, "/faults/\(number)/cancel", "{\"reason\":\"Mended\"}").status == 200)
    }

    @Test("A delegate sees of the unit what they reported in the owner's name, and no other fault")
    func nothingElse() async throws {
        let house = try await DelegationHouse.fresh("portal")
        let own = try #require(try await house.owner.report(house.home, "The owner's own").json?["number"] as? String)
        _ = try await house.lent(["report_fault", "vote", "view_documents", "view_finance", "pay", "submit_reading", "message"])
        #expect(try await house.friend.api(.get, "/faults").json?["total"] as? Int == 0)
        #expect(try await house.friend.get("/faults/\(own)").status == 404)
        let number = try #require(try await house.friend.report(house.home).json?["number"] as? String)
        #expect(try await house.friend.api(.get, "/faults").json?["total"] as? Int == 1)
        #expect(try await house.friend.get("/faults/\(number)").status == 200)
        #expect(try await house.friend.get("/dashboard").text.contains(number))
        let common =
            "{\"title\":\"Dark\",\"description\":\"Stairs\",\"category\":\"electrical\",\"buildingId\":\"\(house.home.building.text)\"}"
        #expect(try await house.friend.api(.post, "/faults", common).status == 404, "the common parts are not lent")
        let form = try await house.friend.get("/faults/new").text
        #expect(form.contains("unit-\(house.home.unit.text)"))
        #expect(!form.contains("building-\(house.home.building.text)"))
    }

    @Test("Whoever lives in the unit reports in their own name, whatever is lent to them")
    func ownName() async throws {
        let house = try await DelegationHouse.fresh("resident")
        _ = try await house.lent()
        try await house.company.moveIn(house.friend, house.home)
        let answer = try await house.friend.report(house.home)
        #expect(answer.status == 201)
        #expect(answer.json?["onBehalfOf"] == nil)
    }

    @Test("Owner and delegate hear how it goes on; once it is revoked, the owner alone")
    func told() async throws {
        let house = try await DelegationHouse.fresh("portal")
        let id = try await house.lent()
        let number = try #require(try await house.friend.report(house.home).json?["number"] as? String)
        let manager = try await house.company.member("manager")
        let worker = {
            _ = try await house.company.app.worker().drain(tenant: house.company.tenant.id, asOf: Date().addingTimeInterval(1))
        }
        try await worker()
        #expect(try await house.faultNotices(house.owner).contains("fault.received"))
        #expect(try await house.faultNotices(house.friend).contains("fault.received"))
        _ = try await house.owner.api(.delete, "/delegations/\(id)")
        _ = try await manager.api(.post, "/faults/\(number)/comments", "{\"comment\":\"We come tomorrow\"}")
        let technician = try await house.company.member("technician")
        _ = try await manager.api(.post, "/faults/\(number)/assign", "{\"assigneeId\":\"\(technician.id.text)\"}")
        _ = try await technician.api(.post, "/faults/\(number)/start", "{}")
        let resolved = try await technician.api(.post, "/faults/\(number)/resolve", "{\"resolution\":\"New washer\"}")
        #expect(resolved.status == 200, "\(resolved.text)")
        try await worker()
        #expect(try await house.faultNotices(house.owner).contains("fault.commented"))
        #expect(try await house.faultNotices(house.owner).contains("fault.resolved"))
        let friend = try await house.faultNotices(house.friend)
        #expect(!friend.contains("fault.commented") && !friend.contains("fault.resolved"), "\(friend)")
        #expect(try await house.friend.get("/dashboard").text.contains(number) == false)
    }

    @Test("Neighbours learn neither who reported it nor in whose name")
    func neighbours() async throws {
        let house = try await DelegationHouse.fresh("portal")
        _ = try await house.lent()
        let tenant = try await house.company.member("resident", name: "Ida Voss")
        try await house.company.moveIn(tenant, house.home)
        let number = try #require(try await house.friend.report(house.home).json?["number"] as? String)
        let page = try await tenant.get("/faults/\(number)")
        #expect(page.status == 200)
        #expect(!page.text.contains("Jan Weber") && !page.text.contains("Maria Kern"))
        let json = try await tenant.api(.get, "/faults/\(number)").text
        #expect(!json.contains("Jan Weber") && !json.contains("Maria Kern"))
    }
}

@Suite("The one question that every area asks before somebody acts for another")
struct DelegatedTests {
    @Test("It knows in whose name a member may use a right on a unit, and forgets it with acceptance, right, day, and ownership")
    func principal() async throws {
        let house = try await DelegationHouse.fresh("resident")
        let (tenant, unit) = (house.company.tenant, house.home.unit)
        func principal(_ right: DelegationRight, of member: TestMember? = nil, in days: Double = 0) async throws -> String? {
            let now = Date().addingTimeInterval(days * 86_400)
            let lent = Delegated(tenant, to: (member ?? house.friend).id, now: now)
            return try await house.company.walled.read(lent.principal(for: unit, right))?.name
        }
        let tomorrow = CalendarDate(Date().addingTimeInterval(86_400), in: tenant.timeZone)
        let id = try await house.offer(["vote", "pay"], until: tomorrow.description)
        #expect(try await principal(.vote) == nil, "nothing holds before it is accepted")
        _ = try await house.friend.api(.post, "/delegations/\(id)/accept", "{}")
        #expect(try await principal(.vote) == "Maria Kern")
        #expect(try await principal(.pay) == "Maria Kern")
        #expect(try await principal(.viewFinance) == nil)
        #expect(try await principal(.vote, of: house.owner) == nil)
        #expect(try await principal(.vote, in: 1) == "Maria Kern", "the last day counts")
        #expect(try await principal(.vote, in: 2) == nil)
        let lent = Delegated(tenant, to: house.friend.id, now: Date())
        let all = try await house.company.walled.read(lent.all(.vote))
        #expect(all.map(\.unitID) == [unit])
        #expect(all.map(\.delegationID.text) == [id])
        try await house.sell()
        #expect(try await principal(.vote) == nil)
    }
}

@Suite("Flow 5: who reads delegations")
struct DelegationListTests {
    @Test("Both sides find it in their list, over ones in the history, and managers everybody's, on the unit's page too")
    func lists() async throws {
        let house = try await DelegationHouse.fresh()
        let (open, over) = (try await house.lent(), try await house.offer(["pay"]))
        _ = try await house.owner.api(.delete, "/delegations/\(over)")
        func ids(_ member: TestMember, _ show: String) async throws -> [String] {
            let items = try await member.api(.get, "/delegations?show=\(show)").json?["items"] as? [[String: Any]] ?? []
            return items.compactMap { $0["delegationId"] as? String }
        }
        #expect(try await ids(house.owner, "given") == [open])
        #expect(try await ids(house.owner, "received") == [])
        #expect(try await ids(house.owner, "history") == [over])
        #expect(try await ids(house.friend, "received") == [open])
        #expect(try await ids(house.friend, "history") == [over])
        #expect(try await ids(house.owner, "all") == [open], "everybody's is for managers; others see what they gave")
        let manager = try await house.company.member("manager")
        #expect(Set(try await ids(manager, "all")) == [open, over])
        #expect(try await ids(manager, "all&q=maria") == [over, open])
        #expect(try await ids(manager, "all&q=nobody") == [])
        #expect(try await ids(manager, "all&state=accepted") == [open])
        #expect(try await manager.get("/units/\(house.home.unit.text)").text.contains("/delegations/\(open)"))
        #expect(try await house.owner.get("/units/\(house.home.unit.text)").text.contains("/delegations/\(open)") == false)
        let csv = try await manager.get("/delegations.csv").text
        #expect(csv.components(separatedBy: "\r\n").count(where: { $0.contains("Maria Kern") }) == 2, "\(csv)")
        for path in ["/delegations", "/delegations/\(open)", "/delegations?show=history"] {
            #expect(try await house.friend.get(path).status == 200)
        }
    }

    @Test("Before somebody accepts, their name is not told for their address")
    func name() async throws {
        let house = try await DelegationHouse.fresh()
        let id = try await house.offer()
        #expect(try await house.owner.api(.get, "/delegations/\(id)").text.contains("Jan Weber") == false)
        #expect(try await house.owner.get("/delegations/\(id)").text.contains("Jan Weber") == false)
    }
}

extension DelegationHouse {
    func faultNotices(_ member: TestMember) async throws -> [String] {
        try await company.walled.read(
            Query.values(
                """
                select kind from app.notification where tenant_id = \(company.tenant.id) and member_id = \(member.id)
                   and kind like 'fault.%' order by id
                """, String.self))
    }
}
