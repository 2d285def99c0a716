import Database
import Foundation
import Tenancy
import Testing
import Web

@testable import Identity
@testable import portico

extension TestMember {
    func postDevice(
        _ scopes: [String], name: String = "Gate", place: String? = "Yard", days: Double = 30
    ) async throws -> TestAnswer {
        let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
        let day = company.app.house.now().addingTimeInterval(days * 86_400).formatted(.iso8601.year().month().day())
        let place = place.map { ",\"place\":\"\($0)\"" } ?? ""
        return try await api(
            .post, "/devices", "{\"name\":\"\(name)\",\"scopes\":[\(list)],\"expiresOn\":\"\(day)\"\(place)}")
    }

    /// A device and its token.
    func makeDevice(_ scopes: [String], name: String = "Gate", days: Double = 30) async throws -> (id: String, token: String) {
        let answer = try await postDevice(scopes, name: name, days: days)
        return (
            try #require(answer.json?["id"] as? String, "\(answer.text)"), try #require(answer.json?["token"] as? String)
        )
    }
}

@Suite("Device tokens")
struct DeviceTests {
    private static func granted(_ scopes: String) async throws -> TestCompany {
        try await TestCompany.fresh {
            $0.replacing(
                "devices: {scopes: [faults:report, faults:see_own, faults:see_all, property:see]}",
                with: "devices: {scopes: [\(scopes)]}")
        }
    }

