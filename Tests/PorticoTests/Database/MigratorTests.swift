import Foundation
import Testing

@testable import Database

@Suite("Migrations")
struct MigratorTests {
    private static func file(_ number: Int, _ name: String, _ text: String) -> MigrationFile {
        MigrationFile(number: number, name: name, text: text)
    }

    private let one = file(1, "0001_a.sql", "select 1;")
    private let two = file(2, "0002_b.sql", "select 2;")

    private func applied(_ files: MigrationFile...) -> [AppliedMigration] {
        files.map { AppliedMigration(number: $0.number, name: $0.name, checksum: $0.checksum) }
    }

    @Test("Files and ledger agree, or it is said how they do not")
    func status() {
        #expect(MigrationLedger.status([one, two], applied: applied(one, two)) == .current)
        #expect(MigrationLedger.status([one, two], applied: applied(one)) == .behind(["0002_b.sql"]))
        #expect(MigrationLedger.status([one], applied: applied(one, two)) == .ahead(["0002_b.sql"]))
        #expect(MigrationLedger.status([one, two], applied: []) == .behind(["0001_a.sql", "0002_b.sql"]))
        for (files, lines, word) in [
            ([Self.file(1, "0001_a.sql", "select 3;"), two], applied(one, two), "0001_a.sql was changed"),
            ([two], applied(one, two), "0001_a.sql was applied, but the file is gone"),
            ([Self.file(1, "0001_c.sql", "select 1;"), two], applied(one, two), "now called 0001_c.sql"),
            ([one, two], applied(two), "0001_a.sql came after 0002_b.sql")
        ] {
            guard case .drifted(let text) = MigrationLedger.status(files, applied: lines) else {
                Issue.record("no drift was found: \(word)")
                continue
            }
            #expect(text.contains(word))
        }
    }

    @Test("The line of an error is found behind quotes, comments and functions")
    func lines() {
        let script = """
            -- first; second
            create function f() returns text language sql as $body$
              select 'a;b' /* ; */ ;
            $body$;
            select ';' || "x;y", $1;
            /* block ; */

            select 3;
            """
        #expect(SQLScript.line(ofStatement: 0, in: script) == 2)
        #expect(SQLScript.line(ofStatement: 1, in: script) == 5)
        #expect(SQLScript.line(ofStatement: 2, in: script) == 8)
        #expect(SQLScript.line(ofCharacter: 16, in: script) == 1)
        #expect(SQLScript.line(ofCharacter: 18, in: script) == 2)
    }

    // MARK: on a database of its own

    private final class Scratch {
        let name = "portico_migrator_\(UUID().uuidString.prefix(8).lowercased())"
        let adminURL: String
        let url: String
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

        init() throws {
            let test = TestDatabase.shared
            let admin = try #require(test.adminURL, "PORTICO_ADMIN_URL is not set")
            let session = try AdminSession(url: admin, role: nil)
            defer { session.close() }
            try session.run("create database \(name)")
            adminURL = try Self.other(admin, name)
            url = try Self.other(test.url, name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // The wall, and nothing that stands behind it.
            for file in try MigrationFile.all(in: TestDatabase.migrations) where [1, 2, 21].contains(file.number) {
                try write(file.name, file.text)
            }
        }

        private static func other(_ url: String, _ name: String) throws -> String {
            var parts = try #require(URLComponents(string: url))
            parts.path = "/\(name)"
            return try #require(parts.string)
        }

        func write(_ name: String, _ text: String) throws {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }

        func migrator(key: TicketKey = TestDatabase.shared.key, admin: Bool = true) -> Migrator {
            Migrator(
                adminURL: admin ? adminURL : nil, migratorURL: url, folder: folder.path, ticketKey: key,
                logger: TestDatabase.quiet)
        }

        func database() -> Database {
            Database(
                .init(url: url, role: "portico_app", size: 1), ticketKey: TestDatabase.shared.key, logger: TestDatabase.quiet)
        }

        func drop() {
            try? FileManager.default.removeItem(at: folder)
            guard let admin = TestDatabase.shared.adminURL, let session = try? AdminSession(url: admin, role: nil) else { return }
            try? session.run("drop database if exists \(name) with (force)")
            session.close()
        }
    }

