import Database
import Foundation
import HTML
import Jobs
import Mail
import Web

@testable import Notifications
@testable import portico

extension TestCompany {
    /// Runs what there is to send through these channels, as if it were that time.
    @discardableResult
    func send(by channels: Channels, at now: Date = Date().addingTimeInterval(1)) async throws -> Int {
        var handlers = JobHandlers()
        app.postOffice(channels).register(in: &handlers)
        let worker = Worker(database: app.workerDatabase, handlers: handlers, logger: TestHouse.logger)
        return try await worker.drain(tenant: tenant.id, asOf: now)
    }

    func tell(_ members: [TestMember], _ notice: Notice, at now: Date = Date()) async throws {
        try await at(now).write { tx in try await tx.notify(members.map(\.id), notice) }
    }

    func at(_ now: Date) -> Walled { app.database.tenant(TxFacts(tenant: tenant.id, requestID: "test", now: now)) }

    /// State and reason of what goes to a member, oldest first: "suppressed read".
    func deliveries(_ member: TestMember? = nil) async throws -> [String] {
        try await walled.read(
            Query.values(
                """
                select concat_ws(' ', state, reason) from app.delivery
                 where tenant_id = \(tenant.id) and (member_id = \(member?.id) or \(member == nil)) order by id
                """, String.self))
    }

    func address(of member: TestMember) async throws -> String {
        try await walled.read(
            Query.value("select email from app.member where tenant_id = \(tenant.id) and id = \(member.id)", String.self))
    }

    /// Lets a member's mail go to a mailbox of that name.
    func move(_ member: TestMember, to mailbox: String) async throws {
        let address = "\(mailbox)@\(UUID().uuidString.lowercased()).test"
        _ = try await walled.write { tx in
            try await tx.execute("update app.member set email = \(address) where tenant_id = \(tenant.id) and id = \(member.id)")
        }
    }
}

extension Notice {
    static func assigned(
        _ number: String = "F-2026-0001", title: String = "Wasser tropft", key: String = UUID().uuidString, urgent: Bool = false
    )
        -> Notice
    {
        Notice(
            "fault.assigned", path: "/faults/\(number)", facts: ["number": number, "title": title], dedupeKey: "assigned:\(key)",
            urgent: urgent)
    }

    /// Told once a day by default.
    static func started(_ number: String = "F-2026-0002", title: String = "Licht flackert") -> Notice {
        Notice(
            "fault.started", path: "/faults/\(number)", facts: ["number": number, "title": title],
            dedupeKey: "started:\(UUID().uuidString)")
    }
}
