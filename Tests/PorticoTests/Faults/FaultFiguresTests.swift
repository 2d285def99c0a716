import Foundation
import HTTPTypes
import Testing

@testable import Database
@testable import Faults

@Suite("Dashboards")
struct FaultFiguresTests {
    private func chart(_ answer: TestAnswer, _ id: String) -> [[String: Any]] {
        let charts = answer.json?["charts"] as? [[String: Any]] ?? []
        return charts.first { $0["id"] as? String == id }?["rows"] as? [[String: Any]] ?? []
    }

    private func values(_ answer: TestAnswer, _ id: String) -> [String: [Double?]] {
        Dictionary(
            chart(answer, id).map { ($0["label"] as? String ?? "", ($0["values"] as? [Any] ?? []).map { $0 as? Double }) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("A manager sees what is open by state, age and category, what is late, and how long things took by building")
    func manager() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        try await stock.add(state: "reported", category: "plumbing", hoursAgo: 2, dueIn: 5)
        try await stock.add(state: "assigned", category: "plumbing", hoursAgo: 40, dueIn: -1, acted: 1)
        try await stock.add(state: "resolved", category: "heating", hoursAgo: 100, dueIn: 0, acted: 3, resolved: 10)
        try await stock.add(state: "closed", category: "heating", hoursAgo: 900, dueIn: 0, acted: 5, resolved: 20)
        let answer = try await manager.api(.get, "/dashboard")
        let states = values(answer, "by-state")
        #expect(
            states["Gemeldet"] == [1] && states["Zugewiesen"] == [1] && states["Erledigt"] == [1] && states["In Arbeit"] == [0])
        let ages = values(answer, "by-age")
        #expect(ages["Weniger als ein Tag"] == [1] && ages["1 bis 3 Tage"] == [1] && ages["3 bis 7 Tage"] == [0])
        #expect(values(answer, "by-category") == ["Sanitär": [1, 1]])
        let first = values(answer, "first-act")
        #expect(first["Alle Gebäude"]?[0] == 3 * 3600 && first.count == 2)
        #expect(values(answer, "resolution")["Alle Gebäude"] == [15 * 3600, 19 * 3600])
        let page = try await manager.get("/dashboard").text
        #expect(page.contains("<title id=\"by-age-title\">") && page.contains("href=\"/faults?state=open&amp;age=1-3\""))
        #expect(try await manager.api(.get, "/faults?state=open&age=1-3").json?["total"] as? Int == 1)
        #expect(try await manager.api(.get, "/faults?age=30").json?["total"] as? Int == 1)
        #expect(try await manager.get("/faults?age=1-3").text.contains("1 bis 3 Tage"))
    }

    @Test(
        "A technician sees the own load and what was done per week; a resident the own reports that are not finished; nobody more"
    )
    func others() async throws {
        let company = try await TestCompany.fresh()
        let technician = try await company.member("technician")
        let stock = try await FaultStock.fresh(company)
        try await stock.add(state: "assigned", category: "plumbing", hoursAgo: 2, dueIn: 5, acted: 1, by: technician)
        try await stock.add(
            state: "resolved", category: "plumbing", hoursAgo: 50, dueIn: 5, acted: 1, resolved: 49, by: technician)
        try await stock.add(state: "reported", category: "plumbing", hoursAgo: 2, dueIn: 5)
        let work = try await technician.api(.get, "/dashboard")
        #expect(values(work, "by-state")["Zugewiesen"] == [1] && values(work, "by-state")["Gemeldet"] == [0])
        let weeks = chart(work, "done").compactMap { ($0["values"] as? [Any])?.first as? Double }
        #expect(weeks.count == 8 && weeks.reduce(0, +) == 1)
        let resident = try await stock.reporter.api(.get, "/dashboard")
        #expect(values(resident, "by-state")["Gemeldet"] == [1] && chart(resident, "by-age").isEmpty)
        let stranger = try await company.member("resident").api(.get, "/dashboard")
        #expect((stranger.json?["charts"] as? [Any])?.isEmpty == true)
        let patient = FaultStock(company: company, home: stock.home, reporter: try await company.member("resident"))
        try await patient.add(state: "closed", category: "heating", hoursAgo: 900, dueIn: 0, acted: 5, resolved: 20)
        let content = try await patient.reporter.api(.get, "/dashboard")
        #expect((content.json?["charts"] as? [Any])?.isEmpty == true, "no drawing of zeros")
    }

    @Test("With 5,000 faults per company the dashboard and the report are quick and look at no other company's rows")
    func plans() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let stock = try await FaultStock.fresh(company)
        try await stock.addMany(5_000)
        try await FaultStock.fresh(try await TestCompany.fresh()).addMany(5_000)
        let session = try AdminSession(url: try #require(TestDatabase.shared.adminURL), role: nil)
        try session.run("analyze app.fault")
        try session.run("analyze app.fault_entry")
        session.close()
        let (tenant, now, zone) = (company.tenant.id, Date(), company.tenant.timeZone)
        let (from, until) = (now.addingTimeInterval(-90 * 86_400), now)
        let condition: SQL = "f.tenant_id = \(tenant)"
        let statements: [SQL?] = [
            FaultTally.all(condition, now: now).sql,
            FaultTally.states("f.tenant_id = \(tenant) and f.reporter_id = \(manager.id)").sql,
            ResponseTimes.all(tenant, from: from, until: until).sql, LongOpen.at(now, tenant).sql,
            WeekCount.resolved(tenant, by: manager.id, since: from, in: zone).sql,
            ReportCount.all(tenant, from: from, until: until, in: zone).sql,
            ReportFacts.all(tenant, from: from, until: until, now: now).sql
        ]
        for sql in statements.compactMap(\.self) {
            // A sequential scan then shows only where no index could lead to the company's own rows.
            let plan = try await company.walled.read { tx in
                _ = try await tx.execute("set local enable_seqscan = off")
                return try await tx.values("explain \(sql)", String.self)
            }
            #expect(!plan.contains { $0.contains("Seq Scan on fault") }, "\(plan.joined(separator: "\n"))")
        }
        let month = ReportMonth(CalendarDate(now, in: zone)).text
        for path in ["/dashboard", "/reports/\(month)"] {
            _ = try await manager.get(path)
            let start = ContinuousClock.now
            #expect(try await manager.get(path).status == 200)
            let time = ContinuousClock.now - start
            #expect(time < .seconds(2), "\(path) took \(time)")
        }
    }
}

/// Faults put into a company as they would stand after their time.
struct FaultStock: Sendable {
    let company: TestCompany
    let home: TestHome
    let reporter: TestMember

