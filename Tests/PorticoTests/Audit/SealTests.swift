import Foundation
import Jobs
import Testing

@testable import Audit
@testable import Database
@testable import portico

/// FLOWS-0 §11 and FLOWS-2 §20 (2): the audit log is sealed, and whoever changes it afterwards is found, even a superuser.
@Suite("Sealed audit log")
struct SealTests {
    @Test("A changed audit row is reported (FLOWS-2 §20), whichever of its stored fields it was")
    func altered() async throws {
        let log = try await SealedLog.fresh()
        let changes = [
            ("at", "at + interval '1 microsecond'"), ("actor_id", "null"), ("on_behalf_of", "actor_id"), ("via", "'x'"),
            ("action", "'fault.closed'"), ("entity", "'unit'"), ("entity_id", "null"), ("before", "null"),
            ("after", "after || '{\"title\": \"other\"}'"), ("address", "''"), ("request_id", "null"),
            ("written_xid", "written_xid + 1")
        ]
        #expect(Set(changes.map(\.0) + ["tenant_id", "id"]) == Set(SealedFields.names))
        var lines: [String] = []
        for _ in changes { lines.append(try await log.write()) }
        #expect(try await log.seal() == changes.count)
        #expect(try await log.verify().isIntact)
        // From the last to the first, so that the newest change is always the first in the chain.
        for ((column, value), line) in zip(changes, lines).reversed() {
            try log.superuser("update app.audit_line set \(column) = \(value) where id = $1", [line])
            let finding = try await log.verify().finding
            #expect(finding?.kind == .altered && finding?.line == line, "\(column)")
        }
    }

    @Test("The seal covers every stored column of a line")
    func columns() async throws {
        let log = try await SealedLog.fresh()
        let stored = try log.superuserRows(
            "select attname from pg_attribute where attrelid = 'app.audit_line'::regclass and attnum > 0 and not attisdropped")
        #expect(Set(stored) == Set(SealedFields.names))
    }

    @Test("A line that is gone is named; with its seal, the gap is")
    func removed() async throws {
        let log = try await SealedLog.fresh()
        var lines: [String] = []
        for _ in 0..<5 { lines.append(try await log.write()) }
        _ = try await log.seal()
        try log.superuser("delete from app.audit_line where id = $1", [lines[3]])
        var finding = try await log.verify().finding
        #expect(finding?.kind == .removed && finding?.line == lines[3] && finding?.seal == 4)
        try log.superuser("delete from app.audit_seal where line_id = $1", [lines[1]])
        finding = try await log.verify().finding
        #expect(finding?.kind == .removed && finding?.line == nil && finding?.seal == 2)
        // The lint of the wall looks at this database, too: no foreign key may stay violated.
        try log.superuser("delete from app.audit_seal where line_id = $1", [lines[3]])
    }

    @Test("A line that was slipped in is named, before it is sealed and afterwards")
    func inserted() async throws {
        let log = try await SealedLog.fresh()
        _ = try await log.write()
        _ = try await log.seal()
        let backdated = try log.forge(at: "now() - interval '2 hours'")
        #expect(try await log.verify().finding?.line == backdated)
        #expect(try await log.seal() == 1)
        let finding = try await log.verify().finding
        #expect(finding?.kind == .inserted && finding?.line == backdated)
    }

    @Test("A line with a forged transaction is never sealed and is named")
    func forgedTransaction() async throws {
        let log = try await SealedLog.fresh()
        _ = try await log.write()
        _ = try await log.seal()
        let forged = try log.forge(at: "now()", writtenXID: "1")
        #expect(try await log.seal() == 0)
        let finding = try await log.verify().finding
        #expect(finding?.kind == .inserted && finding?.line == forged)
    }

