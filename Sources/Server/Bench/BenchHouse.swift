import Database
import Foundation
import Logging
import Tenancy
import Web

/// Everything a bench measures against: a company of its own in the given database, a signed-in manager, and a home folder for
/// servers that know this company alone.
struct BenchHouse: Sendable {
    let app: App
    let tenant: Tenant
    let manager: UUID
    /// The manager's browser session, good for a day. Their role asks for a second factor, and they have one.
    let token: SessionToken
    /// Where bench keeps scripts, logs and built yardsticks: `$PORTICO_VAR/bench`.
    let folder: URL
    /// The checkout.
    let root: URL
    /// For servers that bench starts.
    let environment: [String: String]

    static func open(_ environment: [String: String] = ProcessInfo.processInfo.environment) async throws -> BenchHouse {
        var environment = environment
        let given = try Settings(environment)
        let folder = given.folder.appending(path: "bench")
        try furnish(folder, from: given.home)
        environment["PORTICO_HOME"] = folder.path
        environment["PORTICO_VAR"] = folder.path
        environment["PORTICO_ADDRESS"] = "127.0.0.1"
        environment["PORTICO_TLS"] = nil
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let app = try await App.build(try Settings(environment), logger: logger)
        try await app.checkDatabase()
        guard let tenant = app.tenants.tenant(BenchCompany.slug) else {
            throw SettingsError(
                "the bench company is not accepted: \(app.tenants.problems.map(\.description).joined(separator: "; "))")
        }
        let walled = app.database.tenant(TxFacts(tenant: tenant.id, requestID: "bench"))
        let manager = try await BenchRows.ensure(walled)
        if let admin = given.adminURL { try await settle(admin) }
        let token = try await signIn(manager, walled)
        return BenchHouse(
            app: app, tenant: tenant, manager: manager, token: token, folder: folder, root: given.home, environment: environment)
    }

    /// What autovacuum does to fresh rows within a minute on a server that has been running: counts then need not look at each.
    private static func settle(_ admin: String) async throws {
        let psql = try Tool("psql", package: "postgresql-client-15")
        try await psql.run(["-XqAt", "-d", admin, "-c", "vacuum (analyze)"])
    }

    var walled: Walled { app.database.tenant(TxFacts(tenant: tenant.id, actor: manager, requestID: "bench")) }

    func close() async {
        await app.database.shutdown()
        await app.workerDatabase.shutdown()
    }

    /// A home with assets and migrations as they are and one company.
    private static func furnish(_ folder: URL, from home: URL) throws {
        let files = FileManager.default
        let company = folder.appending(path: "tenants/\(BenchCompany.slug)")
        try files.createDirectory(at: company, withIntermediateDirectories: true)
        try Data(BenchCompany.yaml.utf8).write(to: company.appending(path: "tenant.yaml"))
        for name in ["Public", "Migrations"] {
            let copy = folder.appending(path: name)
            if files.fileExists(atPath: copy.path) { try files.removeItem(at: copy) }
            try files.copyItem(at: home.appending(path: name), to: copy)
        }
    }

    private static func signIn(_ member: UUID, _ walled: Walled) async throws -> SessionToken {
        let token = SessionToken()
        let (now, later) = (Date(), Date().addingTimeInterval(86_400))
        try await walled.write { tx in
            tx.atCommit(
                """
                update app.member set factor_since = coalesce(factor_since, \(now))
                 where tenant_id = \(tx.facts.tenant) and id = \(member)
                """)
            tx.atCommit(
                """
                insert into app.session(tenant_id, token_hash, id, member_id, kind, family, seen_at, idle_until, expires_at)
                values (\(tx.facts.tenant), \(token.hash), \(UUID.v7()), \(member), 'browser', \(UUID.v7()), \(now), \(later), \(later))
                """)
        }
        return token
    }
}
