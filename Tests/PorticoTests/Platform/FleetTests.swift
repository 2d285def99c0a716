import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Jobs
@testable import Platform
@testable import portico

@Suite("Operators see how all companies are doing, and nothing of what they keep")
struct FleetTests {
    @Test("The list says how each company is doing; the search finds it; the file has the same figures")
    func list() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Canary Person")
        _ = try await TestFault.reported(in: company)
        _ = try await manager.get("/faults")
        _ = try await company.parkedJob()
        var one = try await TestOperator.signedIn()
        let slug = company.tenant.slug
        let page = try await one.browser.get("/companies?q=\(slug)")
        #expect(page.status == 200 && page.text.contains("/companies/\(slug)") && page.text.contains("1 parked"))
        #expect(page.text.contains("Needs a look") && !page.text.contains("Canary Person") && !page.text.contains("Heizung"))
        let csv = try await one.browser.get("/companies.csv?q=\(slug)").text
        let cells = try #require(csv.split(separator: "\r\n").last).split(separator: ",", omittingEmptySubsequences: false)
        #expect(cells[0] == slug && cells[4] == "2" && cells[9] == "1", "\(csv)")
        #expect(try await one.logged("companies.exported") == 1)
        #expect(try await one.browser.get("/companies?q=no-company-is-called-so").text.contains("No company fits"))
        #expect(try await one.browser.get("/companies/no-such-company").status == 404)
    }

    @Test("Pages follow each other by slug and lead back")
    func pages() async throws {
        for _ in 1...3 { _ = try await TestCompany.fresh() }
        var one = try await TestOperator.signedIn()
        var (path, seen) = ("/companies?limit=2", [String]())
        for _ in 1...2 {
            let text = try await one.browser.get(path).text
            seen += text.matches(of: /<th scope="row"><a class="title" href="\/companies\/([^"]+)"/).map { String($0.1) }
            path = try #require(text.firstMatch(of: /rel="next" href="([^"]+)"/).map { String($0.1) }).replacing(
                "&amp;", with: "&")
        }
        #expect(seen.count == 4 && seen == seen.sorted() && Set(seen).count == 4)
        let third = try await one.browser.get(path).text
        let back = try #require(third.firstMatch(of: /rel="prev" href="([^"]+)"/).map { String($0.1) })
        let second = try await one.browser.get(back.replacing("&amp;", with: "&")).text
        #expect(second.contains("/companies/\(seen[2])\"") && second.contains("/companies/\(seen[3])\""))
    }

    @Test("Parked jobs of all companies stand in one list with their errors, and run again or are discarded from there")
    func jobs() async throws {
        let (a, b) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (first, second) = (try await a.parkedJob("Canary A: line 1"), try await b.parkedJob("Canary B"))
        var one = try await TestOperator.signedIn()
        let page = try await one.browser.get("/jobs").text
        #expect(page.contains(first.text) && page.contains(second.text))
        #expect(page.contains("Canary A: line 1") && page.contains("Canary B"))
        let only = try await one.browser.get("/jobs?company=\(a.tenant.slug)&state=parked").text
        #expect(only.contains(first.text) && !only.contains(second.text))
        // A job of another company is not to be reached through this one.
        #expect(try await one.browser.post("/jobs/\(a.tenant.slug)/\(second.text)/replay", on: "/jobs").status == 404)
        #expect(try await one.browser.post("/jobs/\(a.tenant.slug)/\(first.text)/replay", on: "/jobs").location == "/jobs")
        #expect(try await one.browser.post("/jobs/\(b.tenant.slug)/\(second.text)/discard", on: "/jobs").location == "/jobs")
        #expect(try await a.count("jobs.queue", "id = \(first) and state = 'queued' and attempt = 0") == 1)
        #expect(try await b.count("jobs.queue", "id = \(second) and state = 'discarded'") == 1)
        #expect(try await a.count("app.audit_line", "action = 'job.replayed' and via = 'platform' and entity_id = \(first)") == 1)
        let admin = try await a.member("admin")
        #expect(try await admin.get("/admin/audit").text.contains("Ein Betreiber der Plattform"))
        #expect(try await one.logged("job.replayed") == 2)
        #expect(try await one.logged("job.discarded") == 1)
    }

    @Test("Messages that were given up are seen without addresses, and sent again")
    func mail() async throws {
        let company = try await TestCompany.fresh()
        let id = UUID.v7()
        _ = try await company.walled.write { tx in
            try await tx.execute(
                """
                insert into app.delivery(tenant_id, id, channel, mode, kind, address, facts, dedupe_key, state, reason, tries, due_at,
                                         created_at, settled_at)
                values (\(company.tenant.id), \(id), 'mail', 'now', 'welcome', 'canary@mail.example', '{"secret": "canary-fact"}',
                        'x', 'parked', 'undeliverable', 3, now(), now(), now())
                """)
        }
        var one = try await TestOperator.signedIn()
        let page = try await one.browser.get("/mail?company=\(company.tenant.slug)").text
        #expect(
            page.contains("mail.example") && page.contains("welcome") && !page.contains("canary@")
                && !page.contains("canary-fact"))
        #expect(try await one.browser.get("/mail").text.contains(id.text))
        let path = "/mail/\(company.tenant.slug)/\(id.text)/retry"
        #expect(try await one.browser.post(path, on: "/mail").location == "/mail")
        #expect(try await company.count("app.delivery", "id = \(id) and state = 'queued'") == 1)
        #expect(try await company.count("app.audit_line", "action = 'delivery.retried' and via = 'platform'") == 1)
        #expect(try await one.browser.post(path, on: "/mail").status == 404)
    }

    @Test("A schedule that did not run when it should is named, with the company that waits")
    func schedules() async throws {
        let company = try await TestCompany.fresh()
        let name = "test.\(company.tenant.slug)"
        try await company.app.workerDatabase.withoutTenant { tx in
            _ = try await tx.execute(
                """
                insert into jobs.schedule(name, tenant_id, next_at, last_at)
                values (\(name), \(company.tenant.id), now() - interval '1 hour', now() - interval '1 day'),
                       (\("\(name)-fine"), \(company.tenant.id), now() + interval '1 hour', now())
                """)
        }
        var one = try await TestOperator.signedIn()
        let rows = try await one.browser.get("/schedules").text.components(separatedBy: "<tr>")
        let late = try #require(rows.first { $0.contains("\(name)<") })
        #expect(late.contains("1 overdue") && late.contains(company.tenant.slug))
        #expect(rows.first { $0.contains("\(name)-fine") }?.contains("On time") == true)
        try await company.app.workerDatabase.withoutTenant { tx in
            _ = try await tx.execute("delete from jobs.schedule where tenant_id = \(company.tenant.id)")
        }
    }

    @Test("Everything operators do stands in their log, company by company")
    func log() async throws {
        let company = try await TestCompany.fresh()
        var one = try await TestOperator.signedIn("Log Person")
        _ = try await one.ask(company)
        let page = try await one.browser.get("/log?company=\(company.tenant.slug)").text
        #expect(page.contains("Asked to enter") && page.contains("Log Person") && page.contains("Ticket 4711, mails get lost"))
        let all = try await one.browser.get("/log?limit=100").text
        #expect(all.contains("Signed in"))
        #expect(try await one.browser.get("/log.csv?company=\(company.tenant.slug)").text.contains("entry.asked"))
    }
}
