import HTTPTypes
import Testing

/// A page costs one round trip to Postgres: what it shows, and whether the session still holds. The first one after sign-in, or
/// when the session is due to be renewed, costs another that finds the session.
@Suite("Round trips")
struct RoundTripTests {
    @Test(
        "A signed-in page takes one round trip",
        arguments: [
            "/faults", "/faults?state=open&q=tap", "/dashboard", "/buildings", "/notifications", "/account", "/faults/new",
            "/faults/board", "/faults/technicians", "/faults/batch?all=1", "/faults?view=all",
            "/reports/2026-11", "/search?q=tap", "/search?q=tap&in=faults", "/announcements", "/announcements/new",
            "/documents", "/documents/new", "/documents/bin"
        ])
    func pages(_ path: String) async throws {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        let resident = try await company.member("resident")
        try await company.moveIn(resident, home)
        let manager = try await company.member("manager")
        let first = try await manager.get(path)
        #expect(try #require(first.roundTrips) <= 2)
        let answer = try await manager.get(path)
        #expect(answer.status == 200)
        #expect(answer.roundTrips == 1)
    }

    @Test("The list for programs takes one round trip")
    func programs() async throws {
        let manager = try await TestCompany.fresh().member("manager")
        #expect(try await manager.api(.get, "/faults").roundTrips == 2)
        let answer = try await manager.api(.get, "/faults")
        #expect(answer.status == 200)
        #expect(answer.roundTrips == 1)
    }

    @Test("What is refused before the database is asked takes none")
    func strangers() async throws {
        let company = try await TestCompany.fresh()
        let answer = try await company.anonymous(.get, "/faults")
        #expect(answer.status == 303)
        #expect(answer.roundTrips == 0)
    }
}

extension TestAnswer {
    /// As `Server-Timing` tells them outside production.
    fileprivate var roundTrips: Int? {
        HTTPField.Name("Server-Timing").flatMap { headers[$0] }?.firstMatch(of: /db;desc="([0-9]+) round trips"/).flatMap {
            Int($0.1)
        }
    }
}
