import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("T91 A provider that is away")
struct ProviderOutageTests {
    @Test("Dead: 503 with a way to try again, on leaving and on coming back; the password still opens the house")
    func dead() async throws {
        let port = try MailPeer.freePort()
        try await ProviderHouse.open([port]) { house in
            let company = try await house.company("http://127.0.0.1:\(port)")
            var browser = TestBrowser(company)
            let answer = try await browser.get("/login/oidc/main?next=%2Ffaults")
            #expect(answer.status == 503 && answer.headers[.retryAfter] != nil)
            #expect(answer.text.contains("cannot be reached") && answer.text.contains("href=\"/login/oidc/main?next=%2Ffaults\""))
            let person = try await company.person()
            #expect(try await browser.get("/login").text.contains("href=\"/login/oidc/main\""))
            #expect(try await browser.signIn(person).location == "/dashboard")
        }
    }

    @Test("Dying on the way: errors, garbage and half an answer are 503 or 502, nothing is created, and the next try works")
    func broken() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                for (status, token, expected) in [
                    (HTTPResponse.Status.internalServerError, "{}", 503), (.serviceUnavailable, "", 503), (.ok, "<html>", 502),
                    (.ok, "{\"id_token\":", 502), (.badRequest, "{\"error\":\"invalid_grant\"}", 502), (.unauthorized, "no", 502)
                ] as [(HTTPResponse.Status, String, Int)] {
                    provider.mood.tokenStatus = status
                    provider.mood.token = token
                    let answer = try await browser.signIn(at: provider, as: "kim")
                    #expect(answer.status == expected && answer.text.contains("Try again with Works"), "\(status) \(token)")
                }
                #expect(try await company.identities() == 0)
                provider.mood = TestProvider.Mood()
                #expect(try await browser.signIn(at: provider, as: "kim").location == "/dashboard")
            }
        }
    }

    @Test("Slow: 504 within ten seconds, and nobody waits longer")
    func slow() async throws {
        try await TestProvider.serving { provider in
            try await ProviderHouse.open([provider.port]) { house in
                let company = try await house.company(provider.issuer)
                var browser = TestBrowser(company)
                let asked = try await browser.leave()
                provider.mood.hangs = "/token"
                let start = ContinuousClock.now
                let answer = try await browser.comeBack(
                    "main", ["code": provider.code(for: asked, subject: "kim"), "state": asked["state"] ?? ""])
                #expect(answer.status == 504 && answer.text.contains("does not answer"))
                #expect(ContinuousClock.now - start < .seconds(20))
                provider.mood.hangs = "/.well-known"
                house.clock.advance(seconds: 120)
                #expect(try await browser.get("/login/oidc/main").status == 504)
            }
        }
    }
}