    @Test("A seal that was computed anew breaks the next one; a noted seal finds a chain that lost its end")
    func seals() async throws {
        let log = try await SealedLog.fresh()
        let first = try await log.write()
        _ = try await log.seal()
        let last = try await log.write()
        _ = try await log.seal()
        let before = try await log.verify()
        let noted = try #require(NotedSeal("\(before.sealed):\(before.head)"))
        #expect(try await log.verify(noted: noted).isIntact)
        try log.superuser("delete from app.audit_seal where line_id = $1", [last])
        try log.superuser("delete from app.audit_line where id = $1", [last])
        #expect(try await log.verify().isIntact)
        #expect(try await log.verify(noted: noted).finding?.kind == .removed)
        try log.superuser("update app.audit_seal set hash = sha256('x') where line_id = $1", [first])
        let finding = try await log.verify().finding
        #expect(finding?.kind == .altered && finding?.line == first)
    }

    @Test("A line that commits after younger ones were sealed is not skipped, and nobody waits for anybody")
    func lateCommit() async throws {
        let log = try await SealedLog.fresh()
        let started = ContinuousClock.now
        try await log.company.walled.write { tx in
            _ = try await tx.execute(log.insert("late"))
            _ = try await log.write()
            #expect(try await log.seal() == 1)
            _ = try await log.write()
            #expect(try await log.seal() == 1)
        }
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(try await log.seal() == 1)
        #expect(try await log.seal() == 0)
        let verdict = try await log.verify()
        #expect(verdict.isIntact && verdict.sealed == 3 && verdict.waiting == 0)
    }

    @Test("Forty writers and three sealers at once: every line has one place, and the chain holds")
    func storm() async throws {
        let log = try await SealedLog.fresh()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { _ = try await log.write() } }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<5 { _ = try await log.seal() }
                }
            }
            try await group.waitForAll()
        }
        _ = try await log.seal()
        let verdict = try await log.verify()
        #expect(verdict.isIntact && verdict.sealed == 40 && verdict.waiting == 0)
    }

    @Test("Many lines of one transaction are sealed and checked in portions")
    func portions() async throws {
        let log = try await SealedLog.fresh()
        try await log.company.walled.write { tx in for number in 0..<10 { _ = try await tx.execute(log.insert("\(number)")) } }
        #expect(try await log.seal(portion: 3) == 10)
        #expect(try await log.verify(portion: 4).sealed == 10)
        #expect(try await log.verify(portion: 10).isIntact)
    }

    @Test("The schedule seals every minute; the job seals its own company alone (T11)")
    func job() async throws {
        #expect(Schedule.all.names.contains("audit.seal"))
        let (mine, other) = (try await SealedLog.fresh(), try await SealedLog.fresh())
        _ = try await mine.write()
        _ = try await other.write()
        try await mine.company.walled.write { tx in _ = try tx.enqueue(SealAudit(due: Date())) }
        try await mine.company.drainJobs()
        #expect(try await mine.verify().sealed == 1)
        #expect(try await other.verify().sealed == 0)
    }

    @Test("Nobody behind the wall changes or removes a seal")
    func appendOnly() async throws {
        let log = try await SealedLog.fresh()
        _ = try await log.write()
        _ = try await log.seal()
        for sql: SQL in ["update app.audit_seal set id = id + 1", "delete from app.audit_seal", "delete from app.audit_line"] {
            await #expect(throws: DatabaseError.self) {
                try await log.company.walled.write { tx in _ = try await tx.execute(sql) }
            }
        }
    }

    @Test("The button checks the chain, says so on the page, and is itself in the log")
    func page() async throws {
        let log = try await SealedLog.fresh()
        let (admin, manager) = (try await log.company.member("admin"), try await log.company.member("manager"))
        let line = try await log.write()
        _ = try await log.seal()
        #expect(try await manager.post("/admin/audit/verification").status == 403)
        #expect(try await admin.post("/admin/audit/verification").location == "/admin/audit/seals")
        #expect(try await admin.get("/admin/audit/seals").text.contains("unversehrt"))
        try log.superuser("update app.audit_line set action = 'x' where id = $1", [line])
        let verdict = try await admin.api(.post, "/admin/audit/verification", "{}")
        #expect(verdict.status == 200 && (verdict.json?["finding"] as? [String: Any])?["line"] as? String == line)
        #expect(try await admin.get("/admin/audit/seals").text.contains("Eintrag \(line) wurde nach dem Versiegeln geändert"))
        #expect(try await admin.api(.get, "/admin/audit?action=audit.verified").json?["total"] as? Int == 2)
    }

    @Test("portico audit verify prints the head of a good chain and names the line of a broken one")
    func command() async throws {
        let log = try await SealedLog.fresh()
        let line = try await log.write()
        _ = try await log.seal()
        let slug = log.company.tenant.slug
        let good = try await log.verify()
        #expect(AuditCheck.text(good, log.company.tenant) == "ok    \(slug): 1 sealed, 0 waiting, head 1:\(good.head)")
        try log.superuser("update app.audit_line set action = 'x' where id = $1", [line])
        let bad = try await log.verify()
        #expect(AuditCheck.text(bad, log.company.tenant) == "WRONG \(slug): line \(line) (seal 1) was altered")
        #expect(try AuditCheck.json(bad, log.company.tenant).contains("\"result\":\"altered\""))
        for text in ["", "1", "0:" + good.head, "-1:" + good.head, "1:zz", "99999999999999999999:" + good.head] {
            #expect(NotedSeal(text) == nil)
        }
    }
}