    @Test("A new database is brought up, a second run does nothing, files of an administrator and of the migrator")
    func fresh() async throws {
        let scratch = try Scratch()
        defer { scratch.drop() }
        let database = scratch.database()
        #expect(try await scratch.migrator().migrate().count == 3)
        #expect(try await scratch.migrator().migrate() == [])
        #expect(try await Migrator.status(of: database, folder: scratch.folder.path) == .current)
        try scratch.write(
            "0103_things.sql",
            "create table app.thing(tenant_id int not null, id uuid, primary key (tenant_id, id));\nselect app.protect('app.thing');"
        )
        #expect(try await Migrator.status(of: database, folder: scratch.folder.path) == .behind(["0103_things.sql"]))
        // Without the administrator, as long as no file asks for one.
        #expect(try await scratch.migrator(admin: false).migrate() == ["0103_things.sql"])
        let tenant = try await database.registerTenant("scratch")
        #expect(
            try await database.tenant(TxFacts(tenant: tenant)).read(Query.value("select count(*) from app.thing", Int.self)) == 0)
        await database.shutdown()
    }

    @Test("A failing file leaves nothing behind, names file and line, and can be repaired")
    func failing() async throws {
        let scratch = try Scratch()
        defer { scratch.drop() }
        _ = try await scratch.migrator().migrate()
        try scratch.write("0103_bad.sql", "create table app.one(a int);\n\nselect\n  nonsense;\n")
        do {
            _ = try await scratch.migrator().migrate()
            Issue.record("it was applied")
        } catch let error as MigrationError {
            #expect(error.description.contains("0103_bad.sql") && error.description.contains("line 4"))
        }
        try scratch.write("0103_bad.sql", "create table app.one(a int);\n\ninsert into app.one select 1 / (random() * 0)::int;")
        do {
            _ = try await scratch.migrator().migrate()
            Issue.record("it was applied")
        } catch let error as MigrationError {
            #expect(error.description.contains("line 3") && error.description.contains("22012"))
        }
        try scratch.write("0103_bad.sql", "create table app.one(a int);\ncommit;")
        await #expect(throws: MigrationError.self) { try await scratch.migrator().migrate() }
    }

    @Test("Changed, missing and newer files are refused before anything is done")
    func drift() async throws {
        let scratch = try Scratch()
        defer { scratch.drop() }
        try scratch.write("0103_x.sql", "create table app.x(a int);")
        _ = try await scratch.migrator().migrate()
        try scratch.write("0103_x.sql", "create table app.x(a int); -- harmless")
        try scratch.write("0104_y.sql", "create table app.y(a int);")
        await #expect(throws: MigrationError.self) { try await scratch.migrator().migrate() }
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "0103_x.sql"))
        await #expect(throws: MigrationError.self) { try await scratch.migrator().migrate() }
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "0104_y.sql"))
        let database = scratch.database()
        #expect(try await Migrator.status(of: database, folder: scratch.folder.path) == .ahead(["0103_x.sql"]))
        await database.shutdown()
    }

    @Test("Five runs at once apply each file once")
    func together() async throws {
        let scratch = try Scratch()
        defer { scratch.drop() }
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<5 { group.addTask { [migrator = scratch.migrator()] in try await migrator.migrate().count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.reduce(0, +) == 3)
    }

    @Test("A ticket key may be added, but not changed under its id")
    func keys() async throws {
        let scratch = try Scratch()
        defer { scratch.drop() }
        _ = try await scratch.migrator().migrate()
        let hex = String(repeating: "5a", count: 64)
        _ = try await scratch.migrator(key: try TicketKey(kid: "next", hex: hex)).migrate()
        await #expect(throws: MigrationError.self) {
            try await scratch.migrator(key: try TicketKey(kid: TestDatabase.shared.key.kid, hex: hex)).migrate()
        }
    }

    @Test("Names without a number, or a number twice, are refused")
    func names() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "select 1".write(to: folder.appending(path: "0001_a.sql"), atomically: true, encoding: .utf8)
        #expect(try MigrationFile.all(in: folder.path).count == 1)
        for name in ["0001_b.sql", "1_c.sql", "x.sql", "00x1_d.sql"] {
            let file = folder.appending(path: name)
            try "select 1".write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: MigrationError.self) { try MigrationFile.all(in: folder.path) }
            try FileManager.default.removeItem(at: file)
        }
        #expect(throws: MigrationError.self) { try MigrationFile.all(in: "/nonexistent") }
    }
}
