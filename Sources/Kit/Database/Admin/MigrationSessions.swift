/// The administrator's and the migrator's connection during one run, each opened when it is first needed. For one thread.
final class MigrationSessions {
    private let adminURL: String?
    private let migratorURL: String
    private var adminSession: AdminSession?
    private var migratorSession: AdminSession?

    /// "portico" in ASCII.
    private static let lockKey = "31648383230272367"

    init(adminURL: String?, migratorURL: String) {
        self.adminURL = adminURL
        self.migratorURL = migratorURL
    }

    func close() {
        migratorSession?.close()
        adminSession?.close()
    }

    /// Waits for another run to finish, a minute at most. The lock goes with the connection.
    func lock() throws {
        let session = try adminURL == nil ? migrator() : admin()
        try session.run("set lock_timeout = '60s'")
        do {
            try session.run("select pg_advisory_lock(\(Self.lockKey))")
        } catch let error as DatabaseError where error.sqlState == "55P03" {
            throw MigrationError("another migration has been running for a minute")
        }
        try session.run("set lock_timeout = 0")
    }

    /// What was applied so far; nothing when there is no ledger.
    func applied() throws -> [AppliedMigration] {
        let session = try adminURL == nil ? migrator() : admin()
        guard try session.rows("select to_regclass('sec.migration')").first?.first != "" else { return [] }
        return try session.rows(AppliedMigration.query.text).map { row in
            guard row.count == 3, let number = Int(row[0]) else {
                throw MigrationError("sec.migration is not a ledger of migrations")
            }
            return AppliedMigration(number: number, name: row[1], checksum: row[2])
        }
    }

    /// Runs a file and enters it, both or neither.
    func apply(_ file: MigrationFile) throws {
        let session = try file.needsSuperuser ? admin() : migrator()
        do {
            try session.run("begin")
            try session.run(script: file.text)
            guard session.isInTransaction else {
                throw MigrationError("it ends its transaction; a migration has no COMMIT or ROLLBACK")
            }
            if file.needsSuperuser { try session.run(Self.ledger) }
            try session.run(
                "insert into sec.migration(number, name, checksum) values ($1::int, $2, $3)",
                [String(file.number), file.name, file.checksum])
            try session.run("commit")
        } catch {
            try? session.run("rollback")
            let reason = (error as? ScriptError).map { "line \($0.line): \($0.error)" } ?? "\(error)"
            throw MigrationError("\(file.name) failed, nothing of it was kept: \(reason)")
        }
    }

    /// Puts the padded key into `sec.key`. Only the administrator can; without one the key has to be there.
    func store(_ key: TicketKey) throws {
        guard adminURL != nil else { return }
        let pads = key.pads
        let stored = try admin().rows(
            """
            with fresh as (
              insert into sec.key(kid, ipad, opad) values ($1, decode($2, 'hex'), decode($3, 'hex')) on conflict (kid) do nothing returning kid)
            select 1 from fresh union all
            select 1 from sec.key where kid = $1 and ipad = decode($2, 'hex') and opad = decode($3, 'hex')
            """, [key.kid, Hex.string(pads.inner), Hex.string(pads.outer)])
        if stored.isEmpty {
            throw MigrationError(
                "the database knows the ticket key \"\(key.kid)\" as another one; give a new key a new id (PORTICO_TICKET_KID)")
        }
    }

    private static let ledger = """
        create table if not exists sec.migration(
          number     int primary key,
          name       text not null,
          checksum   text not null,
          applied_at timestamptz not null default now());
        grant usage on schema sec to portico_migrator;
        grant select, insert on sec.migration to portico_migrator;
        grant select on sec.migration to portico_app, portico_worker;
        """

    private func admin() throws -> AdminSession {
        if let adminSession { return adminSession }
        guard let adminURL else { throw MigrationError("a superuser is needed for this: set PORTICO_ADMIN_URL") }
        let session = try AdminSession(url: adminURL, role: nil)
        adminSession = session
        return session
    }

    private func migrator() throws -> AdminSession {
        if let migratorSession { return migratorSession }
        let session: AdminSession
        do {
            session = try AdminSession(url: migratorURL, role: "portico_migrator")
        } catch  where adminURL == nil {
            throw MigrationError(
                "portico_migrator cannot sign in (\(error)); a new database needs PORTICO_ADMIN_URL for its first migrations")
        }
        migratorSession = session
        return session
    }
}
