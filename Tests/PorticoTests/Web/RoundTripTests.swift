import HTTPTypes
import Testing

/// A page costs two round trips to Postgres: one finds the session, one reads everything that the page shows.
@Suite("Round trips")
struct RoundTripTests {
    @Test(
        "A signed-in page takes two round trips at most",
        arguments: [
            "/faults", "/faults?state=open&q=tap", "/dashboard", "/buildings", "/notifications", "/account", "/faults/new"
        ])
    func pages(_ path: String) async throws {
        let company = try await TestCompany.fresh()
        let home = try await company.home()
        let resident = try await company.member("resident")
        try await company.moveIn(resident, home)
        let manager = try await company.member("manager")
        // The first visit may move the session's idle limit on.
        _ = try await manager.get(path)
        let answer = try await manager.get(path)
        #expect(answer.status == 200)
        #expect(try #require(answer.roundTrips) <= 2)
    }

    @Test("The list for programs takes two round trips")
    func programs() async throws {
        let manager = try await TestCompany.fresh().member("manager")
        let answer = try await manager.api(.get, "/faults")
        #expect(answer.status == 200)
        #expect(answer.roundTrips == 2)
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
