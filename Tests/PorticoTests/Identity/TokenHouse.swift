import Database
import Foundation
import HTTPTypes
import Synchronization
import Testing
import Web

@testable import Identity
@testable import portico

/// A clock that a test moves.
final class TestClock: Sendable {
    private let ahead = Mutex<TimeInterval>(0)

    var now: Date { Date().addingTimeInterval(ahead.withLock { $0 }) }

    func advance(seconds: TimeInterval) { ahead.withLock { $0 += seconds } }
    func advance(days: Double) { advance(seconds: days * 86_400) }
}

/// A company in a house whose clock can be moved, and a program that is signed in there.
struct TokenHouse: Sendable {
    let clock: TestClock
    let company: TestCompany
    let member: TestMember
    let pair: TokenAnswer

    static func open(role: String = "manager") async throws -> TokenHouse {
        let clock = TestClock()
        let app = try await App.build(try TestHouse.settings(), logger: TestHouse.logger, now: { clock.now })
        let company = try await TestCompany.fresh(in: app)
        let member = try await company.member(role)
        return TokenHouse(clock: clock, company: company, member: member, pair: try await member.programSignIn())
    }

    func close() async {
        await company.app.database.shutdown()
        await company.app.workerDatabase.shutdown()
    }
}

extension TestCompany {
    /// The database at the house's own time.
    var present: Walled {
        app.database.tenant(TxFacts(tenant: tenant.id, requestID: "test", address: "192.0.2.7", now: app.house.now()))
    }

    func refresh(_ token: String, as name: String = "refreshToken") async throws -> TestAnswer {
        try await program("/api/v1/auth/refresh", "{\"\(name)\":\"\(token)\"}")
    }

    /// A program's GET with that token.
    func ask(_ path: String, bearer: String) async throws -> TestAnswer {
        try await anonymous(.get, "/api/v1" + path, [.authorization: "Bearer \(bearer)"])
    }
}

extension TestMember {
    /// What `auth/login` gives, without the password.
    func programSignIn(agent: String = "curl/8.11.0") async throws -> TokenAnswer {
        let signer = try await company.signer()
        return try await company.present.write { tx in try await TokenAnswer.open(id, signer, agent: agent, tx) }
    }

    /// One more browser that is signed in.
    func browserSignIn(agent: String) async throws -> TestMember {
        let token = try await company.present.write { tx in
            Sessions.open(.browser, id, family: UUID.v7(), staff: false, agent: agent, tx)
        }
        return TestMember(company: company, id: id, cookie: token.text, bearer: bearer)
    }

    /// The same member with another token.
    func with(bearer: String) -> TestMember { TestMember(company: company, id: id, cookie: cookie, bearer: bearer) }

    func change(_ change: SQL) async throws {
        let tenant = company.tenant.id
        try await company.run("update app.member set \(change) where tenant_id = \(tenant) and id = \(id)")
    }
}

extension TestAnswer {
    var pair: (access: String, refresh: String)? {
        guard let access = json?["accessToken"] as? String, let refresh = json?["refreshToken"] as? String else { return nil }
        return (access, refresh)
    }

    var items: [[String: Any]] { json?["items"] as? [[String: Any]] ?? [] }
}
