import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Flow 2: a sign-in from a new device")
struct KnownDeviceTests {
    private static let firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"

    private func letters(_ person: TestPerson) async throws -> [String] {
        try await person.company.mails(to: person.email).compactMap { $0.text }.filter { $0.contains("not used there before") }
    }

    /// Somebody who has been here for a while.
    private func settled(_ company: TestCompany) async throws -> TestPerson {
        let person = try await company.person()
        try await company.run("update app.member set created_at = now() - interval '3 days' where id = \(person.member.id)")
        return person
    }

    @Test("A member is told by mail, once per browser: what it was, from where, when, and what to do if it was not them")
    func browsers() async throws {
        let person = try await settled(try await TestCompany.fresh())
        var home = TestBrowser(person.company)
        #expect(try await home.signIn(person).location == "/dashboard")
        #expect(home.cookies["portico_device"] != nil)
        let first = try await letters(person)
        #expect(first.count == 1)
        let text = try #require(first.first)
        #expect(text.contains("Unknown browser") || text.contains("Unbekannter"), "\(text)")
        #expect(text.contains("choose a new one at once") && text.contains("/account/sessions"))
        home.cookies["portico"] = nil
        for _ in 0..<2 { #expect(try await home.signIn(person).location == "/dashboard") }
        #expect(try await letters(person).count == 1, "it is known")
        var other = TestBrowser(person.company)
        _ = try await other.signIn(person)
        #expect(try await letters(person).count == 2)
        #expect(other.cookies["portico_device"] != home.cookies["portico_device"])
    }

    @Test("Whoever has just come in is not told of the very device that they came in with, but of the next one")
    func newcomers() async throws {
        let person = try await TestCompany.fresh().person()
        var browser = TestBrowser(person.company)
        _ = try await browser.signIn(person)
        #expect(try await letters(person).isEmpty)
        var second = TestBrowser(person.company)
        _ = try await second.signIn(person)
        #expect(try await letters(person).count == 1)
    }

    @Test("A wrong password tells nobody, and a browser that two people share is new to each of them once")
    func shared() async throws {
        let company = try await TestCompany.fresh()
        let (one, two) = (try await settled(company), try await settled(company))
        var browser = TestBrowser(company)
        _ = try await browser.post("/login", [("email", one.email), ("password", "wrong-wrong-wrong")])
        #expect(try await letters(one).isEmpty && browser.cookies["portico_device"] == nil)
        for person in [one, two, one] {
            browser.cookies["portico"] = nil
            _ = try await browser.signIn(person)
        }
        #expect(try await letters(one).count == 1)
        #expect(try await letters(two).count == 1)
        #expect(try await company.count("app.known_device where tenant_id = \(company.tenant.id)") == 2)
    }

    @Test("A program is known by its name and network; another one of either is news")
    func programs() async throws {
        let person = try await settled(try await TestCompany.fresh())
        let body = "{\"email\":\"\(person.email)\",\"password\":\"\(goodPassword)\"}"
        for _ in 0..<2 {
            #expect(try await person.company.program("/api/v1/auth/login", body, [.userAgent: "curl/8.11.0"]).status == 200)
        }
        #expect(try await person.company.program("/api/v1/auth/login", body, [.userAgent: "curl/8.12.1"]).status == 200)
        let first = try await letters(person)
        #expect(first.count == 1 && first[0].contains("curl"))
        #expect(try await person.company.program("/api/v1/auth/login", body, [.userAgent: "importer/1"]).status == 200)
        #expect(try await letters(person).count == 2)
    }

    @Test(
        "Networks: the first three numbers, or the first four groups",
        arguments: [
            ("192.0.2.7", "192.0.2"), ("2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3:0"), ("2001:db8::1", "2001:db8:0:0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("::1", "0:0:0:0"), ("", "")
        ])
    func networks(_ address: String, _ network: String) {
        #expect(DeviceMark.network(address) == network)
    }

    @Test("With the second factor it is told after the second step, not after the password")
    func secondStep() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.protectedPerson()
        try await company.run("update app.member set created_at = now() - interval '3 days' where id = \(person.member.id)")
        _ = try await company.mails(to: person.email)
        var browser = TestBrowser(company)
        #expect(try await browser.signIn(person).location == "/login/mfa")
        #expect(try await letters(person).isEmpty)
        #expect(try await browser.post("/login/mfa", [("code", person.code())]).location == "/dashboard")
        #expect(try await letters(person).count == 1)
    }
}
