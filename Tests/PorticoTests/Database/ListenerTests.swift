import Foundation
import Testing

@testable import Database

@Suite("Listening")
struct ListenerTests {
    private func channel() -> String { "test_\(UUID().uuidString.lowercased().replacing("-", with: "").prefix(16))" }

    @Test("A notification arrives after the commit and not after a rollback; a lost connection shows as a gap and is made anew")
    func hears() async throws {
        struct Undo: Error {}
        let database = try await TestDatabase.shared.database(size: 2)
        let name = channel()
        let listener = try Listener(database.settings, channels: [name], logger: TestDatabase.quiet)
        defer { listener.stop() }
        var events = listener.events.makeAsyncIterator()
        try await eventually("it listens") {
            try await TestDatabase.shared.activity(of: database).contains { $0.query.hasPrefix("listen") }
        }
        #expect(await events.next() == .listening)
        try? await database.withoutTenant { tx in
            _ = try await tx.execute("select pg_notify(\(name), 'undone')")
            throw Undo()
        }
        try await database.withoutTenant { tx in _ = try await tx.execute("select pg_notify(\(name), 'first')") }
        #expect(await events.next() == .notification(channel: name, payload: "first"))
        try await TestDatabase.shared.terminateBackends(of: database)
        #expect(await events.next() == .deaf)
        #expect(await events.next() == .gap)
        try await database.withoutTenant { tx in _ = try await tx.execute("select pg_notify(\(name), 'second')") }
        #expect(await events.next() == .notification(channel: name, payload: "second"))
        listener.stop()
        #expect(await events.next() == nil)
    }

    @Test("Names that are not plain identifiers are refused", arguments: ["", "a b", "a\"; drop table x", "A", "ä"])
    func names(_ name: String) throws {
        #expect(throws: DatabaseError.self) { try Listener(.init(url: "", role: nil), channels: [name]) }
    }
}