    static func fresh(_ company: TestCompany) async throws -> FaultStock {
        FaultStock(company: company, home: try await company.home(), reporter: try await company.member("resident"))
    }

    /// Hours of `acted` and `resolved` are counted from the report on.
    func add(
        state: String, category: String, hoursAgo: Double, dueIn: Double, acted: Double? = nil, resolved: Double? = nil,
        by member: TestMember? = nil, now: Date = Date()
    ) async throws {
        let whole = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let (id, reported) = (UUID.v7(), whole.addingTimeInterval(-hoursAgo * 3600))
        let end = resolved.map { reported.addingTimeInterval($0 * 3600) }
        let worker = acted == nil ? nil : (member ?? reporter).id
        try await company.walled.write { tx in
            _ = try await tx.execute(
                """
                insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, reporter_id,
                                      assignee_id, resolution, reported_at, due_at, state_at, resolved_at, closed_at)
                values (\(company.tenant.id), \(id), \(id.uuidString), 't', 'd', \(category), 'normal', \(state), \(home.building),
                        \(reporter.id), \(worker), \(end == nil ? nil : "r"), \(reported), \(now.addingTimeInterval(dueIn * 3600)),
                        \(end ?? reported), \(end), \(state == "closed" ? end : nil))
                """)
            var steps: [(String, String, Date)] = [("reported", "reported", reported)]
            if let acted { steps.append(("assigned", "assigned", reported.addingTimeInterval(acted * 3600))) }
            if let end { steps.append(("resolved", "resolved", end)) }
            if state == "closed", let end { steps.append(("confirmed", "closed", end)) }
            for (kind, to, at) in steps {
                _ = try await tx.execute(
                    """
                    insert into app.fault_entry(tenant_id, id, fault_id, at, actor_id, kind, to_state)
                    values (\(company.tenant.id), \(UUID.v7()), \(id), \(at), \(worker ?? reporter.id), \(kind), \(to))
                    """)
            }
        }
    }

    /// Closed but for every fiftieth, over eighteen months, with four entries each; in portions, because of the statement timeout.
    func addMany(_ count: Int) async throws {
        for start in stride(from: 1, through: count, by: 500) {
            _ = try await company.walled.write { tx in try await tx.execute(portion(start, min(start + 499, count))) }
        }
    }

    private func portion(_ first: Int, _ last: Int) -> SQL {
        """
        with new as (
          insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, reporter_id,
                                assignee_id, resolution, reported_at, due_at, state_at, resolved_at, closed_at)
          select \(company.tenant.id), gen_random_uuid(), 'N-' || i, 't', 'd', (array['plumbing', 'heating', 'other'])[i % 3 + 1],
                 'normal', case when i % 50 = 0 then 'assigned' else 'closed' end, \(home.building), \(reporter.id),
                 \(reporter.id), 'r', t.at, t.at + interval '2 days', t.at, t.at + interval '1 day', t.at + interval '2 days'
            from generate_series(\(first), \(last)) i, lateral (select now() - i * interval '2.6 hours' as at) t
          returning tenant_id, id, reported_at, reporter_id)
        insert into app.fault_entry(tenant_id, id, fault_id, at, actor_id, kind, to_state)
        select f.tenant_id, gen_random_uuid(), f.id, f.reported_at + s.n * interval '8 hours', f.reporter_id, s.kind, s.state
          from new f, (values (0, 'reported', 'reported'), (1, 'assigned', 'assigned'), (2, 'started', 'in_progress'),
                              (3, 'resolved', 'resolved')) s(n, kind, state)
        """
    }
}
