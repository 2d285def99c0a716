import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Jobs
@testable import Platform
@testable import portico

@Suite("An operator enters a company only with a reason, for a while, and seen by its admins")
struct SupportEntryTests {
    @Test("Without a reason nobody is let in; what was typed comes back")
    func reason() async throws {
        let company = try await TestCompany.fresh()
        var one = try await TestOperator.signedIn()
        let path = "/companies/\(company.tenant.slug)"
        let answer = try await one.browser.post(
            "\(path)/entries", [("reason", "too short"), ("minutes", "60"), ("mode", "change")], on: path)
        #expect(answer.status == 422 && answer.text.contains("too short") && answer.text.contains("value=\"60\" selected"))
        for minutes in ["0", "61", "1440", "x"] {
            let answer = try await one.browser.post(
                "\(path)/entries", [("reason", "Ticket 4711, mails get lost"), ("minutes", minutes)], on: path)
            #expect(answer.status == 422, "\(minutes)")
        }
        #expect(try await company.count("app.support_entry") == 0)
        #expect(try await company.count("app.member") == 0)
    }

    @Test("The admins hear of it at once: a notice, a mail, a line of the audit log, a place in the list")
    func told() async throws {
        let company = try await TestCompany.fresh()
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager"))
        var one = try await TestOperator.signedIn("Ada Vogel")
        let entry = try await one.ask(company)
        let inbox = try await admin.get("/notifications").text
        #expect(inbox.contains("Ada Vogel") && inbox.contains("Ticket 4711, mails get lost"))
        #expect(try await company.count("app.delivery", "member_id = \(admin.id) and kind = 'support.asked' and urgent") == 1)
        #expect(try await company.count("app.notification", "member_id = \(manager.id)") == 0)
        #expect(try await company.count("app.audit_line", "actor_id = \(entry) and action = 'support.asked'") == 1)
        let list = try await admin.api(.get, "/admin/support")
        let item = try #require((list.json?["items"] as? [[String: Any]])?.first, "\(list.text)")
        #expect(item["name"] as? String == "Ada Vogel" && item["open"] as? Bool == true && item["mode"] as? String == "look")
        #expect(try await admin.get("/admin/support").text.contains("Ticket 4711, mails get lost"))
        #expect(try await admin.get("/admin/support.csv").text.contains("Ada Vogel"))
        #expect(try await manager.api(.get, "/admin/support").status == 403)
        #expect(try await manager.api(.post, "/admin/support/\(entry.text)/revocation", "{}").status == 403)
        #expect(try await one.logged("entry.asked") == 1)
    }

    @Test("The link works once, for who asked, within five minutes, at that company; looking at it uses nothing up")
    func link() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        var one = try await TestOperator.signedIn()
        var colleague = try await TestOperator.signedIn("Bo Lind")
        let entry = try await one.ask(company)
        #expect(try await colleague.link(entry, company) == nil)
        let path = try #require(try await one.link(entry, company))
        var elsewhere = HostBrowser(app: company.app, host: other.host)
        #expect(try await elsewhere.get(path).status == 404)
        var inside = HostBrowser(app: company.app, host: company.host)
        #expect(try await inside.get(String(path.dropLast()) + (path.hasSuffix("A") ? "E" : "A")).status == 404)
        for _ in 1...3 { #expect(try await inside.get(path).status == 200) }
        #expect(try await inside.post(path).location == "/dashboard")
        var second = HostBrowser(app: company.app, host: company.host)
        #expect(try await second.get(path).status == 404)
        #expect(try await one.link(entry, company) == nil)
        // Asked for six minutes ago.
        let late = UUID.v7()
        _ = try await company.walled.write { tx in
            _ = try await tx.execute(
                """
                insert into app.member(tenant_id, id, email, name, roles, disabled_at)
                values (\(company.tenant.id), \(late), \("\(late.text)@platform.invalid"), 'Late', array['platform:look'], now())
                """)
            return try await tx.execute(
                """
                insert into app.support_entry(tenant_id, id, operator, name, reason, mode, asked_at, expires_at)
                values (\(company.tenant.id), \(late), \(one.id), 'Late', 'For the test', 'look', now() - interval '6 minutes',
                        now() + interval '10 minutes')
                """)
        }
        let token = EntryLink.token(late, company.tenant.id, company.app.house.secret)
        #expect(try await second.get("/support/\(late.text)/\(token)").status == 404)
        #expect(try await one.link(late, company) == nil)
    }

