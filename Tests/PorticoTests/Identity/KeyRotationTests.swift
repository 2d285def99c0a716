import Database
import Foundation
import Jobs
import Testing

@testable import Identity
@testable import Tokens
@testable import Web
@testable import portico

@Suite("Signing keys")
struct KeyRotationTests {
    /// Without the key that all test companies share.
    private func house() async throws -> (clock: TestClock, company: TestCompany) {
        let clock = TestClock()
        let app = try await App.build(try TestHouse.settings(), logger: TestHouse.logger, now: { clock.now })
        return (clock, try await TestCompany.fresh(in: app))
    }

    private func kids(_ company: TestCompany) async throws -> [String] {
        let answer = try await company.anonymous(.get, "/.well-known/jwks.json")
        #expect(answer.status == 200)
        return (answer.json?["keys"] as? [[String: Any]] ?? []).compactMap { $0["kid"] as? String }
    }

    private func token(_ company: TestCompany) async throws -> String {
        let signer = try await company.app.house.keys.signer(company.present, company.app.house.tokenPlace(company.tenant))
        return try await signer.sign(UUID.v7(), session: UUID.v7(), id: UUID.v7(), at: company.app.house.now()).text
    }

    private func rotate(_ company: TestCompany, _ clock: TestClock) async throws {
        try await company.present.write { tx in try tx.enqueue(RotateKeys(due: clock.now)) }
        try await company.app.worker().drain(tenant: company.tenant.id, asOf: clock.now + 1)
    }

    @Test(
        "The first token makes the first key, once, however many want one at the same time; until then the set is empty and not kept"
    )
    func first() async throws {
        let (_, company) = try await house()
        let before = try await company.anonymous(.get, "/.well-known/jwks.json")
        #expect(before.headers[.cacheControl] == "public, no-cache")
        #expect(before.json?["keys"] as? [String] == [])
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<3 { group.addTask { try await token(company) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(tokens.compactMap { AccessToken(presented: $0)?.kid }).count == 1)
        let set = try await company.anonymous(.get, "/.well-known/jwks.json")
        #expect(set.headers[.cacheControl] == "public, max-age=3600")
        #expect(set.headers[.contentType] == "application/jwk-set+json")
        #expect(set.headers[.setCookie] == nil)
        #expect(try await kids(company).count == 1)
        let etag = try #require(set.headers[.eTag])
        #expect(try await company.anonymous(.get, "/.well-known/jwks.json", [.ifNoneMatch: etag]).status == 304)
    }

    @Test("The private half never leaves the house: what is stored opens only with the house's key, and for its own row")
    func sealed() async throws {
        let (_, company) = try await house()
        _ = try await token(company)
        let row = try #require(try await company.walled.read(HeldKey.all(company.tenant.id)).first)
        #expect(throws: (any Error).self) { try SigningKey(der: row.sealed) }
        let sealer = company.app.house.sealer
        #expect(throws: (any Error).self) { try sealer.open(row.sealed, for: "signing_key:\(company.tenant.id):\(UUID().text)") }
        let der = try sealer.open(row.sealed, for: "signing_key:\(company.tenant.id):\(row.id.text)")
        #expect(try SigningKey(der: der).verifying.kid == row.verifying.kid)
        #expect(try await !company.anonymous(.get, "/.well-known/jwks.json").text.contains("\"d\""))
    }

    @Test("A new key is published a day before it signs; the old one verifies until its last token is over, and then it is gone")
    func rotation() async throws {
        let (clock, company) = try await house()
        let old = try #require(AccessToken(presented: try await token(company))?.kid)
        clock.advance(days: 20)
        try await rotate(company, clock)
        #expect(try await kids(company) == [old])

        clock.advance(days: 9.5)
        try await rotate(company, clock)
        try await rotate(company, clock)
        let both = try await kids(company)
        #expect(both.count == 2 && both.contains(old))
        let new = try #require(both.first { $0 != old })
        clock.advance(seconds: 86_400 - 60)
        #expect(AccessToken(presented: try await token(company))?.kid == old)
        let last = try await company.member("manager").programSignIn().accessToken

        clock.advance(seconds: 120)
        #expect(AccessToken(presented: try await token(company))?.kid == new)
        #expect(try await company.ask("/me", bearer: last).status == 200)
        #expect(try await kids(company).count == 2)
        clock.advance(seconds: 1100)
        #expect(try await kids(company) == [new])
        try await rotate(company, clock)
        #expect(try await company.count("app.signing_key where tenant_id = \(company.tenant.id)") == 1)
    }

    @Test("A company without programs has no key, and gets none by the job")
    func none() async throws {
        let (clock, company) = try await house()
        try await rotate(company, clock)
        #expect(try await company.count("app.signing_key where tenant_id = \(company.tenant.id)") == 0)
    }
}
