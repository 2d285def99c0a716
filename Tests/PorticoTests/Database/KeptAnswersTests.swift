import Foundation
import Testing

@testable import Database

@Suite("Kept answers")
struct KeptAnswersTests {
    static let topic = KeptAnswers.Topic("building")

    /// A company, and a memory that hears its changes.
    private struct Scene {
        let kept = KeptAnswers()
        let database: Database
        let tenant: Int32
        let listener: Listener

        static func fresh() async throws -> Scene {
            let database = try await TestDatabase.shared.database()
            let listener = try Listener(database.settings, channels: ["kept"], logger: TestDatabase.quiet)
            return Scene(database: database, tenant: try await TestDatabase.shared.freshTenant(), listener: listener)
        }

        var walled: Walled { database.tenant(TxFacts(tenant: tenant)) }

        var question: Query<[String]> {
            kept.query(.values("select name from app.building where tenant_id = \(tenant) order by name"), topic, of: tenant)
        }

        func names() async throws -> [String] { try await walled.read(question) }

        var isKept: Bool { question.sql == nil }

        func build(_ name: String) async throws {
            _ = try await walled.write { tx in
                try await tx.execute(
                    """
                    insert into app.building(tenant_id, id, name, street, postal_code, city)
                    values (\(tenant), \(UUID.v7()), \(name), 'Lindenstraße 1', '10115', 'Berlin')
                    """)
            }
        }

        func whileListening(_ body: () async throws -> Void) async throws {
            let hearing = Task { await kept.listen(listener) }
            defer { hearing.cancel() }
            try await eventually("it listens") {
                _ = try await names()
                return isKept
            }
            try await body()
        }
    }

    @Test("Without a listener nothing is kept")
    func deaf() async throws {
        let scene = try await Scene.fresh()
        defer { scene.listener.stop() }
        _ = try await scene.names()
        #expect(!scene.isKept)
        try await scene.build("Eins")
        #expect(try await scene.names() == ["Eins"])
    }

    @Test("An answer is kept until another process changes the table, and then asked for again")
    func changedElsewhere() async throws {
        let scene = try await Scene.fresh()
        defer { scene.listener.stop() }
        try await scene.whileListening {
            #expect(try await scene.walled.read(scene.question) == [])
            try await scene.build("Eins")
            try await eventually("the change is heard") { try await scene.names() == ["Eins"] }
            _ = try await scene.names()
            #expect(scene.isKept)
        }
    }

    @Test("A write of this process counts at once, whatever its transaction told")
    func changedHere() async throws {
        let scene = try await Scene.fresh()
        defer { scene.listener.stop() }
        try await scene.whileListening {
            scene.kept.forget(scene.tenant)
            #expect(!scene.isKept)
        }
    }

    @Test("An answer that was asked for before a change is not kept after it")
    func overtaken() async throws {
        let scene = try await Scene.fresh()
        defer { scene.listener.stop() }
        try await scene.whileListening {
            scene.kept.forget(scene.tenant)
            let asked = scene.question
            scene.kept.forget(scene.tenant)
            _ = try await scene.walled.read(asked)
            #expect(!scene.isKept)
        }
    }

    @Test("A lost connection empties the memory until it stands again")
    func lostConnection() async throws {
        let scene = try await Scene.fresh()
        defer { scene.listener.stop() }
        try await scene.whileListening {
            try await TestDatabase.shared.terminateBackends(of: scene.database)
            try await eventually("it is forgotten") { !scene.isKept }
            try await eventually("it is kept again") {
                _ = try await scene.names()
                return scene.isKept
            }
        }
    }

    @Test("One company's answer is never another's, and other values make another question")
    func apart() async throws {
        let (one, two) = (try await Scene.fresh(), try await Scene.fresh())
        defer { one.listener.stop(); two.listener.stop() }
        try await one.whileListening {
            try await one.build("Eins")
            try await eventually("the change is heard") { try await one.names() == ["Eins"] }
            let other = one.kept.query(
                Query.values("select name from app.building where tenant_id = \(two.tenant) order by name", String.self),
                Self.topic,
                of: two.tenant)
            #expect(other.sql != nil)
            let narrower = one.kept.query(
                Query.values("select name from app.building where tenant_id = \(two.tenant) order by name", String.self),
                Self.topic,
                of: one.tenant)
            #expect(narrower.sql != nil)
        }
    }
}