    @Test("Inside, the person is marked, looks at what there is, changes nothing, and has no business with personal pages")
    func looks() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        var one = try await TestOperator.signedIn()
        var (inside, entry) = try await one.enter(company)
        let home = try await inside.get("/dashboard")
        #expect(home.status == 200 && home.text.contains("you may only look") && home.text.contains("Ada Vogel (Portico)"))
        for path in [
            "/faults", "/faults/\(fault.id)", "/people", "/buildings", "/admin/jobs", "/admin/audit", "/search?q=heizung"
        ] {
            #expect(try await inside.get(path).status == 200, "\(path)")
        }
        for path in ["/account", "/account/security", "/account/tokens", "/account/sessions", "/delegations", "/account/prove"] {
            #expect(try await inside.get(path).status == 403, "\(path)")
        }
        for path in ["/faults/\(fault.id)/assign", "/admin/jobs/\(UUID().text)/replay", "/admin/support/\(entry.text)/revocation"]
        {
            #expect(try await inside.post(path, on: "/faults").status == 403, "\(path)")
        }
        for path in ["/account", "/account/tokens", "/admin/invitations", "/notifications/read"] {
            #expect(try await inside.post(path, on: "/faults").status == 403, "\(path)")
        }
        #expect(try await company.count("app.fault", "version > 1") == 0)
        // What they take along is on record as theirs.
        #expect(try await inside.get("/admin/deliveries.csv").status == 200)
        #expect(try await company.count("app.audit_line", "actor_id = \(entry) and action = 'deliveries.exported'") == 1)
        // They are none of the company's people: nobody can be told, asked or given work.
        #expect(try await company.count("app.member", "id = \(entry) and disabled_at is not null and password_hash is null") == 1)
    }

    @Test("With leave to change the person works as the office does, but lets nobody in; every line bears the entry")
    func changes() async throws {
        let company = try await TestCompany.fresh()
        let fault = try await TestFault.reported(in: company)
        let admin = try await company.member("admin")
        var one = try await TestOperator.signedIn()
        var (inside, entry) = try await one.enter(company, mode: "change")
        #expect(try await inside.get("/dashboard").text.contains("look and change"))
        let comment = try await inside.post(
            "/faults/\(fault.id)/cancel", [("reason", "Reported twice")], on: "/faults/\(fault.id)")
        #expect(comment.status == 303, "\(comment.status)")
        #expect(try await company.count("app.audit_line", "actor_id = \(entry) and entity = 'fault'") == 1)
        let invited = try await inside.post(
            "/admin/invitations", [("email", "friend@example.test"), ("roles", "admin")], on: "/faults")
        #expect(invited.status == 403)
        #expect(try await inside.post("/admin/support/\(entry.text)/revocation", on: "/faults").status == 403)
        #expect(try await admin.get("/admin/audit?actor=\(entry.text)").text.contains("Ada Vogel (Portico)"))
    }

    @Test("An admin ends it: the person is out at the next request, and does not come back")
    func endedByAdmin() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin", name: "Ines Admin")
        var one = try await TestOperator.signedIn()
        var (inside, entry) = try await one.enter(company)
        #expect(try await inside.get("/faults").status == 200)
        #expect(try await admin.post("/admin/support/\(entry.text)/revocation").location == "/admin/support")
        #expect(try await inside.get("/faults").location?.hasPrefix("/login") == true)
        #expect(try await one.link(entry, company) == nil)
        let item = (try await admin.api(.get, "/admin/support").json?["items"] as? [[String: Any]])?.first
        #expect(item?["open"] as? Bool == false && item?["endedHow"] as? String == "admin")
        #expect(item?["endedBy"] as? String == "Ines Admin")
        // Twice is once.
        #expect(try await admin.api(.post, "/admin/support/\(entry.text)/revocation", "{}").status == 204)
        #expect(try await company.count("app.audit_line", "action = 'support.ended'") == 1)
        #expect(try await admin.api(.post, "/admin/support/\(UUID().text)/revocation", "{}").status == 404)
    }

    @Test("The operator ends it at the platform, or by signing out of the company")
    func endedByOperator() async throws {
        let company = try await TestCompany.fresh()
        var one = try await TestOperator.signedIn()
        let page = "/companies/\(company.tenant.slug)"
        var (inside, entry) = try await one.enter(company)
        let path = "\(page)/entries/\(entry.text)"
        #expect(try await one.browser.post("\(path)/revocation", on: path).location == page)
        #expect(try await inside.get("/faults").location?.hasPrefix("/login") == true)
        var (again, second) = try await one.enter(company)
        #expect(try await again.post("/logout", on: "/dashboard").location == "/login")
        try await company.drainJobs()
        let ways = "id = any(\([entry, second])) and ended_how = 'operator'" as SQL
        #expect(try await company.count("app.support_entry", ways) == 2)
    }

    @Test("When its time is over it is over, whether or not a worker runs; the worker notes it")
    func time() async throws {
        let company = try await TestCompany.fresh()
        var one = try await TestOperator.signedIn()
        var (inside, entry) = try await one.enter(company)
        let life = try await company.walled.read(
            Query.value(
                """
                select extract(epoch from max(s.expires_at - e.expires_at))::bigint from app.session s
                  join app.support_entry e on e.tenant_id = s.tenant_id and e.id = s.member_id where s.tenant_id = \(company.tenant.id)
                """, Int.self))
        #expect(life == 0)
        _ = try await company.walled.write { tx in
            try await tx.execute(
                """
                update app.session set expires_at = now() - interval '1 second'
                 where tenant_id = \(company.tenant.id) and member_id = \(entry)
                """)
        }
        #expect(try await inside.get("/faults").location?.hasPrefix("/login") == true)
        _ = try await company.app.worker().drain(tenant: company.tenant.id, asOf: Date().addingTimeInterval(1_801))
        #expect(try await company.count("app.support_entry", "id = \(entry) and ended_how = 'time'") == 1)
        #expect(try await company.count("app.audit_line", "action = 'support.ended' and on_behalf_of = \(entry)") == 1)
    }

    @Test("No role of a company's file can make somebody a person of the platform")
    func role() async throws {
        await #expect(throws: (any Error).self) {
            try await TestCompany.fresh { $0.replacing("  admin:\n", with: "  platform:change:\n") }
        }
        let company = try await TestCompany.fresh()
        let member = try await company.member("platform:look")
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set roles = array['platform:look', 'resident'] where tenant_id = \(company.tenant.id) and id = \(member.id)"
            )
        }
        #expect(try await member.api(.get, "/people").status == 403)
    }
}
