import Database
import Foundation
import HTML
import Testing
import Web

@testable import Identity
@testable import portico

extension TestMember {
    /// A token of that member, made as a program makes it.
    func makeToken(_ scopes: [String], name: String = "Importer", days: Double = 30) async throws -> String {
        let answer = try await postToken(scopes, name: name, days: days)
        return try #require(answer.json?["token"] as? String, "\(answer.text)")
    }

    func postToken(_ scopes: [String], name: String = "Importer", days: Double = 30) async throws -> TestAnswer {
        let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
        let day = company.app.house.now().addingTimeInterval(days * 86_400).formatted(.iso8601.year().month().day())
        return try await api(.post, "/me/tokens", "{\"name\":\"\(name)\",\"scopes\":[\(list)],\"expiresOn\":\"\(day)\"}")
    }
}

@Suite("Personal tokens")
struct PersonalTokenTests {
    @Test("Every permission has a name in plain words, in every language", arguments: Sections.permissions, Language.allCases)
    func words(permission: Permission, language: Language) {
        #expect(PermissionWords.title(permission.name, language) != permission.name)
    }

    @Test("A token is shown once, is stored as its hash alone, and says by its beginning whose it is")
    func once() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let answer = try await member.postToken(["faults:see_all"])
        #expect(answer.status == 201)
        #expect(answer.headers[.cacheControl] == "private, no-store")
        let token = try #require(answer.json?["token"] as? String)
        #expect(token.wholeMatch(of: /portico_[A-Za-z0-9_-]{43}/) != nil)
        let list = try await member.api(.get, "/me/tokens")
        #expect(list.items.first?["name"] as? String == "Importer")
        #expect(!list.text.contains(token) && list.items.first?["token"] == nil)
        #expect(try await !member.get("/account/tokens").text.contains(token))
        let tenant = member.company.tenant.id
        #expect(
            try await member.company.count("app.personal_token p where tenant_id = \(tenant) and p::text like \("%\(token)%")")
                == 0)
        #expect(
            try await member.company.count("app.idempotency i where tenant_id = \(tenant) and i::text like \("%\(token)%")") == 0)
    }

    @Test("(4) it may what its scopes and its member's rights share, and is 403 outside")
    func scopes() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (company, token) = (member.company, try await member.makeToken(["faults:see_own", "faults:see_all"]))
        #expect(try await company.ask("/faults", bearer: token).status == 200)
        #expect(try await company.ask("/buildings", bearer: token).status == 403)
        #expect(
            try await company.ask("/me", bearer: token).json?["permissions"] as? [String] == ["faults:see_all", "faults:see_own"])
        let program = member.with(bearer: token)
        #expect(try await program.api(.post, "/faults", "{}").status == 403)
        try await member.change("roles = '{resident}'")
        #expect(try await company.ask("/me", bearer: token).json?["permissions"] as? [String] == ["faults:see_own"])
        #expect(try await company.ask("/buildings", bearer: token).status == 403)
        try await member.change("roles = '{manager}'")
        #expect(try await company.ask("/buildings", bearer: token).status == 403)
    }

    @Test("It makes no tokens, ends no sign-ins, and changes nothing about its member's account")
    func account() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let token = try await admin.makeToken(try #require(TokenScopes.of("admin", company)))
        let program = admin.with(bearer: token)
        #expect(try await program.postToken(["faults:see_all"], name: "Next").status == 403)
        for path in ["/me/tokens", "/me/sessions", "/notifications", "/me/notification-preferences", "/dashboard"] {
            #expect(try await program.api(.get, path).status == 403, "\(path)")
        }
        for path in [
            "/account", "/account/password", "/auth/logout", "/people/\(admin.id.text)/sessions/revocation", "/invitations"
        ] {
            let status = try await program.api(.post, path, "{}").status
            #expect(status == 403 || status == 404, "\(path): \(status)")
        }
        #expect(try await program.api(.delete, "/me/sessions").status == 403)
        #expect(try await admin.api(.get, "/me").status == 200)
    }

    @Test("Nobody gives a token what they do not have, nor what would let it reach beyond itself")
    func closedSet() async throws {
        let company = try await TestCompany.fresh()
        let (resident, admin) = (try await company.member("resident"), try await company.member("admin"))
        #expect(try await resident.postToken(["faults:see_all"]).status == 400)
        for scope in ["people:end_sessions", "people:invite", "people:approve", "devices:manage", "no:such", ""] {
            #expect(try await admin.postToken([scope]).status == 400, "\(scope)")
        }
        #expect(try await admin.postToken([]).status == 400)
    }

    @Test("It lasts a year at most, and is over the day after its last day")
    func expiry() async throws {
        let house = try await TokenHouse.open()
        #expect(try await house.member.postToken(["faults:see_all"], name: "Long", days: 367).status == 400)
        #expect(try await house.member.postToken(["faults:see_all"], name: "Past", days: -2).status == 400)
        let token = try await house.member.makeToken(["faults:see_own"], days: 10)
        house.clock.advance(days: 9.9)
        #expect(try await house.company.ask("/faults", bearer: token).status == 200)
        house.clock.advance(days: 2)
        #expect(try await house.company.ask("/faults", bearer: token).status == 401)
        await house.close()
    }

    @Test("Revoked, it is 401 at the next request; its line stays, and says when it was last used")
    func revoke() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let token = try await member.makeToken(["faults:see_own"])
        let id = try #require(try await member.api(.get, "/me/tokens").items.first?["id"] as? String)
        #expect(try await member.api(.get, "/me/tokens").items.first?["lastUsedAt"] == nil)
        #expect(try await member.company.ask("/faults", bearer: token).status == 200)
        #expect(try await member.company.ask("/faults", bearer: token).status == 200)
        let stranger = try await member.company.member("manager")
        #expect(try await stranger.api(.delete, "/me/tokens/\(id)").status == 404)
        #expect(try await member.api(.delete, "/me/tokens/\(id)").status == 204)
        #expect(try await member.company.ask("/faults", bearer: token).status == 401)
        let line = try #require(try await member.api(.get, "/me/tokens").items.first)
        #expect(line["state"] as? String == "revoked" && line["lastUsedAt"] != nil)
        #expect(try await member.makeToken(["faults:see_own"]) != token, "its name is free again")
    }

    @Test("The form keeps what was typed, and shows the token in its answer alone")
    func form() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let refused = try await member.post(
            "/account/tokens", [("name", "Bot"), ("expires_on", "2020-01-01"), ("scopes", "faults:work")])
        #expect(refused.status == 422)
        #expect(refused.text.contains("value=\"Bot\"") && refused.text.contains("value=\"faults:work\" checked"))
        let day = Date().addingTimeInterval(86_400 * 5).formatted(.iso8601.year().month().day())
        let fields = [("name", "Bot"), ("expires_on", day), ("scopes", "faults:work"), ("scopes", "faults:see_own")]
        let made = try await member.post("/account/tokens", fields)
        #expect(made.status == 200)
        let token = try #require(made.text.firstMatch(of: /portico_[A-Za-z0-9_-]{43}/)).0
        #expect(made.headers[.setCookie] == nil && made.headers[.cacheControl] == "private, no-store")
        #expect(try await member.company.ask("/faults", bearer: String(token)).status == 200)
        #expect(try await member.post("/account/tokens", fields).status == 422, "a second click makes no second token")
    }

    @Test("Another company's host does not know it; random ones are 401 and leave no row")
    func foreign() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let (token, other) = (try await member.makeToken(["faults:see_own"]), try await TestCompany.fresh())
        #expect(try await other.ask("/faults", bearer: token).status == 401)
        for _ in 0..<50 { #expect(try await other.ask("/faults", bearer: PersonalToken().text).status == 401) }
        #expect(try await member.get("/faults", [.authorization: "Bearer \(token)"]).status == 200)
        #expect(
            try await member.company.anonymous(.get, "/faults", [.authorization: "Bearer \(token)"]).status == 303,
            "pages take no bearer")
    }
}

private enum TokenScopes {
    /// Everything that somebody of that role may give a token.
    static func of(_ role: String, _ company: TestCompany) -> [String]? {
        company.tenant.permissions(of: [role]).subtracting([
            "people:end_sessions", "people:invite", "people:approve", "people:change_roles", "people:manage_roles",
            "people:disable", "people:see_as", "people:export", "people:anonymise", "devices:manage", "configuration:publish"
        ]).sorted()
    }
}
