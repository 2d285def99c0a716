import Database
import Foundation

/// The bench company's rows: 12 buildings with 400 units and 1,200 faults, as the demo companies have them.
struct BenchRows: Sendable {
    static let faults = 1_200
    static let manager = "manager@bench.test"
    /// Without a second factor, so that one request signs them in.
    static let technician = "person-1@bench.test"
    private let tenant: Int32
    private let buildings = (0..<12).map { _ in UUID.v7() }
    private let units = (0..<400).map { _ in UUID.v7() }
    private let people = (0..<40).map { _ in UUID.v7() }
    private let now = Date()

    init(tenant: Int32) {
        self.tenant = tenant
    }

    /// Inserts the rows unless an earlier run has.
    ///
    /// - Returns: the manager's id.
    static func ensure(_ walled: Walled) async throws -> UUID {
        let tenant = walled.facts.tenant
        let known = try await walled.read(
            Query.firstValue("select id from app.member where tenant_id = \(tenant) and email = \(manager)", UUID.self))
        if let known { return known }
        let rows = BenchRows(tenant: tenant)
        try await walled.write { tx in try await rows.insert(tx) }
        return rows.people[0]
    }

    private func insert(_ tx: Tx) async throws {
        _ = try await tx.batch(
            Query.execute(members), Query.execute(homes), Query.execute(flats), Query.execute(reports), Query.execute(notices))
    }

    /// One manager, eight technicians, residents.
    private var members: SQL {
        let emails = people.indices.map { $0 == 0 ? Self.manager : "person-\($0)@bench.test" }
        let names = people.indices.map { "\(Self.given[$0 % Self.given.count]) \(Self.family[$0 % Self.family.count])" }
        let roles = people.indices.map { $0 == 0 ? "manager" : $0 < 9 ? "technician" : "resident" }
        return """
            insert into app.member(tenant_id, id, email, name, roles)
            select \(tenant), m.id, m.email, m.name, array[m.role]
              from unnest(\(people), \(emails), \(names), \(roles)) as m(id, email, name, role)
            """
    }

    private var homes: SQL {
        let names = buildings.indices.map { "\(Self.streets[$0 % Self.streets.count]) \($0 + 1)" }
        return """
            insert into app.building(tenant_id, id, name, street, postal_code, city)
            select \(tenant), b.id, b.name, b.name, '10115', 'Berlin' from unnest(\(buildings), \(names)) as b(id, name)
            """
    }

    private var flats: SQL {
        let homes = units.indices.map { buildings[$0 % buildings.count] }
        let labels = units.indices.map { "Apartment \($0 / buildings.count + 1)" }
        return """
            insert into app.unit(tenant_id, id, building_id, label)
            select \(tenant), u.id, u.building, u.label from unnest(\(units), \(homes), \(labels)) as u(id, building, label)
            """
    }

    private var reports: SQL {
        let all = Array(0..<Self.faults)
        let states = ["reported", "assigned", "in_progress", "on_hold", "resolved", "closed"]
        let days = all.map { now.addingTimeInterval(Double($0 - Self.faults) * 3600) }
        return """
            insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id, reporter_id,
                                  assignee_id, resolution, reported_at, due_at, state_at, resolved_at, closed_at)
            select \(tenant), f.id, f.number, f.title, f.title, f.category, f.priority, f.state, f.building, f.unit, f.reporter,
                   case when f.state <> 'reported' then f.assignee end,
                   case when f.state in ('resolved', 'closed') then 'Repaired' end, f.at, f.at + interval '2 days', f.at,
                   case when f.state in ('resolved', 'closed') then f.at end, case when f.state = 'closed' then f.at end
              from unnest(\(all.map { UUID.v7(now: days[$0]) }), \(all.map { "F-2026-" + String(format: "%04d", $0 + 1) }),
                          \(all.map { Self.titles[$0 % Self.titles.count] }), \(all.map { Self.categories[$0 % Self.categories.count] }),
                          \(all.map { ["normal", "high", "low", "urgent"][$0 % 4] }), \(all.map { states[$0 % states.count] }),
                          \(all.map { buildings[$0 % units.count % buildings.count] }), \(all.map { units[$0 % units.count] }),
                          \(all.map { people[9 + $0 % 31] }), \(all.map { people[1 + $0 % 8] }), \(days))
                   as f(id, number, title, category, priority, state, building, unit, reporter, assignee, at)
            """
    }

    /// Three unread ones, so that the bell has something to count.
    private var notices: SQL {
        """
        insert into app.notification(tenant_id, id, member_id, kind, path, facts, dedupe_key)
        select \(tenant), n.id, \(people[0]), 'FaultReported', '/faults', '{}', n.id::text from unnest(\((0..<3).map { _ in UUID.v7() })) as n(id)
        """
    }

    private static let given = ["Maria", "Jan", "Aylin", "Tom", "Ines", "Paul", "Sofia", "Emre"]
    private static let family = ["Kern", "Weber", "Demir", "Novak", "Brandt"]
    private static let streets = ["Lindenstraße", "Parkallee", "Am Markt", "Hafenweg"]
    private static let categories = [
        "plumbing", "heating", "electrical", "elevator", "structural", "common_area", "security", "cleaning"
    ]
    private static let titles = [
        "Water dripping from the ceiling in the bathroom", "Lift stops between 2nd and 3rd floor",
        "No hot water since yesterday evening",
        "Broken window handle", "Stairwell light flickers", "Door lock sticks when it is cold", "Graffiti at the entrance",
        "Drain in the kitchen smells & gurgles"
    ]
}