/// A company's audit log with somebody who may do anything to it.
struct SealedLog: Sendable {
    let company: TestCompany
    let member: TestMember

    static func fresh() async throws -> SealedLog {
        let company = try await TestCompany.fresh()
        return SealedLog(company: company, member: try await company.member("admin"))
    }

    func insert(_ title: String, id: UUID = .v7()) -> SQL {
        """
        insert into app.audit_line(tenant_id, id, at, actor_id, action, entity, entity_id, before, after, address, request_id)
        values (\(company.tenant.id), \(id), \(Date()), \(member.id), 'fault.edited', 'fault', \(UUID.v7()),
                \(JSONBytes(Array("{\"title\": null}".utf8))), jsonb_build_object('title', \(title)::text), '192.0.2.1', 'r')
        """
    }

    /// Its id.
    func write() async throws -> String {
        let id = UUID.v7()
        try await company.walled.write { tx in _ = try await tx.execute(insert("kaputt – ü", id: id)) }
        return id.uuidString.lowercased()
    }

    private var worker: Walled { company.app.workerDatabase.tenant(TxFacts(tenant: company.tenant.id)) }

    func seal(portion: Int = 1_000) async throws -> Int {
        try await worker.write { tx in try await AuditSealer(tx, portion: portion).seal() }
    }

    func verify(portion: Int = 2_000, noted: NotedSeal? = nil) async throws -> AuditVerdict {
        try await worker.read { tx in try await AuditVerifier(tx, portion: portion).verify(noted: noted) }
    }

    /// As an intruder with every right, whom no foreign key stops.
    func superuser(_ sql: String, _ values: [String]) throws {
        let session = try AdminSession(url: try #require(TestDatabase.shared.adminURL), role: nil)
        defer { session.close() }
        try session.run("set session_replication_role = replica")
        try session.run(sql, values)
    }

    func superuserRows(_ sql: String) throws -> [String] {
        let session = try AdminSession(url: try #require(TestDatabase.shared.adminURL), role: nil)
        defer { session.close() }
        return try session.rows(sql).compactMap(\.first)
    }

    func forge(at moment: String, writtenXID: String = "pg_current_xact_id()::text::bigint") throws -> String {
        let id = UUID.v7().uuidString.lowercased()
        try superuser(
            """
            insert into app.audit_line(tenant_id, id, at, action, entity, written_xid)
            values (\(company.tenant.id), $1, \(moment), 'fault.closed', 'fault', \(writtenXID))
            """, [id])
        return id
    }
}
