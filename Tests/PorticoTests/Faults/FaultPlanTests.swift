import Foundation
import Testing
import Web

@testable import Database
@testable import Faults

private let plansURL = ProcessInfo.processInfo.environment["PORTICO_PLANS_DATABASE_URL"]

/// What the hot pages ask of a million faults of 200 companies (`Tests/Bench/lists.sql`), under the wall. `bin/test --only plans` makes
/// that database and names it in `PORTICO_PLANS_DATABASE_URL`.
@Suite(.enabled(if: plansURL != nil, "bin/test --only plans brings the database"))
struct FaultPlanTests {
    /// Faults of one company.
    static let own = 5_000
    private let now = Date()
    private let today = CalendarDate(Date(), in: .gmt)

    @Test("A page of the list looks at its own 21 faults, wherever it stands and whatever it is filtered by")
    func list() async throws {
        let house = try await PlanHouse.open(try #require(plansURL))
        let middle = UUID.v7(now: now.addingTimeInterval(-10_000 * 3600))
        for cursor in [Cursor.first, .after(middle), .before(middle)] {
            try await house.check(
                FaultLine.page(house.manager.condition(FaultFilter(), now: now, today: today), cursor, size: 20), most: 21)
        }
        let filters = [
            FaultFilter(category: "heating"), FaultFilter(building: house.building), FaultFilter(assignee: house.technician),
            FaultFilter(states: [.reported]), FaultFilter(states: FaultState.open), FaultFilter(overdue: true),
            FaultFilter(unassigned: true), FaultFilter(category: "heating", building: house.building),
            FaultFilter(due: now..<now.addingTimeInterval(86_400)),
            FaultFilter(
                category: "plumbing", unassigned: true,
                reported: now.addingTimeInterval(-60 * 86_400)..<now.addingTimeInterval(-30 * 86_400))
        ]
        for filter in filters {
            // A filter that hits little may look at all of the company's, never at another's.
            try await house.check(
                FaultLine.page(house.manager.condition(filter, now: now, today: today), .first, size: 20), most: Self.own)
        }
    }

    @Test("A word is looked up among one company's words")
    func words() async throws {
        let house = try await PlanHouse.open(try #require(plansURL))
        let condition = house.manager.condition(FaultFilter(words: "radiator"), now: now, today: today)
        try await house.check(FaultLine.page(condition, .first, size: 20), most: 1_100)
        // The hits are joined with the company's own.
        try await house.check(FaultLine.count(condition), most: Self.own + 1_100)
    }

    @Test("The board looks at its cards alone; counting looks at one company's faults")
    func board() async throws {
        let house = try await PlanHouse.open(try #require(plansURL))
        let condition = house.manager.condition(FaultFilter(), now: now, today: today)
        let columns = BoardLine.columns(condition, FaultState.open, size: 20, after: nil)
        try await house.check(columns, most: 21 * FaultState.open.count)
        try await house.check(StateCount.all(condition), most: Self.own)
        try await house.check(FaultLine.count(condition), most: Self.own)
    }

    @Test("A resident's and a technician's lists look at no other company's faults")
    func others() async throws {
        let house = try await PlanHouse.open(try #require(plansURL))
        for viewer in [house.resident, house.worker] {
            let condition = viewer.condition(FaultFilter(), now: now, today: today)
            try await house.check(FaultLine.page(condition, .first, size: 20), most: Self.own)
            try await house.check(FaultLine.count(condition), most: Self.own)
        }
    }

    @Test("A fault, by number or id, and those that resemble it, are found without a search")
    func one() async throws {
        let house = try await PlanHouse.open(try #require(plansURL))
        try await house.check(Fault.find(.id(house.fault), house.manager, today: today), most: 1)
        try await house.check(Fault.find(.number(house.number), house.manager, today: today), most: 1)
        try await house.check(FaultLine.similar(to: .id(house.fault), house.tenant), most: 300)
    }
}

/// One of the 200 companies, as its people look at it.
private struct PlanHouse {
    let walled: Walled
    let tenant: Int32
    let building, technician, fault: UUID
    let number: String
    let manager, resident, worker: FaultViewer

    static func open(_ url: String) async throws -> PlanHouse {
        let admin = ProcessInfo.processInfo.environment["PORTICO_PLANS_ADMIN_URL"]
        let session = try AdminSession(url: try #require(admin), role: nil)
        defer { session.close() }
        let rows = try session.rows(
            """
            select f.tenant_id, f.building_id, f.assignee_id, f.id, f.number, f.reporter_id from app.fault f
             where f.tenant_id = (select max(tenant_id) from app.fault) and f.assignee_id is not null order by f.id desc limit 1
            """)
        let parts = try #require(rows.first)
        try #require(parts.count == 6)
        let tenant = try #require(Int32(parts[0]))
        let ids = try (1..<6).filter { $0 != 4 }.map { try #require(UUID(uuidString: parts[$0])) }
        let database = Database(
            .init(url: url, role: "portico_app", size: 1, checkoutTimeout: .seconds(60)), ticketKey: TestDatabase.shared.key,
            logger: TestDatabase.quiet)
        func viewer(_ member: UUID, all: Bool = false, works: Bool = false) -> FaultViewer {
            FaultViewer(tenant: tenant, member: member, seesAll: all, manages: all, works: works, reports: !works)
        }
        return PlanHouse(
            walled: database.tenant(TxFacts(tenant: tenant, actor: nil, requestID: "test", address: nil, now: Date())),
            tenant: tenant, building: ids[0], technician: ids[1], fault: ids[2], number: parts[4],
            manager: viewer(ids[1], all: true), resident: viewer(ids[3]), worker: viewer(ids[1], works: true))
    }

    /// - Parameter most: faults that the statement may look at, those that it throws away included.
    func check<Output>(
        _ query: Query<Output>, most: Int, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let sql = try #require(query.sql)
        let plan = try await walled.read { tx in
            try await tx.values("explain (analyze, costs off, timing off, summary off) \(sql)", String.self)
        }
        let text = plan.joined(separator: "\n")
        let seen = TableScans(plan, of: ["fault", "search_faults"]).rows
        #expect(seen > 0 && seen <= most, "looks at \(seen) faults\n\(text)", sourceLocation: place)
    }
}
