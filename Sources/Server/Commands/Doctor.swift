import ArgumentParser
import Database
import Foundation
import Identity
import Logging
import OCR
import Tenancy
import Workers

/// Looks at everything that serving needs and says what is wrong, one line each.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check settings, database, wall and companies.")

    func run() async throws {
        let settings = try Settings()
        var logger = Logger(label: "portico")
        logger.logLevel = .error
        print("ok    settings (\(settings.environment.rawValue))")
        let app = try await App.build(settings, logger: logger)
        let database = try await DatabaseCheck.problems(app)
        let tenants = TenantCheck.run(settings.home.appending(path: "tenants").path, rules: Sections.rules)
        for problem in database { print("WRONG database: \(problem)") }
        if database.isEmpty { print("ok    database, schema and wall") }
        print(
            tenants.isGood
                ? "ok    companies: \(app.tenants.all.map(\.slug).joined(separator: ", "))" : "WRONG companies:\n\(tenants.text)")
        for line in ProviderCheck.lines(app) { print(line) }
        print(await ReaderCheck.line(app.parts.reader))
        print(
            ProcessorSharing.isBySession
                ? "note  processors: shared by session, so pages wait for other work; on a server set kernel.sched_autogroup_enabled=0"
                : "ok    processors: shared by process")
        await app.database.shutdown()
        await app.workerDatabase.shutdown()
        await app.visitorDatabase.shutdown()
        if !database.isEmpty || !tenants.isGood { throw ExitCode(1) }
    }
}

enum ProviderCheck {
    /// Identity providers that companies name and cannot use.
    static func lines(_ app: App) -> [String] {
        app.tenants.all.flatMap { tenant in
            tenant.providers.filter { !app.settings.clientSecrets.suffice(for: $0, of: tenant.slug) }.map {
                "note  sign-in: \(tenant.slug) cannot use \($0.key): its secret is not in PORTICO_CLIENT_SECRETS"
            }
        }
    }
}

enum ReaderCheck {
    /// Nothing depends on it: without it photos are photos, and their words are for people to read.
    static func line(_ reader: TextReader?) async -> String {
        guard let reader else { return "note  words on photos: not read" }
        do {
            let languages = try await reader.languages()
            return "ok    words on photos: \(languages.joined(separator: ", "))"
        } catch ReadingError.unavailable(let why) {
            return "note  words on photos: not read; \(why)"
        } catch {
            return "note  words on photos: not read; the reader does not answer"
        }
    }
}

enum DatabaseCheck {
    /// Everything that forbids serving; empty when all is well.
    static func problems(_ app: App) async throws -> [String] {
        var problems: [String] = []
        for database in [app.database, app.workerDatabase, app.visitorDatabase] {
            do { try await database.verifyRole() } catch { problems.append("\(error)") }
        }
        do { try await app.visitorDatabase.verifyBlindness() } catch { problems.append("\(error)") }
        switch try await Migrator.status(of: app.database, folder: app.settings.home.appending(path: "Migrations").path) {
        case .current: break
        case .behind(let names):
            problems.append("The schema is behind; run `portico migrate` for \(names.joined(separator: ", "))")
        case .ahead(let names): problems.append("The schema is newer than this binary: \(names.joined(separator: ", "))")
        case .drifted(let what): problems.append("A migration was changed after it was applied: \(what)")
        }
        let bare = try await app.database.withoutTenant { tx in
            try await tx.values("select format('%s (%s)', name, lacks) from sec.outside_wall()", String.self)
        }
        if !bare.isEmpty {
            problems.append("Tables outside the wall: \(bare.joined(separator: ", ")); end their migration with app.protect()")
        }
        return problems
    }
}