    @Test("An admin makes a device; its token is shown once, opens what its scopes open and nothing else")
    func scopes() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let answer = try await admin.postDevice(["faults:see_all"])
        #expect(answer.status == 201 && answer.headers[.cacheControl] == "private, no-store")
        let token = try #require(answer.json?["token"] as? String)
        #expect(try await company.ask("/faults", bearer: token).status == 200)
        for path in [
            "/buildings", "/people", "/devices", "/me/tokens", "/me/sessions", "/notifications", "/audit", "/invitations",
            "/dashboard"
        ] {
            #expect(try await company.ask(path, bearer: token).status == 403, "\(path)")
        }
        let me = try await company.ask("/me", bearer: token)
        #expect(me.json?["permissions"] as? [String] == ["faults:see_all"] && me.json?["name"] as? String == "Gate")
        #expect(me.json?["roles"] as? [String] == [] && me.json?["email"] as? String == "")
        #expect(
            try await company.anonymous(.get, "/faults", [.authorization: "Bearer \(token)"]).status == 303,
            "pages take no bearer")
        let list = try await admin.api(.get, "/devices")
        #expect(list.items.first?["place"] as? String == "Yard" && list.items.first?["lastUsedAt"] != nil)
        #expect(!list.text.contains(token))
        #expect(try await !admin.get("/admin/devices").text.contains(token))
        #expect(try await company.count("app.personal_token p where p::text like \("%\(token)%")") == 0)
        #expect(try await company.count("app.idempotency i where i::text like \("%\(token)%")") == 0)
    }

    @Test("What a device reports and changes stands in the audit log under its name, and notices go to people alone")
    func actor() async throws {
        let company = try await TestCompany.fresh()
        let (admin, home) = (try await company.member("admin"), try await company.home())
        let device = try await admin.makeDevice(["faults:report", "faults:see_own", "faults:see_all"], name: "Gateway 7")
        let machine = admin.with(bearer: device.token)
        let reported = try await machine.api(
            .post, "/faults",
            "{\"title\":\"Pump runs dry\",\"description\":\"No pressure\",\"category\":\"heating\",\"buildingId\":\"\(home.building)\"}"
        )
        #expect(reported.status == 201, "\(reported.text)")
        let lines = try await admin.api(.get, "/audit?action=fault.reported")
        #expect(lines.items.first?["actor"] as? String == "Gateway 7", "\(lines.text)")
        #expect(try await admin.get("/admin/audit?entity=device").text.contains("Gateway 7"))
        let id = try #require(UUID(uuidString: device.id))
        #expect(try await company.audited("device.created", id) == 1)
        try await company.drainJobs()
        #expect(try await company.count("app.notification where member_id = \(id)") == 0)
        #expect(try await company.count("app.delivery where member_id = \(id)") == 0)
    }

    @Test("Nobody gives a device what the company's file does not grant, what they lack themselves, or a way to make people")
    func closedSet() async throws {
        let company = try await Self.granted("faults:see_all, audit:see")
        let admin = try await company.member("admin")
        for scope in ["faults:report", "people:invite", "devices:manage", "no:such", ""] {
            #expect(try await admin.postDevice([scope]).status == 400, "\(scope)")
        }
        #expect(try await admin.postDevice([]).status == 400)
        for role in ["manager", "technician", "resident", "owner"] {
            #expect(try await company.member(role).postDevice(["faults:see_all"]).status == 403, "\(role)")
        }
        let lesser = try await Self.lesser()
        #expect(try await lesser.postDevice(["audit:see"], name: "A").status == 400, "whoever lacks it")
        #expect(try await lesser.postDevice(["faults:see_all"], name: "B").status == 201)
        let token = try await admin.makeToken(["audit:see"])
        #expect(try await admin.with(bearer: token).postDevice(["faults:see_all"]).status == 403, "a token makes no devices")
    }

    /// Somebody who manages devices and does not see the audit log.
    private static func lesser() async throws -> TestMember {
        let company = try await TestCompany.fresh {
            $0.replacing(
                "devices: {scopes: [faults:report, faults:see_own, faults:see_all, property:see]}",
                with: "devices: {scopes: [faults:see_all, audit:see]}"
            )
            .replacing(
                "      - delegations:see\n      - reports:see\n\n",
                with: "      - delegations:see\n      - reports:see\n      - devices:manage\n\n")
        }
        return try await company.member("manager")
    }

    @Test("What the file grants devices no longer is gone at the next request")
    func fileChanges() async throws {
        let company = try await Self.granted("faults:see_all, property:see")
        let device = try await company.member("admin").makeDevice(["faults:see_all", "property:see"])
        #expect(try await company.ask("/buildings", bearer: device.token).status == 200)
        let yaml = try String(contentsOf: TestHouse.home.appending(path: "tenants/lindenhof/tenant.yaml"), encoding: .utf8)
        let changed = yaml.replacing("lindenhof.localhost", with: company.host)
            .replacing("portal.lindenhof.example", with: "www.\(company.host)").replacing("logo: logo.svg", with: "")
            .replacing(
                "devices: {scopes: [faults:report, faults:see_own, faults:see_all, property:see]}",
                with: "devices: {scopes: [faults:see_all]}")
        _ = try await company.app.tenants.adopt(
            try TenantFolder.read(changed, slug: company.tenant.slug, rules: Sections.rules))
        #expect(try await company.ask("/buildings", bearer: device.token).status == 403)
        #expect(try await company.ask("/faults", bearer: device.token).status == 200)
    }

    @Test("Replaced, the old token is 401 at the next request and the new one works, for as long as the old one was meant to")
    func replace() async throws {
        let house = try await TokenHouse.open(role: "admin")
        let (company, admin) = (house.company, house.member)
        let device = try await admin.makeDevice(["faults:see_all"], days: 10)
        #expect(try await company.ask("/faults", bearer: device.token).status == 200)
        house.clock.advance(days: 5)
        let program = try await admin.programSignIn()
        let answer = try await admin.with(bearer: program.accessToken).api(.post, "/devices/\(device.id)/token", "{}")
        let fresh = try #require(answer.json?["token"] as? String, "\(answer.text)")
        #expect(answer.status == 201 && fresh != device.token)
        #expect(try await company.ask("/faults", bearer: device.token).status == 401)
        #expect(try await company.ask("/faults", bearer: fresh).status == 200)
        house.clock.advance(days: 9)
        #expect(try await company.ask("/faults", bearer: fresh).status == 200)
        house.clock.advance(days: 4)
        #expect(try await company.ask("/faults", bearer: fresh).status == 401, "expired")
        await house.close()
    }

    @Test("Revoked, it is 401 at the next request and for good; its line stays, its name is free again")
    func revoke() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let device = try await admin.makeDevice(["faults:see_all"])
        #expect(try await company.ask("/faults", bearer: device.token).status == 200)
        let twin = try await admin.postDevice(["faults:see_all"])
        #expect(twin.status == 400 && twin.text.contains("\"field\":\"name\""), "\(twin.text)")
        #expect(try await admin.api(.delete, "/devices/\(device.id)").status == 204)
        #expect(try await admin.api(.delete, "/devices/\(device.id)").status == 204)
        #expect(try await company.ask("/faults", bearer: device.token).status == 401)
        #expect(try await admin.api(.post, "/devices/\(device.id)/token", "{}").status == 409)
        #expect(try await admin.api(.get, "/devices").items.first?["state"] as? String == "revoked")
        #expect(try await admin.postDevice(["faults:see_all"]).status == 201)
        let id = try #require(UUID(uuidString: device.id))
        #expect(try await company.audited("device.revoked", id) == 1)
    }

    @Test("Ending all sign-ins of a device, or disabling its member, is 401 at the next request, too")
    func disabled() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let (one, two) = (
            try await admin.makeDevice(["faults:see_all"], name: "One"),
            try await admin.makeDevice(["faults:see_all"], name: "Two")
        )
        #expect(try await company.ask("/faults", bearer: one.token).status == 200)
        #expect(try await admin.api(.post, "/people/\(one.id)/sessions/revocation", "{}").status == 204)
        #expect(try await company.ask("/faults", bearer: one.token).status == 401)
        let id = try #require(UUID(uuidString: two.id))
        #expect(try await company.ask("/faults", bearer: two.token).status == 200)
        try await company.run("update app.member set disabled_at = now() where id = \(id)")
        #expect(try await company.ask("/faults", bearer: two.token).status == 401)
    }

    @Test("A device is nobody: not among people, not found by name, no owner of a unit, no address to sign in with")
    func nobody() async throws {
        let company = try await TestCompany.fresh()
        let (admin, home) = (try await company.member("admin"), try await company.home())
        let device = try await admin.makeDevice(["faults:see_all"], name: "Weatherstation")
        #expect(try await !admin.api(.get, "/people").text.contains("Weatherstation"))
        #expect(try await admin.api(.get, "/people/\(device.id)").status == 404)
        #expect(try await !admin.get("/search?q=Weatherstation").text.contains("/people/\(device.id)"))
        let moved = try await admin.api(
            .post, "/units/\(home.unit)/residents", "{\"memberId\":\"\(device.id)\",\"since\":\"2026-01-01\"}")
        #expect(moved.status == 400, "\(moved.status) \(moved.text)")
        let signIn = try await company.program(
            "/api/v1/auth/login", "{\"email\":\"device:\(device.id)\",\"password\":\"\(goodPassword)\"}")
        #expect(signIn.status == 401)
        let id = try #require(UUID(uuidString: device.id))
        await #expect(throws: (any Error).self) {
            try await company.run("update app.member set password_hash = 'x' where id = \(id)")
        }
    }

    @Test("Another company's host does not know its token, and another company's admin not its id")
    func foreign() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let device = try await company.member("admin").makeDevice(["faults:see_all"])
        #expect(try await other.ask("/faults", bearer: device.token).status == 401)
        let stranger = try await other.member("admin")
        #expect(try await stranger.api(.delete, "/devices/\(device.id)").status == 404)
        #expect(try await stranger.api(.post, "/devices/\(device.id)/token", "{}").status == 404)
        #expect(try await stranger.api(.get, "/devices").items.isEmpty)
        #expect(try await company.ask("/faults", bearer: device.token).status == 200)
    }

    @Test("The form keeps what was typed, shows the token in its answer alone, and a double click makes one device")
    func form() async throws {
        let admin = try await TestCompany.fresh().member("admin")
        try await admin.change("locale = 'en'")
        let refused = try await admin.post(
            "/admin/devices", [("name", "Gate"), ("place", "Yard"), ("expires_on", "2020-01-01"), ("scopes", "faults:report")])
        #expect(refused.status == 422)
        #expect(refused.text.contains("value=\"Gate\"") && refused.text.contains("value=\"faults:report\" checked"))
        let day = Date().addingTimeInterval(86_400 * 5).formatted(.iso8601.year().month().day())
        let fields = [("name", "Gate"), ("expires_on", day), ("scopes", "faults:report")]
        let made = try await admin.post("/admin/devices", fields)
        #expect(made.status == 200 && made.headers[.cacheControl] == "private, no-store")
        #expect(made.text.firstMatch(of: /portico_[A-Za-z0-9_-]{43}/) != nil)
        #expect(try await admin.post("/admin/devices", fields).status == 422, "a second click makes no second device")
        let id = try #require(try await admin.api(.get, "/devices").items.first?["id"] as? String)
        let replaced = try await admin.post("/admin/devices/\(id)/token")
        #expect(replaced.status == 200 && replaced.text.firstMatch(of: /portico_[A-Za-z0-9_-]{43}/) != nil)
        #expect(try await admin.post("/admin/devices/\(id)/revocation").location == "/admin/devices")
        #expect(try await admin.get("/admin/devices").text.contains("Revoked"))
        let csv = try await admin.get("/admin/devices.csv")
        #expect(csv.status == 200 && csv.text.contains("Gate,,faults:report,revoked,"))
    }
}
