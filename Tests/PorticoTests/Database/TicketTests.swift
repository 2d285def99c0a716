import Foundation
import Testing

@testable import Database

@Suite("Tickets")
struct TicketTests {
    private func tenant(with ticket: String) async throws -> Int32? {
        let database = try await TestDatabase.shared.database(size: 1)
        return try await database.withoutTenant { tx in
            _ = try await tx.value("select sec.enter(\(ticket))", Int32?.self)
            return try await tx.value("select sec.tenant()", Int32?.self)
        }
    }

    private let key = TestDatabase.shared.key

    @Test("The database proves what the process mints, for a minute")
    func good() async throws {
        #expect(try await tenant(with: key.mint(tenant: 7, actor: "", now: Date())) == 7)
        #expect(try await tenant(with: key.mint(tenant: .max, actor: UUID().uuidString, now: Date())) == .max)
        #expect(try await tenant(with: key.mint(tenant: 7, actor: "", now: Date(timeIntervalSinceNow: -57))) == 7)
    }

    @Test("A late, altered or strange ticket is refused")
    func bad() async throws {
        let good = key.mint(tenant: 7, actor: "", now: Date())
        let other = try TicketKey(kid: key.kid, hex: String(repeating: "ab", count: 64)).mint(tenant: 7, actor: "", now: Date())
        let strangers = [
            key.mint(tenant: 7, actor: "", now: Date(timeIntervalSinceNow: -62)), other, good.replacing("|7|", with: "|8|"),
            String(good.dropLast()),
            good + "0", "x", "|||", "1|7||9999999999|" + String(repeating: "0", count: 64)
        ]
        for ticket in strangers {
            do {
                _ = try await tenant(with: ticket)
                Issue.record("\(ticket) was accepted")
            } catch let error as DatabaseError {
                #expect(error.sqlState == "42501")
            }
        }
    }

    @Test("Dates out of all bounds do not trap", arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func clock(_ seconds: Double) {
        #expect(!key.mint(tenant: 1, actor: "", now: Date(timeIntervalSince1970: seconds)).isEmpty)
    }

    @Test(
        "A key is 64 bytes in hex",
        arguments: [
            "", "00", String(repeating: "0", count: 127), String(repeating: "g", count: 128), String(repeating: "é", count: 64)
        ])
    func keys(_ hex: String) {
        #expect(throws: DatabaseError.self) { try TicketKey(kid: "1", hex: hex) }
    }

    @Test(
        "A key's id cannot hold what separates a ticket's parts",
        arguments: ["", "1|2", "a b", "é", String(repeating: "1", count: 17)])
    func kids(_ kid: String) {
        #expect(throws: DatabaseError.self) { try TicketKey(kid: kid, hex: String(repeating: "00", count: 64)) }
    }
}
