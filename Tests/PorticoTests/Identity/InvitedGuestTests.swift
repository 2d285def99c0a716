import Database
import Foundation
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("FLOWS-1 flow 3: joining with a provider, by invitation")
struct InvitedGuestTests {
    /// Nothing but an invitation gives anybody a role.
    private static let invitedOnly = "roles: {claim: groups, rules: [{value: fixers, role: technician}]}"

    private func house(
        _ settings: String = invitedOnly, _ body: (ProviderHouse, TestProvider, TestCompany, TestMember) async throws -> Void
    ) async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer, settings)
                try await body(house, provider, company, try await company.member("manager"))
            }
        }
    }

    private func says(_ provider: TestProvider, _ address: String, verified: Bool = true) {
        provider.mood.claims = ["email": "\"\(address)\"", "email_verified": "\(verified)"]
    }

    /// From the invitation's page to the provider and back.
    private func join(_ browser: inout TestBrowser, _ code: String, _ provider: TestProvider, as subject: String) async throws
        -> TestAnswer
    {
        let page = try await browser.get("/register?code=\(code)").text
        let path = try #require(page.firstMatch(of: /href="(\/login\/oidc\/main\?invitation=[^"]+)"/)).1
        let asked = try TestBrowser.asked(try await browser.get(String(path).replacing("&amp;", with: "&")))
        return try await browser.comeBack(
            "main", ["code": provider.code(for: asked, subject: subject), "state": try #require(asked["state"])])
    }

    @Test("The button on the invitation's page takes the code along: a member without a password, with role and unit, once")
    func joins() async throws {
        try await house { _, provider, company, manager in
            let (home, address) = (try await company.home(), TestCompany.address())
            let (_, code) = try await manager.invite(
                address, ",\"unitId\":\"\(home.unit)\",\"buildingId\":\"\(home.building)\"")
            says(provider, address.uppercased())
            var browser = TestBrowser(company)
            #expect(try await join(&browser, code, provider, as: "nora").location == "/dashboard")
            #expect(browser.isSignedIn)
            #expect(try await company.roles(address) == ["resident"])
            let tenant = company.tenant.id
            #expect(
                try await company.count("app.member where tenant_id = \(tenant) and email = \(address) and password_hash is null")
                    == 1)
            #expect(try await company.count("app.occupancy where tenant_id = \(tenant) and unit_id = \(home.unit)") == 1)
            #expect(try await company.count("app.invitation where tenant_id = \(tenant) and accepted_at is not null") == 1)
            #expect(try await manager.api(.get, "/notifications").text.contains("invitation.accepted"))
            let mails = try await company.mails(to: address).compactMap(\.text)
            #expect(mails.count == 2, "the invitation and one welcome")
            #expect(mails.last?.contains("with Works") == true || mails.last?.contains("mit Werk") == true, "\(mails.last ?? "")")
            var second = TestBrowser(company)
            #expect(try await second.signIn(at: provider, as: "nora").location == "/dashboard")
            #expect(try await company.members(address) == 1)
        }
    }

    @Test("Flow 3: a pending invitation for the confirmed address is enough, whichever way somebody came")
    func waiting() async throws {
        try await house { _, provider, company, manager in
            let address = TestCompany.address()
            _ = try await manager.invite(address)
            says(provider, address, verified: false)
            var browser = TestBrowser(company)
            #expect(try await browser.signIn(at: provider, as: "nora").status == 403, "not confirmed")
            says(provider, address)
            #expect(try await browser.signIn(at: provider, as: "nora").location == "/dashboard")
            #expect(try await company.roles(address) == ["resident"])
            says(provider, TestCompany.address("stranger"))
            var stranger = TestBrowser(company)
            let refused = try await stranger.signIn(at: provider, as: "stranger")
            #expect(refused.status == 403 && refused.text.contains("You have no account here yet"))
        }
    }

    @Test("Claims give their roles besides the invitation's, where they are heeded at each sign-in")
    func claims() async throws {
        try await house("\(Self.invitedOnly.dropLast()), apply: always}") { _, provider, company, manager in
            let address = TestCompany.address()
            _ = try await manager.invite(address)
            says(provider, address)
            provider.mood.claims["groups"] = "[\"fixers\"]"
            var browser = TestBrowser(company)
            #expect(try await browser.signIn(at: provider, as: "nora").location == "/dashboard")
            #expect(try await company.roles(address) == ["resident", "technician"])
        }
    }

    @Test("T18 T66 a code for another address, a used, revoked or foreign one lets nobody in, and nothing is used up")
    func refusals() async throws {
        try await house { house, provider, company, manager in
            let address = TestCompany.address()
            let (id, code) = try await manager.invite(address)
            says(provider, TestCompany.address("eve"))
            var eve = TestBrowser(company)
            let other = try await join(&eve, code, provider, as: "eve")
            #expect(other.status == 403 && other.text.contains("The invitation is for another address") && !eve.isSignedIn)
            let elsewhere = try await house.company(provider.issuer, Self.invitedOnly)
            says(provider, address)
            var foreign = TestBrowser(elsewhere)
            let asked = try TestBrowser.asked(try await foreign.get("/login/oidc/main?invitation=\(code)"))
            let there = try await foreign.comeBack(
                "main", ["code": provider.code(for: asked, subject: "nora"), "state": asked["state"] ?? ""])
            #expect(there.status == 400 && there.text.contains("This invitation does not work"))
            #expect(try await elsewhere.members(address) == 0)
            let open = try #require(UUID(uuidString: id))
            #expect(try await company.count("app.invitation where id = \(open) and accepted_at is null") == 1)
            #expect(try await manager.api(.delete, "/invitations/\(id)").status == 204)
            var late = TestBrowser(company)
            let over = try TestBrowser.asked(try await late.get("/login/oidc/main?invitation=\(code)"))
            let revoked = try await late.comeBack(
                "main", ["code": provider.code(for: over, subject: "nora"), "state": over["state"] ?? ""])
            #expect(revoked.status == 400 && !late.isSignedIn)
            #expect(try await company.identities() == 0)
        }
    }

    @Test(
        "T66 an address that has an account is shown the way, invitation or not; one that is on record without a password joins by its code"
    )
    func known() async throws {
        try await house { _, provider, company, manager in
            let person = try await company.person("resident")
            says(provider, person.email)
            var browser = TestBrowser(company)
            #expect(try await browser.signIn(at: provider, as: "eve").status == 409)
            let (member, address) = (UUID.v7(), TestCompany.address("imported"))
            try await company.run(
                """
                insert into app.member(tenant_id, id, email, name, roles)
                values (\(company.tenant.id), \(member), \(address), 'Imported', '{owner}')
                """)
            let (_, code) = try await manager.invite(address)
            says(provider, address)
            var word = TestBrowser(company)
            #expect(try await word.signIn(at: provider, as: "imp").status == 409, "the provider's word alone joins no account")
            #expect(try await join(&word, code, provider, as: "imp").location == "/dashboard")
            #expect(try await company.members(address) == 1)
            #expect(try await company.roles(address) == ["owner", "resident"])
        }
    }

    @Test("Of two browsers that come with one invitation at once, both are signed in as one member")
    func race() async throws {
        try await house { _, provider, company, manager in
            let address = TestCompany.address()
            let (_, code) = try await manager.invite(address)
            says(provider, address)
            var waiting: [(browser: TestBrowser, answer: [String: String])] = []
            for _ in 0..<4 {
                var browser = TestBrowser(company)
                let asked = try TestBrowser.asked(try await browser.get("/login/oidc/main?invitation=\(code)"))
                waiting.append((browser, ["code": provider.code(for: asked, subject: "nora"), "state": asked["state"] ?? ""]))
            }
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for (browser, answer) in waiting {
                    group.addTask {
                        var browser = browser
                        return try await browser.comeBack("main", answer).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers == [303, 303, 303, 303])
            #expect(try await company.members(address) == 1)
            #expect(try await company.identities() == 1)
        }
    }

    @Test("The buttons stand on the pages of registration: with a code that works, or where anybody may register; not without")
    func buttons() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                let (_, code) = try await company.member("manager").invite(TestCompany.address())
                let stranger = try await TestStranger(company, language: "en")
                let invited = try await stranger.get("/register?code=\(code)&next=%2Ffaults").text
                #expect(invited.contains("Continue with Works") && invited.contains("name=\"password\""))
                #expect(invited.contains("/login/oidc/main?invitation=\(code)&amp;next=%2Ffaults"))
                for path in ["/register", "/register?code=", "/register?code=\(String(repeating: "0", count: 32))"] {
                    #expect(try await !stranger.get(path).text.contains("Continue with"), "\(path)")
                }
                let refused = try await stranger.post(
                    "/register", [("invitation_code", code), ("email", "x"), ("password", "short")])
                #expect(refused.status == 422 && refused.text.contains("/login/oidc/main?invitation=\(code)"))
                let closed = try await house.company(provider.issuer, more: "passwords: {rule: never}")
                let (_, other) = try await closed.member("manager").invite(TestCompany.address())
                let page = try await TestStranger(closed, language: "en").get("/register?code=\(other)").text
                #expect(page.contains("Continue with Works") && !page.contains("name=\"password\""))
            }
        }
    }
}
