import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Roles and factors that a provider vouches for")
struct ProviderRoleTests {
    static let mapping =
        "roles: {default: resident, claim: groups, rules: [{value: fixers, role: technician}, {value: bosses, role: admin}]%@}"

    private func settings(_ apply: String = "") -> String { Self.mapping.replacing("%@", with: apply) }

    @Test("Claims give newcomers the roles that the mapping names, staff's too; no claim, the usual one")
    func newcomers() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer, settings())
                for (groups, roles) in [
                    ("[\"fixers\",\"others\"]", ["technician"]), ("[\"bosses\",\"fixers\"]", ["technician", "admin"]),
                    ("\"fixers\"", ["technician"]), ("[\"others\"]", ["resident"]), ("{\"a\":1}", ["resident"]),
                    ("[\"Fixers\"]", ["resident"])
                ] {
                    let subject = "s\(UUID().uuidString.prefix(8).lowercased())"
                    provider.mood.claims = ["groups": groups]
                    var browser = TestBrowser(company)
                    #expect(try await browser.signIn(at: provider, as: subject).status == 303)
                    #expect(try await company.roles("\(subject)@people.test") == roles, "\(groups)")
                }
            }
        }
    }

    @Test("Without a usual role, or with one of staff, only those come in whom a rule names")
    func strangers() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                for settings in ["roles: {claim: a.b, rules: [{value: x, role: technician}]}", "roles: {default: manager}"] {
                    let company = try await house.company(provider.issuer, settings)
                    provider.mood.claims = [:]
                    var browser = TestBrowser(company)
                    let answer = try await browser.signIn(at: provider, as: "kim")
                    #expect(answer.status == 403 && answer.text.contains("You have no account here yet"))
                    #expect(try await company.identities() == 0)
                }
                let company = try await house.company(
                    provider.issuer, "roles: {claim: realm.roles, rules: [{value: x, role: technician}]}")
                provider.mood.claims = ["realm": "{\"roles\":[\"x\"]}"]
                var browser = TestBrowser(company)
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
            }
        }
    }

    @Test(
        "Roles follow the claims at each sign-in when the mapping says so, keep what was given by hand, and else stay as they are"
    )
    func later() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                for (apply, after) in [(", apply: always", ["owner", "technician"]), ("", ["resident", "owner"])] {
                    provider.mood.claims = [:]
                    let company = try await house.company(provider.issuer, settings(apply))
                    var browser = TestBrowser(company)
                    _ = try await browser.signIn(at: provider, as: "kim")
                    try await company.run(
                        "update app.member set roles = '{resident,owner}' where tenant_id = \(company.tenant.id)")
                    provider.mood.claims = ["groups": "[\"fixers\"]"]
                    #expect(try await browser.signIn(at: provider, as: "kim").status == 303)
                    #expect(try await company.roles("kim@people.test") == after)
                    let lines = try await company.count(
                        "app.audit_line where tenant_id = \(company.tenant.id) and action = 'member.roles_changed'")
                    #expect(lines == (apply.isEmpty ? 0 : 1))
                }
            }
        }
    }

    @Test("T24 the last admin keeps the role whatever the claims say; one of two loses it at once, in open sessions too (T23)")
    func lastAdmin() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer, settings(", apply: always"))
                provider.mood.claims = ["groups": "[\"bosses\"]"]
                var browser = TestBrowser(company)
                _ = try await browser.signIn(at: provider, as: "kim")
                #expect(try await browser.get("/admin/jobs").status == 200)
                provider.mood.claims = [:]
                var other = TestBrowser(company)
                #expect(try await other.signIn(at: provider, as: "kim").status == 303)
                #expect(try await company.roles("kim@people.test") == ["resident", "admin"])
                _ = try await company.member("admin")
                #expect(try await other.signIn(at: provider, as: "kim").status == 303)
                #expect(try await company.roles("kim@people.test") == ["resident"])
                #expect(try await browser.get("/admin/jobs").status == 403)
            }
        }
    }

    @Test(
        "V6.3.4 a member's second factor is asked for after the provider, too, unless its word on one is configured to be enough")
    func factor() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(
                    provider.issuer, "roles: {default: resident}, secondFactor: {amr: [mfa], acr: [\"urn:strong\"]}")
                let person = try await company.protectedPerson()
                let id = person.member.id
                try await company.run(
                    """
                    insert into app.identity(tenant_id, id, member_id, provider, issuer, subject, linked_at)
                    values (\(company.tenant.id), \(UUID.v7()), \(id), 'main', \(provider.issuer), 'kim', now())
                    """)
                var browser = TestBrowser(company)
                let first = try await browser.signIn(at: provider, as: "kim", next: "/faults")
                #expect(first.location == "/login/mfa?next=%2Ffaults" && !browser.isSignedIn)
                #expect(try await browser.get("/dashboard").status == 303)
                let done = try await browser.post("/login/mfa", [("code", person.code()), ("next", "/faults")])
                #expect(done.location == "/faults" && browser.isSignedIn)
                #expect(
                    try await company.count(
                        "app.audit_line where action = 'member.signed_in' and entity_id = \(id) and after->>'by' = 'main' and after->>'factor' = 'authenticator'"
                    ) == 1)
                for (claims, location) in [
                    (["amr": "[\"pwd\",\"mfa\"]"], "/dashboard"), (["amr": "\"mfa\""], "/dashboard"),
                    (["acr": "\"urn:strong\""], "/dashboard"), (["amr": "[\"pwd\"]"], "/login/mfa"),
                    (["acr": "\"mfa\""], "/login/mfa")
                ] {
                    provider.mood.claims = claims.mapValues { $0 as String? }
                    var again = TestBrowser(company)
                    #expect(try await again.signIn(at: provider, as: "kim").location == location, "\(claims)")
                }
            }
        }
    }

    @Test("A role that needs a second factor has to set one up, unless the provider vouched for one")
    func required() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(
                    provider.issuer, "roles: {default: resident}, secondFactor: {amr: [mfa]}",
                    more: "secondFactor: {requiredFor: [resident]}")
                var browser = TestBrowser(company)
                _ = try await browser.signIn(at: provider, as: "kim")
                #expect(try await browser.get("/dashboard").location == "/account/security/authenticator")
                provider.mood.claims = ["amr": "[\"mfa\"]"]
                _ = try await browser.signIn(at: provider, as: "kim")
                #expect(try await browser.get("/dashboard").status == 200)
            }
        }
    }
}
