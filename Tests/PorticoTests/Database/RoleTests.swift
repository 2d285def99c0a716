import Foundation
import Testing

@testable import Database

@Suite("Who may serve, and on what")
struct RoleTests {
    @Test("P02 roles that pass through the wall are refused: superuser and BYPASSRLS")
    func refused() async throws {
        let test = TestDatabase.shared
        _ = try await test.freshTenant()
        var cases: [(String, String?)] = [(test.url, "portico_migrator")]
        if let admin = test.adminURL { cases.append((admin, nil)) }
        for (url, role) in cases {
            let database = Database(.init(url: url, role: role, size: 1), ticketKey: test.key, logger: TestDatabase.quiet)
            do {
                try await database.verifyRole()
                Issue.record("\(role ?? "the administrator") was accepted")
            } catch let error as DatabaseError {
                #expect(error.kind == .misuse && error.message.contains("passes through the tenant wall"))
            }
        }
    }

    @Test("The walled roles are accepted", arguments: ["portico_app", "portico_worker"])
    func accepted(_ role: String) async throws {
        try await TestDatabase.shared.database(role: role, size: 1).verifyRole()
    }

    @Test("P28 servers with known leaks are refused", arguments: [130_022, 140_019, 150_013, 160_009, 170_005])
    func oldServers(_ version: Int) {
        #expect(throws: DatabaseError.self) { try ServerVersion.check(Int32(version)) }
    }

    @Test("Repaired servers are accepted", arguments: [150_014, 150_018, 160_010, 170_006, 180_000])
    func newServers(_ version: Int) throws {
        try ServerVersion.check(Int32(version))
    }
}
